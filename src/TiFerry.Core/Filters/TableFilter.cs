using TiFerry.Core.Errors;

namespace TiFerry.Core.Filters;

/// <summary>
/// Decides which tables take part, in the syntax that all TiDB tools share
/// (https://docs.pingcap.com/tidb/stable/table-filter): <c>schema.table</c> rules with wildcards, quoting,
/// <c>/regular expressions/</c>, <c>!</c> for exclusion and <c>@file</c> for import. The last rule that matches decides;
/// a table that no rule matches is left out. Immutable and safe to share between threads.
/// </summary>
public sealed class TableFilter : ITableSelector
{
    private readonly Rule[] _lastFirst;

    private TableFilter(IEnumerable<Rule> rules) => _lastFirst = [.. rules.Reverse()];

    internal readonly record struct Rule(NamePattern Schema, NamePattern Table, bool Includes);

    /// <summary>Everything except the system databases and <paramref name="excludedSchemas"/> (for example the checkpoint database).</summary>
    public static TableFilter Default(params ReadOnlySpan<string> excludedSchemas)
    {
        var rules = new List<Rule> { new(Everything, Everything, Includes: true), new(new SystemSchemaPattern(), Everything, Includes: false) };
        foreach (var schema in excludedSchemas)
            rules.Add(new Rule(new LiteralPattern(schema, StringComparison.OrdinalIgnoreCase), Everything, Includes: false));
        return new TableFilter(rules);
    }

    /// <summary>
    /// Reads the rules in their order. Letter case is ignored unless <paramref name="caseSensitive"/>, as in Dumpling and Lightning.
    /// System databases are not excluded by themselves: a caller that wants that asks <see cref="SystemSchemas"/> too.
    /// </summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadTableFilter"/>: a rule is malformed or a file cannot be read; names rule and column.</exception>
    public static TableFilter Parse(IEnumerable<string> patterns, bool caseSensitive = false)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        var parser = new TableFilterParser(caseSensitive);
        foreach (var pattern in patterns)
            parser.ReadArgument(pattern);
        return new TableFilter(parser.Rules);
    }

    /// <inheritdoc/>
    public bool MatchTable(string schema, string table)
    {
        foreach (var rule in _lastFirst)
        {
            if (rule.Schema.Matches(schema) && rule.Table.Matches(table))
                return rule.Includes;
        }

        return false;
    }

    /// <inheritdoc/>
    public bool MatchSchema(string schema)
    {
        foreach (var rule in _lastFirst)
        {
            if (rule.Schema.Matches(schema) && (rule.Includes || rule.Table.MatchesEverything))
                return rule.Includes;
        }

        return false;
    }

    private static readonly WildcardPattern Everything = new([new WildcardPattern.Element(WildcardPattern.ElementKind.AnyRun)], caseSensitive: true);

    private sealed class SystemSchemaPattern : NamePattern
    {
        public override bool Matches(string name) => SystemSchemas.Contains(name);
    }
}
