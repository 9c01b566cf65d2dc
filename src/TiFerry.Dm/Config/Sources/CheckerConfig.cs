namespace TiFerry.Dm.Config.Sources;

/// <summary><c>checker</c> of a source file: how tasks that paused with an error that may pass are resumed.</summary>
public sealed record CheckerConfig
{
    /// <summary>How often paused tasks are looked at.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    /// <summary>The shortest wait between two attempts.</summary>
    public static readonly TimeSpan BackoffMin = TimeSpan.FromSeconds(1);

    /// <summary>What the wait is multiplied by after each failed attempt.</summary>
    public const double BackoffFactor = 2;

    /// <summary><c>check-enable</c>: whether tasks are resumed at all.</summary>
    public bool CheckEnable { get; init; } = true;

    /// <summary><c>backoff-rollback</c>: after how long without an error the wait is shortened again.</summary>
    public TimeSpan BackoffRollback { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>backoff-max</c>: the longest wait between two attempts.</summary>
    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromMinutes(5);
}
