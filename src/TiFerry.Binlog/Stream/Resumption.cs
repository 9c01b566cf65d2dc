using TiFerry.Binlog.Events;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Stream;

/// <summary>
/// Passes over the part of an interrupted transaction that was delivered before the connection was lost. The same server sends the same events again, which
/// a digest proves; another server, found by GTID, may cut them differently, so that rows are counted there.
/// </summary>
internal sealed class Resumption(string? gtid, DeliveredPart delivered, bool isSameServer)
{
    private DeliveredPart _seen;
    private long _seenRows;

    private bool ByEvents => isSameServer && !delivered.SpansServers;

    /// <summary>The transaction that was interrupted; null for one without GTID.</summary>
    public string? Gtid => gtid;

    /// <summary>Looks at the next event of the transaction, which the tracker has seen; false when it, or all of its rows, were delivered before.</summary>
    public bool IsOver(BinlogEvent e, TransactionTracker tracker)
    {
        if (e is GtidEvent or MariaDbGtidEvent && tracker.CurrentGtid != gtid)
            throw Changed($"the source sends transaction {tracker.CurrentGtid} where {gtid} was interrupted");
        var isNew = ByEvents ? IsNewEvent(e) : HasNewRows(e);
        if (!isNew && !tracker.IsInTransaction)
            throw Changed("the interrupted transaction is shorter than it was");
        return isNew;
    }

    private bool IsNewEvent(BinlogEvent e)
    {
        if (_seen.Events == delivered.Events)
            return true;
        _seen.Add(e, countRows: false);
        if (_seen.Events == delivered.Events && _seen.Digest != delivered.Digest)
            throw Changed("the interrupted transaction is not what it was");
        return false;
    }

    private bool HasNewRows(BinlogEvent e)
    {
        _seen.Add(e, countRows: false);
        if (e is RowsEvent rows && _seenRows < delivered.Rows)
        {
            var count = rows.CountRows();
            rows.SkippedRows = (int)Math.Min(count, delivered.Rows - _seenRows);
            _seenRows += rows.SkippedRows;
            return rows.SkippedRows < count;
        }

        var opensTransaction = e is GtidEvent or MariaDbGtidEvent or QueryEvent { IsBegin: true };
        return _seenRows == delivered.Rows && !(opensTransaction && _seen.Events <= delivered.Events);
    }

    private static TiFerryException Changed(string what) =>
        new(BinlogErrors.Stream, ErrorScope.Upstream, $"after the connection was made again, {what}",
            "the source lost a part of its binlog, or another server orders transactions differently; compare both sides, then start again from the last checkpoint");
}
