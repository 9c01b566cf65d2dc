namespace TiFerry.Schema.Ddl.Ast;

/// <summary>How rows are divided.</summary>
public enum PartitionMethod
{
    /// <summary>HASH (expression).</summary>
    Hash,

    /// <summary>KEY (columns).</summary>
    Key,

    /// <summary>RANGE (expression).</summary>
    Range,

    /// <summary>RANGE COLUMNS (columns).</summary>
    RangeColumns,

    /// <summary>LIST (expression).</summary>
    List,

    /// <summary>LIST COLUMNS (columns).</summary>
    ListColumns,

    /// <summary>MariaDB's SYSTEM_TIME.</summary>
    SystemTime,
}

/// <summary>The rule of PARTITION BY or SUBPARTITION BY.</summary>
/// <param name="Method">How rows are divided.</param>
public sealed record PartitionRule(PartitionMethod Method) : SqlNode
{
    /// <summary>LINEAR.</summary>
    public bool IsLinear { get; init; }

    /// <summary>KEY's ALGORITHM=n; null for none written.</summary>
    public int? KeyAlgorithm { get; init; }

    /// <summary>The expression of HASH, RANGE and LIST without the brackets around it; else null.</summary>
    public SqlExpression? Expression { get; init; }

    /// <summary>The columns of KEY, RANGE COLUMNS and LIST COLUMNS.</summary>
    public NodeList<string> Columns { get; init; } = [];

    /// <summary>What follows: MariaDB's <c>INTERVAL 1 MONTH STARTS '...' AUTO</c> or <c>LIMIT 1000</c>, TiDB's <c>INTERVAL (...) FIRST PARTITION ...</c>; null for nothing.</summary>
    public SqlExpression? Tail { get; init; }
}

/// <summary>PARTITION BY ...</summary>
/// <param name="Rule">How rows are divided.</param>
public sealed record Partitioning(PartitionRule Rule) : SqlNode
{
    /// <summary>PARTITIONS n; null for none written.</summary>
    public int? Count { get; init; }

    /// <summary>SUBPARTITION BY; null for none.</summary>
    public PartitionRule? SubRule { get; init; }

    /// <summary>SUBPARTITIONS n; null for none written.</summary>
    public int? SubCount { get; init; }

    /// <summary>The partitions; empty where only their number is given.</summary>
    public NodeList<PartitionDefinition> Partitions { get; init; } = [];

    /// <summary>TiDB's UPDATE INDEXES (...) of ALTER TABLE ... PARTITION BY; null for none.</summary>
    public SqlExpression? UpdateIndexes { get; init; }
}

/// <summary>Which rows a partition takes.</summary>
public enum PartitionBound
{
    /// <summary>Nothing is written: HASH and KEY.</summary>
    None,

    /// <summary>VALUES LESS THAN (values).</summary>
    LessThan,

    /// <summary>VALUES LESS THAN MAXVALUE.</summary>
    MaxValue,

    /// <summary>VALUES IN (values).</summary>
    In,

    /// <summary>DEFAULT: all others of LIST.</summary>
    Default,

    /// <summary>MariaDB's HISTORY.</summary>
    History,

    /// <summary>MariaDB's CURRENT.</summary>
    Current,
}

/// <summary>PARTITION name ...</summary>
/// <param name="Name">The name.</param>
public sealed record PartitionDefinition(string Name) : SqlNode
{
    /// <summary>Which rows it takes.</summary>
    public PartitionBound Bound { get; init; }

    /// <summary>The values without the brackets around them; null where <see cref="Bound"/> has none.</summary>
    public SqlExpression? Values { get; init; }

    /// <summary>ENGINE, COMMENT, DATA DIRECTORY, ...</summary>
    public NodeList<OptionClause> Options { get; init; } = [];

    /// <summary>The subpartitions, where they are written out.</summary>
    public NodeList<SubpartitionDefinition> Subpartitions { get; init; } = [];
}

/// <summary>SUBPARTITION name ...</summary>
/// <param name="Name">The name.</param>
public sealed record SubpartitionDefinition(string Name) : SqlNode
{
    /// <summary>ENGINE, COMMENT, DATA DIRECTORY, ...</summary>
    public NodeList<OptionClause> Options { get; init; } = [];
}
