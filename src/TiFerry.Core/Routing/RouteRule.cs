namespace TiFerry.Core.Routing;

/// <summary>One rule of <c>routes</c> in DM's task file (https://docs.pingcap.com/tidb/stable/dm-table-routing).</summary>
public sealed record RouteRule
{
    /// <summary>The rule's name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary><c>schema-pattern</c>, a <see cref="Filters.SelectorPattern"/>.</summary>
    public required string SchemaPattern { get; init; }

    /// <summary><c>table-pattern</c>; empty for a rule of whole schemas.</summary>
    public string TablePattern { get; init; } = "";

    /// <summary><c>target-schema</c>.</summary>
    public required string TargetSchema { get; init; }

    /// <summary><c>target-table</c>; empty where tables keep their names.</summary>
    public string TargetTable { get; init; } = "";

    /// <summary><c>extract-table</c>; null for none.</summary>
    public ColumnExtractor? ExtractTable { get; init; }

    /// <summary><c>extract-schema</c>; null for none.</summary>
    public ColumnExtractor? ExtractSchema { get; init; }

    /// <summary><c>extract-source</c>; null for none.</summary>
    public ColumnExtractor? ExtractSource { get; init; }
}
