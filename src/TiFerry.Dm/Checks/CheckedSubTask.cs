using TiFerry.Dm.Config.Tasks;
using TiFerry.Migration;

namespace TiFerry.Dm.Checks;

/// <summary>One source of a task, as the checks look at it.</summary>
public sealed record CheckedSubTask
{
    /// <summary>The source's id.</summary>
    public required string SourceId { get; init; }

    /// <summary>Both sides, the rules, the start position.</summary>
    public required MigrationOptions Options { get; init; }

    /// <summary>Whether the source is dumped into files.</summary>
    public bool DumpsFiles { get; init; }

    /// <summary>Whether what the target knows of the task is removed before it starts (<c>--remove-meta</c>).</summary>
    public bool BeginsAnew { get; init; }

    /// <summary>Whether files are loaded into the target.</summary>
    public bool LoadsFiles { get; init; }

    /// <summary>Sessions that read the source at once.</summary>
    public int DumpThreads { get; init; } = 4;

    /// <summary>Sessions that load the target at once.</summary>
    public int LoadThreads { get; init; } = 16;

    /// <summary>How a dump into files gets consistent: <c>auto</c>, <c>flush</c>, <c>lock</c>, <c>snapshot</c> or <c>none</c>.</summary>
    public string Consistency { get; init; } = "auto";

    /// <summary>Whether <c>enable-gtid</c> of the source asks for GTIDs.</summary>
    public bool NeedsGtid { get; init; }

    /// <summary>Whether a relay log stands between, so that the start position need not be on the source any more.</summary>
    public bool UsesRelay { get; init; }

    /// <summary>Where following begins, which wins over a checkpoint; null where no time was given.</summary>
    internal StartTime? StartTime { get; init; }

    /// <summary>Whether tables are copied, by whichever way.</summary>
    internal bool CopiesTables => DumpsFiles || (!LoadsFiles && Options.Mode != MigrationMode.Incremental);

    /// <summary>Whether the binlog is read. A copy in chunks needs it too: it is only right with the changes made meanwhile.</summary>
    internal bool ReadsBinlog => !DumpsFiles && !LoadsFiles;

    /// <summary>Whether something is written to the target.</summary>
    internal bool WritesTarget => !DumpsFiles;
}
