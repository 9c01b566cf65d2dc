using TiFerry.Binlog.Stream;
using TiFerry.Core.Logging;
using TiFerry.MySql;

namespace TiFerry.Binlog.Relay;

/// <summary>What a <see cref="RelayLog"/> needs to know.</summary>
public sealed record RelayLogOptions
{
    /// <summary>How to reach the source. The account needs REPLICATION SLAVE and REPLICATION CLIENT.</summary>
    public required MySqlConnectionOptions Connection { get; init; }

    /// <summary>Where to write.</summary>
    public required RelayDirectory Directory { get; init; }

    /// <summary>The server id to register as; no other replica of the source may have it.</summary>
    public required uint ServerId { get; init; }

    /// <summary>
    /// Where to start when the directory is empty: whole files are pulled, from the one on that holds this place (DM's <c>relay-binlog-name</c> and
    /// <c>relay-binlog-gtid</c>). Null starts with the source's newest file.
    /// </summary>
    public BinlogStart? Start { get; init; }

    /// <summary>How often the source says that it is alive when it has nothing else to say.</summary>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait before the first try to connect again; it doubles with every further one up to <see cref="MaxBackOff"/>.</summary>
    public TimeSpan InitialBackOff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two tries.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to try before giving up; infinite is allowed.</summary>
    public TimeSpan ReconnectLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How often what was written is brought to the disk, beyond the end of each file; on an idle source, with the next heartbeat. A machine that fails loses
    /// at most that much, and gets it again from the source.
    /// </summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often <c>relay.meta</c> is brought up to date, beyond the end of each file.</summary>
    public TimeSpan MetaInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told of files, connections and repairs.</summary>
    public Log Log { get; init; } = Log.None;
}
