using TiFerry.Core.Errors;

namespace TiFerry.Core.Filters;

/// <summary>
/// Decides which tables take part in the way of DM's block-allow-list (https://docs.pingcap.com/tidb/stable/dm-block-allow-table-lists):
/// first the schema has to pass (<c>do-dbs</c>, or else <c>ignore-dbs</c>), then the table (<c>do-tables</c> before <c>ignore-tables</c>;
/// where <c>do-tables</c> names tables, no other passes). The databases of the server itself never do.
/// </summary>
public sealed class BlockAllowList : ITableSelector
{
    private readonly SelectorPattern[] _doSchemas;
    private readonly SelectorPattern[] _ignoreSchemas;
    private readonly TablePattern[] _doTables;
    private readonly TablePattern[] _ignoreTables;

    /// <summary>Compiles the rules.</summary>
    /// <param name="rules">The rules; empty ones let everything pass.</param>
    /// <param name="caseSensitive"><c>case-sensitive</c> of the task file: whether letter case counts in names.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadBlockAllowList"/>: a pattern can't be used.</exception>
    public BlockAllowList(BlockAllowListRules rules, bool caseSensitive = false)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _doSchemas = [.. rules.DoSchemas.Select(p => Parse(p, "do-dbs", caseSensitive))];
        _ignoreSchemas = [.. rules.IgnoreSchemas.Select(p => Parse(p, "ignore-dbs", caseSensitive))];
        _doTables = [.. rules.DoTables.Select(p => Parse(p, "do-tables", caseSensitive))];
        _ignoreTables = [.. rules.IgnoreTables.Select(p => Parse(p, "ignore-tables", caseSensitive))];
    }

    private readonly record struct TablePattern(SelectorPattern Schema, SelectorPattern Table)
    {
        public bool Matches(string schema, string table) => Schema.Matches(schema) && Table.Matches(table);
    }

    /// <inheritdoc/>
    public bool MatchSchema(string schema) =>
        PassesSchemaLists(schema) && (_doTables.Length == 0 || Array.Exists(_doTables, p => p.Schema.Matches(schema)));

    /// <inheritdoc/>
    public bool MatchTable(string schema, string table) => PassesSchemaLists(schema) && PassesTableLists(schema, table);

    private bool PassesSchemaLists(string schema)
    {
        if (SystemSchemas.Contains(schema))
            return false;
        return _doSchemas.Length > 0
            ? Array.Exists(_doSchemas, p => p.Matches(schema))
            : !Array.Exists(_ignoreSchemas, p => p.Matches(schema));
    }

    private bool PassesTableLists(string schema, string table) =>
        _doTables.Length > 0
            ? Array.Exists(_doTables, p => p.Matches(schema, table))
            : !Array.Exists(_ignoreTables, p => p.Matches(schema, table));

    private static TablePattern Parse(TableNamePattern pattern, string list, bool caseSensitive) =>
        new(Parse(pattern.Schema, list, caseSensitive), Parse(pattern.Table, list, caseSensitive));

    private static SelectorPattern Parse(string pattern, string list, bool caseSensitive)
    {
        try
        {
            return SelectorPattern.Parse(pattern, caseSensitive);
        }
        catch (FormatException e)
        {
            throw new TiFerryException(ConfigErrors.BadBlockAllowList, ErrorScope.Internal,
                $"the pattern '{pattern}' in {list} can't be used: {e.Message}",
                "write a name with '?', '[a-z]' and a last '*' as wildcards, or '~' and a regular expression in Go's syntax; do-tables and ignore-tables need db-name and tbl-name");
        }
    }
}
