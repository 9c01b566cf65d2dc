using TiFerry.Core.Metrics;

namespace TiFerry.Sync.Metrics;

/// <summary>How the figures of a synchronisation are spread; the buckets are those of DM's metrics of the same meaning.</summary>
public sealed class SyncMeasures
{
    /// <summary>Bytes of an event.</summary>
    public Histogram EventBytes { get; } = Histogram.Exponential(16, 2, 20);

    /// <summary>Rows of an event that were taken.</summary>
    public Histogram EventRows { get; } = Histogram.Linear(0, 100, 101);

    /// <summary>Seconds that the target took for a window.</summary>
    public Histogram WindowSeconds { get; } = Histogram.Exponential(0.000005, 2, 25);

    /// <summary>Row changes of a window.</summary>
    public Histogram WindowRows { get; } = Histogram.Linear(1, 50, 21);

    /// <summary>Seconds between two checkpoints.</summary>
    public Histogram CheckpointSeconds { get; } = Histogram.Linear(1, 50, 21);

    /// <summary>Seconds that the target was behind the source when a window was applied.</summary>
    public Histogram LagSeconds { get; } = Histogram.Exponential(0.5, 2, 12);
}
