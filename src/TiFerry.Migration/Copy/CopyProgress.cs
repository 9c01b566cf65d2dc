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

/// <summary>How far the copy is; read by another thread at any time.</summary>
public sealed class CopyProgress
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<TableName, CopyTable> _tables = [];

    /// <summary>All tables of this run, ordered by name.</summary>
    public List<TableCopyProgress> Tables()
    {
        lock (_lock)
            return [.. _tables.Values.Select(t => new TableCopyProgress(t.Name, t.Rows, t.Record.EstimatedRows, t.Bytes, t.Record.State == CopyState.Copied))];
    }

    internal void Add(CopyTable table)
    {
        lock (_lock)
            _tables[table.Name] = table;
    }

    internal void Remove(CopyTable table)
    {
        lock (_lock)
            _tables.Remove(table.Name);
    }
}
