using System.Diagnostics;
using TiFerry.Core.Progress;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>What a figure grows by in a second: over all the time, and over the last seconds. As it is told of the figure when somebody asks for it, "recent" reaches back to the question before.</summary>
internal sealed class RecentRate
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly RateEstimator _recent = new(Window);
    private readonly long _begun = Stopwatch.GetTimestamp();

    /// <summary>The rates, with the figure as it is now.</summary>
    public (double Total, double Recent) Of(long figure)
    {
        lock (_lock)
        {
            _recent.Record(figure);
            return (figure / Math.Max(1, Stopwatch.GetElapsedTime(_begun).TotalSeconds), _recent.PerSecond);
        }
    }
}
