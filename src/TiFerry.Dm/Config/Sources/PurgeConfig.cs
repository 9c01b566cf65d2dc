namespace TiFerry.Dm.Config.Sources;

/// <summary><c>purge</c> of a source file: which relay log files are deleted by themselves.</summary>
public sealed record PurgeConfig
{
    /// <summary><c>interval</c>, in seconds: how often files are looked at; zero for never.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);

    /// <summary><c>expires</c>, in hours: how long after its last change a file is kept; zero for ever.</summary>
    public TimeSpan Expires { get; init; }

    /// <summary><c>remain-space</c>, in GiB: free disk space below which files are deleted that no task needs; 0 for not at all.</summary>
    public long RemainSpaceGiB { get; init; } = 15;
}
