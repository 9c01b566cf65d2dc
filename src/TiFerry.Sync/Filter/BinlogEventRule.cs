namespace TiFerry.Sync.Filter;

/// <summary>One rule of <c>filters</c> in DM's task file (https://docs.pingcap.com/tidb/stable/dm-binlog-event-filter).</summary>
public sealed record BinlogEventRule
{
    /// <summary>The rule's name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary><c>schema-pattern</c>, a <see cref="Core.Filters.SelectorPattern"/>.</summary>
    public required string SchemaPattern { get; init; }

    /// <summary><c>table-pattern</c>; empty for everything in the schema, and the schema itself.</summary>
    public string TablePattern { get; init; } = "";

    /// <summary><c>events</c>: names of kinds, in any letter case. The first that speaks of a kind decides, so that what follows a <c>none</c> is not read.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary><c>sql-pattern</c>: regular expressions in Go's syntax, in any letter case; one of them has to match somewhere in the statement.</summary>
    public IReadOnlyList<string> SqlPatterns { get; init; } = [];

    /// <summary><c>action</c>.</summary>
    public required FilterAction Action { get; init; }
}
