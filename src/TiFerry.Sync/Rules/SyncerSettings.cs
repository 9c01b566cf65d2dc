namespace TiFerry.Sync.Rules;

/// <summary>One entry of <c>syncers</c> in DM's task file, with DM's defaults.</summary>
public sealed record SyncerSettings
{
    /// <summary><c>worker-count</c>: sessions that write to the target.</summary>
    public int WorkerCount { get; init; } = 16;

    /// <summary><c>batch</c>: row changes in one transaction.</summary>
    public int Batch { get; init; } = 100;

    /// <summary><c>queue-size</c>: row changes that wait for one session.</summary>
    public int QueueSize { get; init; } = 1024;

    /// <summary><c>checkpoint-flush-interval</c>.</summary>
    public TimeSpan CheckpointFlushInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>compact</c>: several changes of a row become one.</summary>
    public bool Compact { get; init; }

    /// <summary><c>multiple-rows</c>: several rows of a table go into one statement.</summary>
    public bool MultipleRows { get; init; }

    /// <summary><c>safe-mode</c>: always write so that a repeated change does no harm.</summary>
    public bool SafeMode { get; init; }

    /// <summary><c>safe-mode-duration</c>: how long safe mode is on after a start that can't tell where the last run ended; zero refuses such a start.</summary>
    public TimeSpan SafeModeDuration { get; init; } = TimeSpan.FromSeconds(60);
}
