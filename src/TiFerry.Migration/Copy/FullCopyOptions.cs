using TiFerry.Core.Filters;
using TiFerry.Migration.Meta;
using TiFerry.Migration.Routes;
using TiFerry.MySql;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;

namespace TiFerry.Migration.Copy;

/// <summary>What a full copy needs to know.</summary>
internal sealed record FullCopyOptions
{
    /// <summary>The source.</summary>
    public required MySqlConnectionOptions Source { get; init; }

    /// <summary>The target's sessions.</summary>
    public required TargetSlots Slots { get; init; }

    /// <summary>The meta schema's tables.</summary>
    public required MetaStore Meta { get; init; }

    /// <summary>Where the definitions of the source's tables are kept, for following them by the names of their columns.</summary>
    public required CheckpointStore Checkpoints { get; init; }

    /// <summary>Which tables to carry.</summary>
    public required ITableSelector Filter { get; init; }

    /// <summary>Where objects go.</summary>
    public required TargetNames Names { get; init; }

    /// <summary>What other sources of the task write to.</summary>
    public required SharedTargets Shared { get; init; }

    /// <summary>How many chunks are copied at once.</summary>
    public required int Threads { get; init; }

    /// <summary>Rows in a chunk.</summary>
    public required int ChunkRows { get; init; }

    /// <summary>The id that the source knows the binlog reader by.</summary>
    public required uint ServerId { get; init; }

    /// <summary>How long faults that may pass are tolerated without any progress in between.</summary>
    public required TimeSpan Patience { get; init; }

    /// <summary>The relay log that the binlog is read from; null for the source.</summary>
    public RelayEvents? Events { get; init; }

    /// <summary>The schema that holds the checkpoints; never copied.</summary>
    public required string MetaSchema { get; init; }
}
