using TiFerry.Core.Logging;

namespace TiFerry.Binlog.Relay;

/// <summary>When a <see cref="RelayPurger"/> purges by itself: DM's <c>purge</c> section of a source's configuration, with its defaults.</summary>
public sealed record RelayPurgeOptions
{
    /// <summary>How often to look (<c>interval</c>, there in seconds).</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Files that were changed last longer ago are purged (<c>expires</c>, there in hours); zero keeps them.</summary>
    public TimeSpan Expires { get; init; }

    /// <summary>Bytes of the disk to keep free (<c>remain-space</c>, there in GiB); zero does not look.</summary>
    public long RemainSpace { get; init; } = 15L << 30;

    /// <summary>Told of files that are purged.</summary>
    public Log Log { get; init; } = Log.None;
}
