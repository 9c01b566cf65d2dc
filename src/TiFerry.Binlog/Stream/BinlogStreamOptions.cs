using TiFerry.Binlog.Events;
using TiFerry.Core.Logging;
using TiFerry.MySql;

namespace TiFerry.Binlog.Stream;

/// <summary>What a <see cref="BinlogStream"/> needs to know.</summary>
public sealed record BinlogStreamOptions
{
    /// <summary>How to reach the source. The account needs REPLICATION SLAVE. The read time-out is replaced by three heartbeat periods.</summary>
    public required MySqlConnectionOptions Connection { get; init; }

    /// <summary>Where to start.</summary>
    public required BinlogStart Start { get; init; }

    /// <summary>The server id to register as; no other replica of the source may have it.</summary>
    public required uint ServerId { get; init; }

    /// <summary>How often the source says that it is alive when it has nothing else to say.</summary>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait before the first try to connect again; it doubles with every further one up to <see cref="MaxBackOff"/>.</summary>
    public TimeSpan InitialBackOff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two tries.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to try before the stream fails; infinite is allowed.</summary>
    public TimeSpan ReconnectLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Told of lost and renewed connections.</summary>
    public Log Log { get; init; } = Log.None;

    /// <summary>Whether a MariaDB source sends the statements behind row changes (<see cref="RowsQueryEvent"/>); a MySQL source sends what it logged.</summary>
    public bool AnnotateRows { get; init; }

    /// <summary>See <see cref="BinlogEventParser.OldTemporalPrecision"/>.</summary>
    public Func<TableMapEvent, int, int>? OldTemporalPrecision { get; init; }
}
