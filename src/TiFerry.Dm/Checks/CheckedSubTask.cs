using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Migration;

namespace TiFerry.Dm.Checks;

/// <summary>One source of a task, as the checks look at it.</summary>
public sealed record CheckedSubTask
{
    /// <summary>What the checks have to know of a subtask. Directories are another machine's until someone sets them.</summary>
    /// <param name="subTask">The subtask.</param>
    /// <param name="source">Its source.</param>
    /// <param name="options">The same for the engine.</param>
    public static CheckedSubTask Of(SubTaskConfig subTask, SourceConfig source, MigrationOptions options) => new()
    {
        SourceId = subTask.SourceId,
        Options = subTask.Mode is TaskMode.Dump or TaskMode.Load ? options with { Mode = MigrationMode.Full } : options,
        DumpsFiles = subTask.Mode == TaskMode.Dump,
        LoadsFiles = subTask.Mode == TaskMode.Load,
        DumpThreads = subTask.Mydumper.Threads,
        LoadThreads = subTask.Loader.PoolSize,
        Consistency = ConsistencyOf(subTask.Mydumper.ExtraArgs),
        NeedsGtid = subTask.EnableGtid,
        UsesRelay = source.EnableRelay,
        RelayRemainSpace = source.Purge.RemainSpaceGiB << 30,
    };

    /// <summary>The source's id.</summary>
    public required string SourceId { get; init; }

    /// <summary>Both sides, the rules, the start position.</summary>
    public required MigrationOptions Options { get; init; }

    /// <summary>Whether the source is dumped into files.</summary>
    public bool DumpsFiles { get; init; }

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

    /// <summary>Where dump files go, on the machine that runs the checks; null where it is another's.</summary>
    public string? DumpDirectory { get; init; }

    /// <summary>Where the relay log is, on the machine that runs the checks; null where it is another's, or there is none.</summary>
    public string? RelayDirectory { get; init; }

    /// <summary>How many bytes the relay log leaves free (<c>purge.remain-space</c>).</summary>
    public long RelayRemainSpace { get; init; } = 15L << 30;

    /// <summary>Whether tables are copied, by whichever way.</summary>
    internal bool CopiesTables => DumpsFiles || (!LoadsFiles && Options.Mode != MigrationMode.Incremental);

    /// <summary>Whether the binlog is read. A copy in chunks needs it too: it is only right with the changes made meanwhile.</summary>
    internal bool ReadsBinlog => !DumpsFiles && !LoadsFiles;

    /// <summary>Whether something is written to the target.</summary>
    internal bool WritesTarget => !DumpsFiles;

    // --consistency VALUE or --consistency=VALUE, as on Dumpling's command line.
    private static string ConsistencyOf(string extraArgs)
    {
        var words = extraArgs.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(words, "--consistency");
        return at >= 0 && at + 1 < words.Length ? words[at + 1] : "auto";
    }
}
