using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Worker.Stages;

/// <summary>How automatic resumption waits between attempts: the section <c>checker</c> of a source's file, with DM's defaults.</summary>
internal sealed record AutoResumeOptions
{
    /// <summary>How often stages are looked at.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long all has to go well until the wait becomes shorter by a step (<c>backoff-rollback</c>).</summary>
    public TimeSpan Rollback { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The first wait (<c>backoff-min</c>).</summary>
    public TimeSpan Min { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait (<c>backoff-max</c>).</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>By how much each wait is longer than the one before (<c>backoff-factor</c>).</summary>
    public double Factor { get; init; } = 2;

    /// <summary>Whether waits are shortened at random by up to half (<c>backoff-jitter</c>).</summary>
    public bool Jitter { get; init; } = true;
}

/// <summary>
/// Decides when work that an error paused is resumed: at once for the first time, then after waits that grow with every resumption and shrink again while all goes well
/// (DM's task status checker). Not for several threads at once.
/// </summary>
/// <param name="options">How to wait.</param>
/// <param name="mayPass">Tells errors that may pass from those that stay.</param>
/// <param name="time">The clock.</param>
internal sealed class AutoResume(AutoResumeOptions options, Func<ProcessError, bool> mayPass, TimeProvider time)
{
    private int _steps;
    private long _resumedAt = time.GetTimestamp();
    private long _pausedAt = time.GetTimestamp();

    /// <summary>The wait that holds now, before it is shortened.</summary>
    public TimeSpan Wait => TimeSpan.FromTicks((long)Math.Min(options.Max.Ticks, options.Min.Ticks * Math.Pow(options.Factor, _steps)));

    /// <summary>Looks at the work; to be called every <see cref="AutoResumeOptions.Interval"/>.</summary>
    /// <returns>Whether it is to be resumed now; <see cref="Resumed"/> is to be called once it is.</returns>
    public bool Look(Stage stage, ProcessResult? result)
    {
        if (stage != Stage.Paused || result is not { IsCanceled: false })
        {
            if (time.GetElapsedTime(_pausedAt) > options.Rollback)
            {
                _steps = Math.Max(0, _steps - 1);
                _pausedAt = time.GetTimestamp();
            }
            return false;
        }
        _pausedAt = time.GetTimestamp();
        return result.Errors.All(mayPass) && time.GetElapsedTime(_resumedAt) >= Shortened(Wait);
    }

    /// <summary>Notes that it was resumed.</summary>
    public void Resumed()
    {
        _resumedAt = time.GetTimestamp();
        if (Wait < options.Max)
            _steps++;
    }

    private TimeSpan Shortened(TimeSpan wait) => options.Jitter && _steps > 0 ? wait * (1 - (Random.Shared.NextDouble() / 2)) : wait;
}
