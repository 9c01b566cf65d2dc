namespace TiFerry.Core.Filters;

/// <summary>A table in a block-allow-list: <c>db-name</c> and <c>tbl-name</c>, each a <see cref="SelectorPattern"/>.</summary>
/// <param name="Schema">The schema's pattern.</param>
/// <param name="Table">The table's pattern.</param>
public readonly record struct TableNamePattern(string Schema, string Table);

/// <summary>One rule of <c>block-allow-list</c> in DM's task file (https://docs.pingcap.com/tidb/stable/dm-block-allow-table-lists).</summary>
public sealed record BlockAllowListRules
{
    /// <summary><c>do-dbs</c>: the only schemas that take part; empty for all.</summary>
    public IReadOnlyList<string> DoSchemas { get; init; } = [];

    /// <summary><c>do-tables</c>: the only tables that take part; empty for all.</summary>
    public IReadOnlyList<TableNamePattern> DoTables { get; init; } = [];

    /// <summary><c>ignore-dbs</c>: schemas left out; read only where <see cref="DoSchemas"/> is empty.</summary>
    public IReadOnlyList<string> IgnoreSchemas { get; init; } = [];

    /// <summary><c>ignore-tables</c>: tables left out; a table that <see cref="DoTables"/> names stays in.</summary>
    public IReadOnlyList<TableNamePattern> IgnoreTables { get; init; } = [];
}
