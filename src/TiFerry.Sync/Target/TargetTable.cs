using System.Text;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Target;

/// <summary>A table on the target, prepared for writing: its columns and the fixed parts of its statements.</summary>
public sealed class TargetTable
{
    private readonly bool[] _isKeyColumn;

    /// <summary>Prepares a table.</summary>
    /// <param name="table">The table as the target describes it.</param>
    /// <param name="cascades">What the source's engine does to other tables' rows without writing it to the binlog.</param>
    public TargetTable(Table table, IReadOnlyList<CascadeRule> cascades)
    {
        Table = table;
        Cascades = cascades;
        RowKey = table.RowKey;
        _isKeyColumn = new bool[table.Columns.Count];
        foreach (var ordinal in RowKey?.Columns ?? [])
            _isKeyColumn[ordinal] = true;
        KeyColumnCount = RowKey?.Columns.Count ?? 0;
        CanSplit = RowKey is not null && table.UniqueKeys.Count == 1 && RowKey.Columns.All(o => table.Columns[o].ComparesByBytes);

        var columns = string.Join(",", table.WrittenColumns.Select(c => TableName.Quote(c.Name)));
        QuotedName = Encoding.UTF8.GetBytes(table.Name.ToString());
        InsertPrefix = Encoding.UTF8.GetBytes($"INSERT INTO {table.Name} ({columns}) VALUES ");
        ReplacePrefix = Encoding.UTF8.GetBytes($"REPLACE INTO {table.Name} ({columns}) VALUES ");
        // The two-table form is the one that takes an index hint; without it a small table may be scanned, and locked, whole.
        DeletePrefix = RowKey is null ? [] : Encoding.UTF8.GetBytes(
            $"DELETE {table.Name} FROM {table.Name} FORCE INDEX ({TableName.Quote(RowKey.Name)}) WHERE ");
    }

    /// <summary>The table as the target describes it.</summary>
    public Table Table { get; }

    /// <summary>What the source's engine does to rows of referencing tables, which its binlog does not tell.</summary>
    public IReadOnlyList<CascadeRule> Cascades { get; }

    /// <summary>The key that names a row; null where there is none.</summary>
    public TableKey? RowKey { get; }

    /// <summary>Whether rows can be named by a key.</summary>
    public bool HasRowKey => RowKey is not null;

    /// <summary>Number of columns of the row key.</summary>
    public int KeyColumnCount { get; }

    /// <summary>
    /// Whether rows of different keys may be written by different workers: only where no other unique key can make two rows
    /// collide, and where equal keys have equal bytes.
    /// </summary>
    public bool CanSplit { get; }

    /// <summary>The quoted name, UTF-8.</summary>
    internal byte[] QuotedName { get; }

    /// <summary><c>INSERT INTO ... VALUES</c>, UTF-8.</summary>
    internal byte[] InsertPrefix { get; }

    /// <summary><c>REPLACE INTO ... VALUES</c>, UTF-8.</summary>
    internal byte[] ReplacePrefix { get; }

    /// <summary><c>DELETE ... WHERE</c>, UTF-8.</summary>
    internal byte[] DeletePrefix { get; }

    /// <summary>Whether the column is part of the row key.</summary>
    /// <param name="ordinal">The column's place; hidden columns past the end are no key columns.</param>
    public bool IsKeyColumn(int ordinal) => (uint)ordinal < (uint)_isKeyColumn.Length && _isKeyColumn[ordinal];
}
