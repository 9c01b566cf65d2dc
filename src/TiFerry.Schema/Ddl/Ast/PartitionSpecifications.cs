namespace TiFerry.Schema.Ddl.Ast;

/// <summary>PARTITION BY ...</summary>
public sealed record PartitionBy(Partitioning Partitioning) : AlterSpecification;

/// <summary>REMOVE PARTITIONING.</summary>
public sealed record RemovePartitioning : AlterSpecification;

/// <summary>ADD PARTITION (definitions) or ADD PARTITION PARTITIONS n.</summary>
public sealed record AddPartition : AlterSpecification
{
    /// <summary>The new partitions; empty where only their number is given.</summary>
    public NodeList<PartitionDefinition> Partitions { get; init; } = [];

    /// <summary>PARTITIONS n; null for none.</summary>
    public int? Count { get; init; }

    /// <summary>MariaDB's IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }
}

/// <summary>DROP PARTITION names: their rows go.</summary>
public sealed record DropPartition(NodeList<string> Names) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>TRUNCATE PARTITION names: their rows go.</summary>
/// <param name="Names">The partitions; empty for ALL.</param>
public sealed record TruncatePartition(NodeList<string> Names) : AlterSpecification;

/// <summary>COALESCE PARTITION n.</summary>
public sealed record CoalescePartition(int Count) : AlterSpecification;

/// <summary>REORGANIZE PARTITION names INTO (definitions).</summary>
/// <param name="Names">The partitions; empty for all of them.</param>
/// <param name="Partitions">What they become; empty where none are written.</param>
public sealed record ReorganizePartition(NodeList<string> Names, NodeList<PartitionDefinition> Partitions) : AlterSpecification;

/// <summary>EXCHANGE PARTITION name WITH TABLE table: rows change places.</summary>
public sealed record ExchangePartition(string Name, ObjectName Table) : AlterSpecification
{
    /// <summary>WITH (true) or WITHOUT (false) VALIDATION; null where neither was written.</summary>
    public bool? HasValidation { get; init; }

    /// <inheritdoc/>
    public override ObjectName? OtherTable => Table;
}

/// <summary>MariaDB's CONVERT PARTITION name TO TABLE table.</summary>
public sealed record ConvertPartitionToTable(string Name, ObjectName Table) : AlterSpecification
{
    /// <inheritdoc/>
    public override ObjectName? OtherTable => Table;
}

/// <summary>MariaDB's CONVERT TABLE table TO PARTITION definition.</summary>
public sealed record ConvertTableToPartition(ObjectName Table, PartitionDefinition Partition) : AlterSpecification
{
    /// <summary>WITH (true) or WITHOUT (false) VALIDATION; null where neither was written.</summary>
    public bool? HasValidation { get; init; }

    /// <inheritdoc/>
    public override ObjectName? OtherTable => Table;
}

/// <summary>ANALYZE, CHECK, OPTIMIZE, REBUILD, REPAIR, DISCARD or IMPORT PARTITION: neither rows nor definition change.</summary>
/// <param name="Operation">The word in upper case.</param>
/// <param name="Names">The partitions; empty for ALL.</param>
public sealed record MaintainPartition(string Operation, NodeList<string> Names) : AlterSpecification
{
    /// <summary>What follows the names, for example <c>QUICK</c>, <c>TABLESPACE</c>; null for nothing.</summary>
    public SqlExpression? Tail { get; init; }
}
