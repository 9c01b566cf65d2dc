using System.Diagnostics;

namespace TiFerry.Dm.Worker.Http;

/// <summary>How much of the machine's processors the process uses.</summary>
internal sealed class CpuShare
{
    private readonly Lock _lock = new();
    private long _askedAt = Stopwatch.GetTimestamp();
    private TimeSpan _usedThen = Environment.CpuUsage.TotalTime;

    /// <summary>The share since it was asked last, in percent.</summary>
    public double Percent()
    {
        lock (_lock)
        {
            var (now, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var elapsed = Stopwatch.GetElapsedTime(_askedAt, now) * Environment.ProcessorCount;
            var share = elapsed > TimeSpan.Zero ? 100 * (used - _usedThen) / elapsed : 0;
            (_askedAt, _usedThen) = (now, used);
            return share;
        }
    }
}
