using TiFerry.Binlog.Gtid;

namespace TiFerry.Binlog.Stream;

/// <summary>
/// Where a stream starts, or has got to: a file and position, GTIDs, or both. <see cref="ByGtid"/> says which of them the source is asked for;
/// the other is carried along.
/// </summary>
public sealed record BinlogStart
{
    private BinlogStart()
    {
    }

    /// <summary>Whether the source is asked for what follows the GTIDs, rather than for what follows the position.</summary>
    public bool ByGtid { get; private init; }

    /// <summary>The file and position; null when unknown, which is so only when starting by GTIDs.</summary>
    public BinlogPosition? Position { get; private init; }

    /// <summary>All GTIDs of a MySQL source up to here; null when unknown.</summary>
    public MySqlGtidSet? MySqlGtids { get; private init; }

    /// <summary>The GTID position of a MariaDB source; null when unknown.</summary>
    public MariaDbGtidSet? MariaDbGtids { get; private init; }

    /// <summary>At a file and position, which must be the start of a transaction.</summary>
    /// <param name="position">The place.</param>
    /// <param name="gtids">The GTIDs of a MySQL source up to there, when they are to be tracked.</param>
    public static BinlogStart At(BinlogPosition position, MySqlGtidSet? gtids = null) => new() { Position = position, MySqlGtids = gtids };

    /// <summary>At a file and position, which must be the start of a transaction.</summary>
    /// <param name="position">The place.</param>
    /// <param name="gtids">The GTID position of a MariaDB source there; the source is asked when it is null.</param>
    public static BinlogStart At(BinlogPosition position, MariaDbGtidSet? gtids) => new() { Position = position, MariaDbGtids = gtids };

    /// <summary>After a set of GTIDs of a MySQL source: every transaction that is not in the set comes.</summary>
    public static BinlogStart After(MySqlGtidSet gtids, BinlogPosition? position = null) => new() { ByGtid = true, MySqlGtids = gtids, Position = position };

    /// <summary>After a GTID position of a MariaDB source.</summary>
    public static BinlogStart After(MariaDbGtidSet gtids, BinlogPosition? position = null) => new() { ByGtid = true, MariaDbGtids = gtids, Position = position };

    /// <summary>What is known, for messages.</summary>
    public override string ToString()
    {
        var gtids = MySqlGtids?.ToString() ?? MariaDbGtids?.ToString();
        return Position is { } position
            ? gtids is null ? position.ToString() : $"{position} (GTIDs {gtids})"
            : $"GTIDs {gtids}";
    }

    internal BinlogStart With(BinlogPosition? position, MySqlGtidSet? mySql, MariaDbGtidSet? mariaDb) =>
        this with { Position = position, MySqlGtids = mySql, MariaDbGtids = mariaDb };
}
