namespace TiFerry.Schema.Ddl.Ast;

/// <summary>MariaDB's GENERATED ALWAYS AS ROW START and ROW END.</summary>
public enum RowTime
{
    /// <summary>An ordinary column.</summary>
    None,

    /// <summary>ROW START.</summary>
    Start,

    /// <summary>ROW END.</summary>
    End,
}

/// <summary>TiDB's AUTO_RANDOM(shard bits, range bits).</summary>
/// <param name="ShardBits">Null for none written.</param>
/// <param name="RangeBits">Null for none written.</param>
public readonly record struct AutoRandom(int? ShardBits, int? RangeBits);

/// <summary>A column with everything that was written about it. SERIAL is written out as what it stands for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
public sealed record ColumnDefinition(string Name, DataType Type) : TableElement
{
    /// <summary>False for NOT NULL, true for NULL, null where neither was written.</summary>
    public bool? IsNullable { get; init; }

    /// <summary>DEFAULT; null for none written.</summary>
    public ColumnDefault? Default { get; init; }

    /// <summary>ON UPDATE CURRENT_TIMESTAMP, in the spelling of <see cref="ColumnDefault.Expression"/>; null for none.</summary>
    public SqlExpression? OnUpdate { get; init; }

    /// <summary>AUTO_INCREMENT.</summary>
    public bool IsAutoIncrement { get; init; }

    /// <summary>TiDB's AUTO_RANDOM; null for none.</summary>
    public AutoRandom? AutoRandom { get; init; }

    /// <summary>The expression of a generated column; null for others.</summary>
    public GeneratedColumn? Generated { get; init; }

    /// <summary>MariaDB's row start or end time of system versioning.</summary>
    public RowTime RowTime { get; init; }

    /// <summary>False for INVISIBLE, true for VISIBLE, null where neither was written.</summary>
    public bool? IsVisible { get; init; }

    /// <summary>COMMENT; null for none written.</summary>
    public string? Comment { get; init; }

    /// <summary>[PRIMARY] KEY.</summary>
    public bool IsPrimaryKey { get; init; }

    /// <summary>UNIQUE [KEY].</summary>
    public bool IsUniqueKey { get; init; }

    /// <summary>TiDB's choice for the primary key.</summary>
    public KeyClustering Clustering { get; init; }

    /// <summary>REFERENCES; null for none. MySQL before 9.0 and MariaDB before 10.5 ignore it.</summary>
    public ForeignKeyReference? References { get; init; }

    /// <summary>CHECK clauses.</summary>
    public NodeList<CheckDefinition> Checks { get; init; } = [];

    /// <summary>MariaDB's WITH (true) or WITHOUT (false) SYSTEM VERSIONING; null where neither was written.</summary>
    public bool? HasSystemVersioning { get; init; }

    /// <summary>MariaDB's COMPRESSED: the method, empty for the default one; null where it was not written.</summary>
    public string? Compression { get; init; }

    /// <summary>Everything else: <c>COLUMN_FORMAT</c>, <c>STORAGE</c>, <c>ENGINE_ATTRIBUTE</c>, <c>SECONDARY_ENGINE_ATTRIBUTE</c>, <c>NOT SECONDARY</c>, options of MariaDB's engines.</summary>
    public NodeList<OptionClause> Options { get; init; } = [];
}
