namespace TiFerry.Dm.Master.Workers;

/// <summary>How often workers are asked at most: so many times a second, after so many at once (<c>rpc-rate-limit</c>, <c>rpc-rate-burst</c>).</summary>
/// <param name="perSecond">Times in a second; 0 for no limit.</param>
/// <param name="burst">Times at once.</param>
/// <param name="time">The clock.</param>
internal sealed class CallRate(double perSecond, int burst, TimeProvider time)
{
    private readonly TimeSpan _interval = perSecond > 0 ? TimeSpan.FromSeconds(1 / perSecond) : TimeSpan.Zero;
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _lock = new();
    private TimeSpan _wholeAt;

    /// <summary>Waits for the caller's turn.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => Take() is { Ticks: > 0 } wait ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;

    /// <summary>Takes the next turn.</summary>
    /// <returns>How long it is until then.</returns>
    internal TimeSpan Take()
    {
        if (_interval == TimeSpan.Zero)
            return TimeSpan.Zero;
        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            _wholeAt = (_wholeAt > now ? _wholeAt : now) + _interval;
            var wait = _wholeAt - now - (_interval * burst);
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }
}
