using TiFerry.Binlog.Events;
using TiFerry.Binlog.Gtid;

namespace TiFerry.Binlog.Stream;

/// <summary>Follows transaction boundaries, positions and GTIDs through the events of a stream.</summary>
internal sealed class TransactionTracker
{
    private Group _group;
    private MySqlGtid? _mySqlGtid;
    private MariaDbGtid? _mariaDbGtid;

    public TransactionTracker(BinlogStart start)
    {
        Position = Committed = start.Position;
        MySqlGtids = start.MySqlGtids?.Clone();
        MariaDbGtids = start.MariaDbGtids?.Clone();
    }

    private enum Group
    {
        /// <summary>Between transactions.</summary>
        None,

        /// <summary>The next statement makes it complete, unless it is BEGIN.</summary>
        Statement,

        /// <summary>Up to XID, COMMIT, ROLLBACK or XA PREPARE.</summary>
        Transaction,
    }

    /// <summary>After the last event; null before the source told the file.</summary>
    public BinlogPosition? Position { get; private set; }

    /// <summary>After the last complete transaction.</summary>
    public BinlogPosition? Committed { get; private set; }

    /// <summary>Those of complete transactions; null when the start's were unknown.</summary>
    public MySqlGtidSet? MySqlGtids { get; set; }

    /// <summary>Those of complete transactions; null when the source is no MariaDB.</summary>
    public MariaDbGtidSet? MariaDbGtids { get; set; }

    public bool IsInTransaction => _group != Group.None;

    /// <summary>The GTID of the transaction under way, or null.</summary>
    public string? CurrentGtid => _mySqlGtid?.ToString() ?? _mariaDbGtid?.ToString();

    /// <summary>Whether an event belongs to a transaction; the others speak of the file or the stream.</summary>
    public static bool IsPartOfTransaction(BinlogEvent e) =>
        e is not (FormatDescriptionEvent or RotateEvent or HeartbeatEvent or PreviousGtidsEvent or MariaDbGtidListEvent or BinlogCheckpointEvent or TransactionPayloadEvent
            or UninterpretedEvent);

    /// <summary>Back to the end of the last complete transaction.</summary>
    public void Rewind()
    {
        _group = Group.None;
        _mySqlGtid = null;
        _mariaDbGtid = null;
        Position = Committed;
    }

    public void Observe(BinlogEvent e)
    {
        Advance(e);
        switch (e)
        {
            case GtidEvent gtid:
                _group = Group.Statement;
                _mySqlGtid = gtid.IsAnonymous ? null : gtid.Gtid;
                break;
            case MariaDbGtidEvent gtid:
                _group = gtid.IsStandalone ? Group.Statement : Group.Transaction;
                _mariaDbGtid = gtid.Gtid;
                break;
            case QueryEvent query:
                ObserveStatement(query);
                break;
            case XidEvent or XaPrepareEvent or IncidentEvent:
                Complete();
                break;
            default:
                if (_group == Group.None && IsPartOfTransaction(e))
                    _group = Group.Statement;
                break;
        }

        if (_group == Group.None)
            Committed = Position;
    }

    private void ObserveStatement(QueryEvent query)
    {
        var sql = query.Sql;
        var startsXa = sql.Length > 8 && System.Text.Ascii.EqualsIgnoreCase(sql[..8], "XA START"u8);
        if (query.IsBegin || startsXa)
            _group = Group.Transaction;
        else if (_group != Group.Transaction || query.IsCommit || query.IsRollback)
            Complete();
    }

    /// <summary>The transaction under way, if any, is complete; for one whose last event is not looked at.</summary>
    public void Complete()
    {
        _group = Group.None;
        if (_mySqlGtid is { } mySql)
            MySqlGtids?.Add(mySql);
        if (_mariaDbGtid is { } mariaDb)
            MariaDbGtids?.MoveTo(mariaDb);
        _mySqlGtid = null;
        _mariaDbGtid = null;
    }

    private void Advance(BinlogEvent e)
    {
        if (e is RotateEvent rotate)
        {
            // Positions of the old file mean nothing in the new one; a stream that goes on from within a transaction opens with the file it is in.
            Position = new BinlogPosition(rotate.File, rotate.Position);
            return;
        }

        if (Position is not { } position || e.Header.LogPos == 0 || e.Header.IsArtificial)
            return;
        // A stream from within a file brings the format from its start.
        if (e is FormatDescriptionEvent && e.Header.LogPos < position.Position)
            return;
        if (e is HeartbeatEvent heartbeat)
        {
            if (heartbeat.File == position.File && heartbeat.Position > position.Position && !IsInTransaction)
                Position = position with { Position = heartbeat.Position };
            return;
        }

        Position = position with { Position = Widen(e.Header.LogPos, position.Position) };
    }

    /// <summary>Positions in events have 32 bits; files can grow beyond 4 GiB with one large transaction.</summary>
    private static ulong Widen(uint logPos, ulong last)
    {
        const ulong Carry = 1ul << 32;
        var position = (last & ~(Carry - 1)) | logPos;
        return position >= last ? position : position + Carry;
    }
}
