namespace TiFerry.Schema.Tables;

/// <summary>A base table: its columns in order, its unique keys, and what the server estimates of its size.</summary>
public sealed record Table
{
    /// <summary>Schema and name.</summary>
    public required TableName Name { get; init; }

    /// <summary>All columns that SQL can name, in order, generated and invisible ones included.</summary>
    public required IReadOnlyList<Column> Columns { get; init; }

    /// <summary>The primary key first, then the unique keys in the server's order.</summary>
    public required IReadOnlyList<TableKey> UniqueKeys { get; init; }

    /// <summary>The storage engine, for example <c>InnoDB</c>; empty where the server names none.</summary>
    public string Engine { get; init; } = "";

    /// <summary>The server's estimate of the number of rows.</summary>
    public long EstimatedRows { get; init; }

    /// <summary>The server's estimate of the data's size in bytes.</summary>
    public long EstimatedBytes { get; init; }

    /// <summary>Whether the engine can roll back.</summary>
    public bool IsTransactional =>
        Engine.Length == 0
        || Engine.Equals("InnoDB", StringComparison.OrdinalIgnoreCase)
        || Engine.Equals("ROCKSDB", StringComparison.OrdinalIgnoreCase);

    /// <summary>The columns that are written: all but the generated ones.</summary>
    public IEnumerable<Column> WrittenColumns => Columns.Where(c => !c.IsGenerated);

    /// <summary>
    /// The key that names a row: the primary key, else the first unique key whose columns are all NOT NULL, whole and stored;
    /// null for a table without such a key.
    /// </summary>
    public TableKey? RowKey => RowKeys.FirstOrDefault();

    /// <summary>All keys that can name a row: their columns are NOT NULL, whole and stored. The primary key first.</summary>
    public IEnumerable<TableKey> RowKeys =>
        UniqueKeys.Where(key => !key.IsPartial && !key.IsNullable && key.Columns.Count > 0 && key.Columns.All(c => CanNameRows(Columns[c])));

    // The servers compare a SET with a number as doubles, which tell no more than 53 members apart.
    private static bool CanNameRows(Column column) => !column.IsVirtual && !(column.Kind == ColumnKind.Set && column.Members.Count > 53);
}
