namespace TiFerry.Schema.Ddl.Ast;

/// <summary>What kind of key.</summary>
public enum KeyType
{
    /// <summary>KEY, INDEX.</summary>
    Plain,

    /// <summary>PRIMARY KEY.</summary>
    Primary,

    /// <summary>UNIQUE.</summary>
    Unique,

    /// <summary>FULLTEXT.</summary>
    Fulltext,

    /// <summary>SPATIAL.</summary>
    Spatial,

    /// <summary>VECTOR.</summary>
    Vector,

    /// <summary>TiDB's COLUMNAR.</summary>
    Columnar,
}

/// <summary>TiDB's choice whether rows are stored by the primary key.</summary>
public enum KeyClustering
{
    /// <summary>Not written.</summary>
    Unspecified,

    /// <summary>CLUSTERED.</summary>
    Clustered,

    /// <summary>NONCLUSTERED.</summary>
    NonClustered,
}

/// <summary>A column or an expression in a key.</summary>
public sealed record KeyPart : SqlNode
{
    /// <summary>The column; null for an expression.</summary>
    public string? Column { get; init; }

    /// <summary>The expression without the brackets around it; null for a column.</summary>
    public SqlExpression? Expression { get; init; }

    /// <summary>How many characters (bytes of a binary column) are in the key; null for all.</summary>
    public int? PrefixLength { get; init; }

    /// <summary>DESC. MySQL before 8.0 and MariaDB before 10.8 ignore it.</summary>
    public bool IsDescending { get; init; }
}

/// <summary>A primary, unique or other key of a table.</summary>
/// <param name="Type">What kind of key.</param>
public sealed record KeyDefinition(KeyType Type) : TableElement
{
    /// <summary>The name; null for none written. The name of a primary key has no effect.</summary>
    public string? Name { get; init; }

    /// <summary>CONSTRAINT name; null for none, empty for CONSTRAINT without a name. A key without <see cref="Name"/> gets this one.</summary>
    public string? ConstraintName { get; init; }

    /// <summary>MariaDB's IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>Columns and expressions.</summary>
    public NodeList<KeyPart> Parts { get; init; } = [];

    /// <summary>MariaDB: the period of WITHOUT OVERLAPS, last in the key; null for none.</summary>
    public string? WithoutOverlaps { get; init; }

    /// <summary>USING or TYPE: BTREE, HASH, RTREE, HNSW in upper case; null for none written.</summary>
    public string? Algorithm { get; init; }

    /// <summary>COMMENT; null for none written.</summary>
    public string? Comment { get; init; }

    /// <summary>WITH PARSER; null for none.</summary>
    public string? Parser { get; init; }

    /// <summary>False for INVISIBLE, true for VISIBLE, null where neither was written.</summary>
    public bool? IsVisible { get; init; }

    /// <summary>MariaDB: true for IGNORED, false for NOT IGNORED, null where neither was written.</summary>
    public bool? IsIgnored { get; init; }

    /// <summary>TiDB's choice for a primary key.</summary>
    public KeyClustering Clustering { get; init; }

    /// <summary>Everything else: <c>KEY_BLOCK_SIZE</c>, <c>ENGINE_ATTRIBUTE</c>, <c>GLOBAL</c>, <c>LOCAL</c>, options of MariaDB's engines.</summary>
    public NodeList<OptionClause> Options { get; init; } = [];
}
