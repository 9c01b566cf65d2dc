using System.Text;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Route;

/// <summary>
/// How rows of a source's table are written to a table of the target: which column takes which value, what names a row there, and the fixed parts of its
/// statements. Immutable.
/// </summary>
internal sealed class TableMapping
{
    private readonly MappedColumn?[] _columns;
    private readonly bool[] _isKeyColumn;

    /// <summary>Prepares a mapping.</summary>
    /// <param name="source">The table on the source.</param>
    /// <param name="target">The table on the target.</param>
    /// <param name="columns">For each column of the source, in order, the target's; null for one that the target does not have.</param>
    /// <param name="constants">Columns of the target whose value is the same for every row.</param>
    public TableMapping(TableName source, TargetTable target, MappedColumn?[] columns, IReadOnlyList<ConstantColumn> constants)
    {
        Source = source;
        Target = target;
        Constants = constants;
        _columns = columns;
        RowKey = target.Table.RowKeys.FirstOrDefault(key => key.Columns.All(HasValue));
        KeyConstants = [.. constants.Where(c => RowKey is not null && RowKey.Columns.Contains(c.Target.Ordinal))];
        _isKeyColumn = [.. columns.Select(c => c is not null && RowKey is not null && RowKey.Columns.Contains(c.Target.Ordinal))];
        KeyColumnCount = _isKeyColumn.Count(isKey => isKey);
        LeavesColumns = target.Table.WrittenColumns.Any(c => !HasValue(c.Ordinal));
        CanSplitByKey = RowKey is not null && target.Table.UniqueKeys.Count == 1 && RowKey.Columns.All(o => target.Table.Columns[o].ComparesByBytes);

        var name = target.Table.Name.ToString();
        var written = columns.OfType<MappedColumn>().Where(c => c.IsWritten).Select(c => c.Target).Concat(constants.Select(c => c.Target)).Select(c => TableName.Quote(c.Name)).ToList();
        QuotedName = Encoding.UTF8.GetBytes(name);
        InsertPrefix = Encoding.UTF8.GetBytes($"INSERT INTO {name} ({string.Join(",", written)}) VALUES ");
        ReplacePrefix = Encoding.UTF8.GetBytes($"REPLACE INTO {name} ({string.Join(",", written)}) VALUES ");
        UpsertSuffix = Encoding.UTF8.GetBytes($" ON DUPLICATE KEY UPDATE {string.Join(",", written.Select(c => $"{c}=VALUES({c})"))}");
        // The two-table form is the one that takes an index hint; without it a small table may be scanned, and locked, whole.
        DeletePrefix = RowKey is null ? [] : Encoding.UTF8.GetBytes($"DELETE {name} FROM {name} FORCE INDEX ({TableName.Quote(RowKey.Name)}) WHERE ");
        UpdatePrefix = RowKey is null ? [] : Encoding.UTF8.GetBytes($"UPDATE {name} FORCE INDEX ({TableName.Quote(RowKey.Name)}) SET ");
    }

    /// <summary>The table on the source.</summary>
    public TableName Source { get; }

    /// <summary>The table on the target.</summary>
    public TargetTable Target { get; }

    /// <summary>The key of the target that names a row, and whose values the source's rows hold; null where there is none.</summary>
    public TableKey? RowKey { get; }

    /// <summary>Whether rows can be named by a key.</summary>
    public bool HasRowKey => RowKey is not null;

    /// <summary>How many of the source's columns belong to the row key.</summary>
    public int KeyColumnCount { get; }

    /// <summary>Columns whose value is the same for every row.</summary>
    public IReadOnlyList<ConstantColumn> Constants { get; }

    /// <summary>Those of them that belong to the row key.</summary>
    public IReadOnlyList<ConstantColumn> KeyConstants { get; }

    /// <summary>Whether the row key is one column of the source, so that many rows can be named by <c>IN (...)</c>.</summary>
    public bool HasSingleKey => KeyColumnCount == 1 && KeyConstants.Count == 0;

    /// <summary>Whether the target has columns that no row of the source gives a value: writing a row whole would reset them.</summary>
    public bool LeavesColumns { get; }

    /// <summary>
    /// Whether rows of different keys may be written by different workers without another look: no other unique key can make two rows
    /// collide, and equal keys have equal bytes.
    /// </summary>
    public bool CanSplitByKey { get; }

    /// <summary>Number of the source's columns, without hidden ones at the end.</summary>
    public int ColumnCount => _columns.Length;

    /// <summary>The target's quoted name, UTF-8.</summary>
    internal byte[] QuotedName { get; }

    /// <summary><c>INSERT INTO ... VALUES</c>, UTF-8.</summary>
    internal byte[] InsertPrefix { get; }

    /// <summary><c>REPLACE INTO ... VALUES</c>, UTF-8.</summary>
    internal byte[] ReplacePrefix { get; }

    /// <summary><c>ON DUPLICATE KEY UPDATE ...</c>, UTF-8.</summary>
    internal byte[] UpsertSuffix { get; }

    /// <summary><c>DELETE ... WHERE</c>, UTF-8; empty without a row key.</summary>
    internal byte[] DeletePrefix { get; }

    /// <summary><c>UPDATE ... SET</c>, UTF-8; empty without a row key.</summary>
    internal byte[] UpdatePrefix { get; }

    /// <summary>The column that takes a value; null where the target has none for it.</summary>
    /// <param name="ordinal">The source column's place; hidden columns past the end have none.</param>
    public MappedColumn? ColumnAt(int ordinal) => (uint)ordinal < (uint)_columns.Length ? _columns[ordinal] : null;

    /// <summary>Whether the source's column is part of the row key.</summary>
    /// <param name="ordinal">Its place.</param>
    public bool IsKeyColumn(int ordinal) => (uint)ordinal < (uint)_isKeyColumn.Length && _isKeyColumn[ordinal];

    /// <summary>Whether the source's column is part of any unique key of the target.</summary>
    /// <param name="ordinal">Its place.</param>
    public bool IsUnique(int ordinal) => ColumnAt(ordinal) is { } column && Target.Table.UniqueKeys.Any(key => key.Columns.Contains(column.Target.Ordinal));

    private bool HasValue(int targetOrdinal) =>
        _columns.Any(c => c is not null && c.Target.Ordinal == targetOrdinal) || Constants.Any(c => c.Target.Ordinal == targetOrdinal);
}
