namespace TiFerry.Core.Retry;

/// <summary>
/// Waiting times between attempts: each twice the one before, up to a maximum, and shortened at random by up to half, so that
/// clients that failed together do not come back together. Not for several threads at once.
/// </summary>
/// <param name="initial">The first waiting time, before it is shortened.</param>
/// <param name="maximum">The longest waiting time.</param>
/// <param name="attempts">How many times to wait at most; unlimited by default.</param>
/// <param name="time">The clock to wait by; the system's by default.</param>
/// <param name="random">Where the shortening comes from; shared randomness by default.</param>
public sealed class Backoff(TimeSpan initial, TimeSpan maximum, int attempts = int.MaxValue, TimeProvider? time = null, Random? random = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Random _random = random ?? Random.Shared;

    /// <summary>How many waiting times were handed out since the start or the last <see cref="Reset"/>.</summary>
    public int Attempts { get; private set; }

    /// <summary>Whether all attempts are used up.</summary>
    public bool IsExhausted => Attempts >= attempts;

    /// <summary>The next waiting time.</summary>
    /// <exception cref="InvalidOperationException">All attempts are used up.</exception>
    public TimeSpan Next()
    {
        if (IsExhausted)
            throw new InvalidOperationException("no attempts are left");
        var full = Math.Min(initial.TotalMilliseconds * Math.Pow(2, Math.Min(Attempts, 62)), maximum.TotalMilliseconds);
        Attempts++;
        return TimeSpan.FromMilliseconds(full * (1 - (_random.NextDouble() / 2)));
    }

    /// <summary>Starts again from the first waiting time, after a success.</summary>
    public void Reset() => Attempts = 0;

    /// <summary>Waits for the next waiting time.</summary>
    /// <returns>False at once if all attempts are used up.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (IsExhausted)
            return false;
        await Task.Delay(Next(), _time, cancellationToken);
        return true;
    }
}
