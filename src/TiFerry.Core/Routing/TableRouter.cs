using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;

namespace TiFerry.Core.Routing;

/// <summary>
/// Says where each table of one source goes, by the rules of DM's task file (https://docs.pingcap.com/tidb/stable/dm-table-routing).
/// A rule with a table pattern goes before a rule of the whole schema; two rules of the same kind that fit one table are an error.
/// What no rule fits keeps its name. Thread safe; answers are kept.
/// </summary>
public sealed class TableRouter
{
    private readonly Rule[] _rules;
    private readonly string _sourceId;
    private readonly ConcurrentDictionary<(string Schema, string Table), RoutedTable> _tables = new();

    /// <summary>Compiles the rules.</summary>
    /// <param name="rules">The rules; none leaves every name as it is.</param>
    /// <param name="sourceId">The source's id, what <c>extract-source</c> looks at.</param>
    /// <param name="caseSensitive"><c>case-sensitive</c> of the task file: whether letter case counts in the patterns. Extractors always see names as they are.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadRoute"/>: a rule can't be used.</exception>
    public TableRouter(IEnumerable<RouteRule> rules, string sourceId = "", bool caseSensitive = false)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = [.. rules.Select(r => new Rule(r, caseSensitive))];
        _sourceId = sourceId;
    }

    /// <summary>Whether there are no rules, so that all names stay.</summary>
    public bool IsEmpty => _rules.Length == 0;

    /// <summary>Where a table goes.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadRoute"/>: more than one rule fits.</exception>
    public RoutedTable Route(string schema, string table) =>
        _tables.TryGetValue((schema, table), out var known) ? known : _tables.GetOrAdd((schema, table), Find(schema, table));

    /// <summary>Where a schema itself goes, as in CREATE and DROP DATABASE: by the rules without a table pattern alone.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadRoute"/>: more than one rule fits.</exception>
    public string RouteSchema(string schema) => Single(SchemaRules(schema), $"the schema `{schema}`")?.Definition.TargetSchema ?? schema;

    private RoutedTable Find(string schema, string table)
    {
        var name = $"the table `{schema}`.`{table}`";
        var rule = Single(Array.FindAll(_rules, r => r.Table is { } pattern && r.Schema.Matches(schema) && pattern.Matches(table)), name)
            ?? Single(SchemaRules(schema), name);
        if (rule is null)
            return new RoutedTable(schema, table, []);
        var targetTable = rule.Definition.TargetTable is { Length: > 0 } given ? given : table;
        return new RoutedTable(rule.Definition.TargetSchema, targetTable, rule.Extract(schema, table, _sourceId));
    }

    private Rule[] SchemaRules(string schema) => Array.FindAll(_rules, r => r.Table is null && r.Schema.Matches(schema));

    private static Rule? Single(Rule[] fitting, string name)
    {
        if (fitting.Length > 1)
        {
            throw new TiFerryException(ConfigErrors.BadRoute, ErrorScope.Internal,
                $"{name} fits more than one route: {string.Join(", ", fitting.Select(r => $"'{r.Definition.Name}'"))}",
                "make the patterns of these routes narrower, so that one of them fits");
        }

        return fitting.Length == 0 ? null : fitting[0];
    }

    private sealed class Rule
    {
        private readonly Extractor? _table;
        private readonly Extractor? _schema;
        private readonly Extractor? _source;

        public Rule(RouteRule definition, bool caseSensitive)
        {
            Definition = definition;
            if (definition.SchemaPattern.Length == 0)
                throw Bad(definition, "schema-pattern is empty", "give the schemas that it is for");
            if (definition.TargetSchema.Length == 0)
                throw Bad(definition, "target-schema is empty", "give the schema that its tables go to");
            Schema = Pattern(definition, definition.SchemaPattern, "schema-pattern", caseSensitive);
            Table = definition.TablePattern.Length == 0 ? null : Pattern(definition, definition.TablePattern, "table-pattern", caseSensitive);
            _table = Extractor.Of(definition, definition.ExtractTable, "extract-table");
            _schema = Extractor.Of(definition, definition.ExtractSchema, "extract-schema");
            _source = Extractor.Of(definition, definition.ExtractSource, "extract-source");
        }

        public RouteRule Definition { get; }

        public SelectorPattern Schema { get; }

        /// <summary>Null for a rule of whole schemas.</summary>
        public SelectorPattern? Table { get; }

        public ExtractedColumn[] Extract(string schema, string table, string sourceId)
        {
            ExtractedColumn?[] columns = [_table?.Extract(table), _schema?.Extract(schema), _source?.Extract(sourceId)];
            return [.. columns.OfType<ExtractedColumn>()];
        }

        private static SelectorPattern Pattern(RouteRule rule, string text, string key, bool caseSensitive)
        {
            try
            {
                return SelectorPattern.Parse(text, caseSensitive);
            }
            catch (FormatException e)
            {
                throw Bad(rule, $"{key} '{text}': {e.Message}", "write a name with '?', '[a-z]' and a last '*' as wildcards, or '~' and a regular expression in Go's syntax");
            }
        }
    }

    private sealed class Extractor(string column, Regex regex)
    {
        public static Extractor? Of(RouteRule rule, ColumnExtractor? extractor, string key)
        {
            if (extractor is null)
                return null;
            if (extractor.TargetColumn.Length == 0)
                throw Bad(rule, $"{key} has no target-column", "name the column of the target's table that takes the value");
            try
            {
                var regex = GoRegex.Compile(extractor.Regexp, caseSensitive: true);
                if (regex.GetGroupNumbers().Length < 2)
                    throw Bad(rule, $"the regular expression '{extractor.Regexp}' of {key} has no group, so its column would always be empty", "put the part to extract in parentheses, as in 't_(.*)'");
                return new Extractor(extractor.TargetColumn, regex);
            }
            catch (ArgumentException e)
            {
                throw Bad(rule, $"the regular expression '{extractor.Regexp}' of {key} is not valid: {e.Message}", "write it in Go's syntax, as in 't_(.*)'");
            }
        }

        public ExtractedColumn Extract(string name) =>
            new(column, string.Concat(regex.Match(name).Groups.Cast<Group>().Skip(1).Select(g => g.Value)));
    }

    private static TiFerryException Bad(RouteRule rule, string what, string wayOut) =>
        new(ConfigErrors.BadRoute, ErrorScope.Internal, $"the route '{rule.Name}' can't be used: {what}", wayOut);
}
