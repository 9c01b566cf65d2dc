using TiFerry.Binlog.Events;
using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Stream;

namespace TiFerry.Binlog.Relay;

/// <summary>Passes over the transactions that a reader has already, as a server does for a replica that starts by GTID.</summary>
internal sealed class GtidSkip
{
    private readonly MySqlGtidSet? _mySql;
    private readonly Dictionary<uint, MariaDbGtid>? _mariaDb;
    private readonly TransactionTracker _boundaries = new(BinlogStart.At(default, (MySqlGtidSet?)null));

    /// <summary>Passes over the transactions of a set of a MySQL source.</summary>
    /// <param name="had">Not changed any more.</param>
    public GtidSkip(MySqlGtidSet had) => _mySql = had;

    /// <summary>Passes over the transactions up to a position of a MariaDB source.</summary>
    /// <param name="had">The position.</param>
    /// <param name="fileStart">What the file to be read begins after; domains that are there already have nothing to pass over.</param>
    public GtidSkip(MariaDbGtidSet had, MariaDbGtidSet fileStart)
    {
        _mariaDb = [];
        foreach (var gtid in had.Gtids)
        {
            if (!fileStart.Gtids.Contains(gtid))
                _mariaDb.Add(gtid.Domain, gtid);
        }
    }

    /// <summary>Whether the event seen last belongs to a transaction that is passed over and not complete.</summary>
    public bool IsPassing { get; private set; }

    /// <summary>Whether nothing more will be passed over.</summary>
    public bool IsOver => !IsPassing && _mariaDb is { Count: 0 };

    /// <summary>Whether to pass over the next event.</summary>
    public bool Passes(BinlogEvent e)
    {
        if (e is GtidEvent or MariaDbGtidEvent)
            IsPassing = IsHad(e);
        if (!IsPassing)
            return false;
        if (!TransactionTracker.IsPartOfTransaction(e))
            return e is TransactionPayloadEvent;
        _boundaries.Observe(e);
        IsPassing = _boundaries.IsInTransaction;
        return true;
    }

    private bool IsHad(BinlogEvent e) => e switch
    {
        GtidEvent { IsAnonymous: false } gtid => _mySql?.Contains(gtid.Gtid) ?? false,
        MariaDbGtidEvent gtid => IsHad(gtid.Gtid),
        _ => false,
    };

    /// <summary>Sequence numbers need not grow where strict mode is off: behind the last one that is had, everything is new.</summary>
    private bool IsHad(MariaDbGtid gtid)
    {
        if (_mariaDb is null || !_mariaDb.TryGetValue(gtid.Domain, out var last))
            return false;
        if (gtid.Sequence >= last.Sequence)
            _mariaDb.Remove(gtid.Domain);
        return gtid.Sequence <= last.Sequence;
    }
}
