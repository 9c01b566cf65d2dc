using TiFerry.Sync.Source;

namespace TiFerry.Migration.Meta;

/// <summary>What a task is doing.</summary>
public enum TaskStage
{
    /// <summary>Copying.</summary>
    Copy,

    /// <summary>Following the binlog.</summary>
    Follow,

    /// <summary>Done.</summary>
    Done,
}

/// <summary>The row of a task in <c>task</c>: what it is about, which must not change between runs, and its stage.</summary>
/// <param name="Source">The source's identity: its server UUID, or server id and address.</param>
/// <param name="Mode">What was asked for.</param>
/// <param name="Filter">The table filter's patterns, one a line.</param>
/// <param name="Stage">What it is doing.</param>
/// <param name="Slots">The most writing sessions that any run had.</param>
/// <param name="Start">Where the source's binlog stood before anything was read; null where the source writes none.</param>
public sealed record TaskRecord(string Source, MigrationMode Mode, string Filter, TaskStage Stage, int Slots, SourcePosition? Start)
{
    /// <summary>The rules that say which rows go where, in a fixed form; empty where there are none.</summary>
    public string Rules { get; init; } = "";

    /// <summary>The <see cref="MigrationOptions.StartTimeId"/> that was obeyed last; empty where none was.</summary>
    public string StartTimeId { get; init; } = "";

    /// <summary>
    /// Whether each table is copied in one snapshot and its changes are applied once and in order, because the source logged partial row images when the task began.
    /// </summary>
    public bool IsInOrder { get; init; }
}
