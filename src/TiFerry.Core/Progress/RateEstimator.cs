namespace TiFerry.Core.Progress;

/// <summary>
/// How fast a running total grows, measured over the last seconds: whoever shows progress records the total now and then.
/// Not for several threads at once.
/// </summary>
/// <param name="window">How far back to look.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class RateEstimator(TimeSpan window, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Queue<(long Timestamp, long Total)> _samples = new();
    private (long Timestamp, long Total) _last;

    /// <summary>Growth per second over the window; 0 until there are two records at different times.</summary>
    public double PerSecond
    {
        get
        {
            if (_samples.Count < 2)
                return 0;
            var first = _samples.Peek();
            var seconds = _time.GetElapsedTime(first.Timestamp, _last.Timestamp).TotalSeconds;
            return seconds > 0 ? (_last.Total - first.Total) / seconds : 0;
        }
    }

    /// <summary>Notes the total as it is now. A total that shrank (the work began anew) starts the measurement again.</summary>
    public void Record(long total)
    {
        if (total < _last.Total)
            _samples.Clear();
        _last = (_time.GetTimestamp(), total);
        _samples.Enqueue(_last);

        // One sample from before the window stays, so that the rate covers all of it.
        while (_samples.Count > 2 && _time.GetElapsedTime(_samples.ElementAt(1).Timestamp, _last.Timestamp) >= window)
            _samples.Dequeue();
    }

    /// <summary>The time that <paramref name="remaining"/> will take at the present rate; null if nothing moves.</summary>
    public TimeSpan? TimeFor(long remaining)
    {
        if (remaining <= 0)
            return TimeSpan.Zero;
        var seconds = remaining / PerSecond;
        return seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
    }
}
