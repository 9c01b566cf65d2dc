using TiFerry.Migration.Meta;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>How far one table's copy is.</summary>
/// <param name="Name">The table.</param>
/// <param name="Rows">Rows copied, earlier runs included.</param>
/// <param name="EstimatedRows">The source's estimate of all rows.</param>
/// <param name="Bytes">Bytes of statements sent by this run.</param>
/// <param name="IsDone">Whether the copy is complete.</param>
public readonly record struct TableCopyProgress(TableName Name, long Rows, long EstimatedRows, long Bytes, bool IsDone);

/// <summary>How far the copy of all tables is, earlier runs included. Totals are the source's estimates until a table is done.</summary>
/// <param name="Tables">Tables that are known.</param>
/// <param name="FinishedTables">Tables whose copy is complete.</param>
/// <param name="Rows">Rows in all tables.</param>
/// <param name="FinishedRows">Rows copied.</param>
/// <param name="Bytes">Bytes of data in all tables, as the source stores them.</param>
/// <param name="FinishedBytes">The part of <paramref name="Bytes"/> that the copied rows are.</param>
public readonly record struct CopyTotals(int Tables, int FinishedTables, long Rows, long FinishedRows, long Bytes, long FinishedBytes);

/// <summary>How far the copy is; read by another thread at any time.</summary>
public sealed class CopyProgress
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<TableName, CopyTable> _tables = [];
    private readonly Dictionary<TableName, CopyObject> _known = [];
    private long _removedBytes;

    /// <summary>All tables of this run, ordered by name.</summary>
    public List<TableCopyProgress> Tables()
    {
        lock (_lock)
            return [.. _tables.Values.Select(t => new TableCopyProgress(t.Name, t.Rows, t.Record.EstimatedRows, t.Bytes, t.Record.State == CopyState.Copied))];
    }

    /// <summary>All tables of the task in one.</summary>
    public CopyTotals Totals()
    {
        var totals = default(CopyTotals);
        lock (_lock)
        {
            foreach (var known in _known.Values.Where(o => o is { Kind: ObjectKind.Table, State: not CopyState.Gone }))
                totals = Plus(totals, known, _tables.GetValueOrDefault(known.Name)?.Rows ?? known.Rows);
        }
        return totals;
    }

    /// <summary>Bytes of statements that this run sent; never shrinks.</summary>
    internal long SentBytes
    {
        get
        {
            lock (_lock)
                return _removedBytes + _tables.Values.Sum(t => t.Bytes);
        }
    }

    internal void Know(CopyObject copy)
    {
        lock (_lock)
            _known[copy.Name] = copy;
    }

    internal void Add(CopyTable table)
    {
        lock (_lock)
            _tables[table.Name] = table;
    }

    internal void Remove(CopyTable table)
    {
        lock (_lock)
        {
            _removedBytes += table.Bytes;
            _tables.Remove(table.Name);
        }
    }

    private static CopyTotals Plus(CopyTotals totals, CopyObject table, long rows)
    {
        var isDone = table.State == CopyState.Copied;
        var all = isDone ? rows : Math.Max(rows, table.EstimatedRows);
        var finishedBytes = isDone || all == 0 ? table.EstimatedBytes : (long)(table.EstimatedBytes * ((double)rows / all));
        return new CopyTotals(totals.Tables + 1, totals.FinishedTables + (isDone ? 1 : 0), totals.Rows + all, totals.FinishedRows + rows,
            totals.Bytes + table.EstimatedBytes, totals.FinishedBytes + (isDone || rows > 0 ? finishedBytes : 0));
    }
}
