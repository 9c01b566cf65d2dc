using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;

namespace TiFerry.Sync.Filter;

/// <summary>
/// Leaves out events by kind and text, in the way of DM's binlog event filter (https://docs.pingcap.com/tidb/stable/dm-binlog-event-filter).
/// Of the rules that fit a table, one that ignores goes before one that stops, and that before one that lets pass only some. Thread safe.
/// </summary>
public sealed class BinlogEventFilter
{
    private readonly Rule[] _rules;
    private readonly ConcurrentDictionary<(string Schema, string Table), Rule[]> _fitting = new();

    /// <summary>Compiles the rules.</summary>
    /// <param name="rules">The rules; none lets everything pass.</param>
    /// <param name="caseSensitive"><c>case-sensitive</c> of the task file: whether letter case counts in names.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadBinlogFilter"/>: a rule can't be used.</exception>
    public BinlogEventFilter(IEnumerable<BinlogEventRule> rules, bool caseSensitive = false)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = [.. rules.Select(r => new Rule(r, caseSensitive))];
    }

    /// <summary>Whether there are no rules, so that everything passes.</summary>
    public bool IsEmpty => _rules.Length == 0;

    /// <summary>Decides about an event.</summary>
    /// <param name="schema">The source's schema; empty for a statement whose objects are not known.</param>
    /// <param name="table">The source's table; empty for a statement about a schema.</param>
    /// <param name="kind">What the event does; <see cref="BinlogEventKind.None"/> where only its text counts.</param>
    /// <param name="sql">The statement as it stands in the binlog; empty for row changes.</param>
    public FilterAction Decide(string schema, string table, BinlogEventKind kind, string sql)
    {
        var decision = FilterAction.Do;
        var isLeftOut = false;
        foreach (var rule in Fitting(schema, table))
        {
            if (rule.Action == FilterAction.Do)
            {
                isLeftOut |= !rule.LetsPass(kind, sql);
            }
            else if (rule.Names(kind, sql))
            {
                if (rule.Action == FilterAction.Ignore)
                    return FilterAction.Ignore;
                decision = FilterAction.Error;
            }
        }

        return decision == FilterAction.Do && isLeftOut ? FilterAction.Ignore : decision;
    }

    private Rule[] Fitting(string schema, string table)
    {
        if (_rules.Length == 0)
            return _rules;
        return _fitting.TryGetValue((schema, table), out var known) ? known : _fitting.GetOrAdd((schema, table), Array.FindAll(_rules, r => r.Fits(schema, table)));
    }

    private sealed class Rule
    {
        // What every ALTER TABLE, and every one of several parts, is besides what its parts do.
        private const BinlogEventKind Forms = BinlogEventKind.AlterTable | BinlogEventKind.MultiSchemaChange;

        private readonly SelectorPattern _schema;
        private readonly SelectorPattern? _table;
        private readonly BinlogEventKind _kinds;
        private readonly Regex[] _texts;

        public Rule(BinlogEventRule definition, bool caseSensitive)
        {
            Action = definition.Action;
            _schema = Pattern(definition, definition.SchemaPattern, "schema-pattern", caseSensitive);
            _table = definition.TablePattern.Length == 0 ? null : Pattern(definition, definition.TablePattern, "table-pattern", caseSensitive);
            if (definition.Events.FirstOrDefault(e => !BinlogEventNames.IsKnown(e)) is { } unknown)
                throw Bad(definition, $"there is no event '{unknown}'", $"use some of: {string.Join(", ", BinlogEventNames.All)}");
            _kinds = BinlogEventNames.Combine(definition.Events);
            _texts = [.. definition.SqlPatterns.Select(p => Text(definition, p))];
        }

        public FilterAction Action { get; }

        public bool Fits(string schema, string table) => _schema.Matches(schema) && (_table is null || _table.Matches(table));

        /// <summary>For a rule that ignores or stops: whether it means this event, by kind or by text.</summary>
        public bool Names(BinlogEventKind kind, string sql) => (_kinds & kind) != BinlogEventKind.None || (sql.Length > 0 && HasText(sql));

        /// <summary>For a rule that lets pass: whether kind and text are what it names. A statement that does several things has to be named whole.</summary>
        public bool LetsPass(BinlogEventKind kind, string sql) =>
            (kind == BinlogEventKind.None || IsNamedWhole(kind)) && (sql.Length == 0 || _texts.Length == 0 || HasText(sql));

        private bool IsNamedWhole(BinlogEventKind kind)
        {
            var parts = kind & ~Forms;
            return (_kinds & kind & Forms) != BinlogEventKind.None || (parts != BinlogEventKind.None && (_kinds & parts) == parts);
        }

        private bool HasText(string sql) => Array.Exists(_texts, t => t.IsMatch(sql));

        private static SelectorPattern Pattern(BinlogEventRule rule, string text, string key, bool caseSensitive)
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

        private static Regex Text(BinlogEventRule rule, string pattern)
        {
            try
            {
                return GoRegex.Compile(pattern, caseSensitive: false);
            }
            catch (ArgumentException e)
            {
                throw Bad(rule, $"sql-pattern '{pattern}' is not valid: {e.Message}", "write a regular expression in Go's syntax, as in '^DROP\\s+PROCEDURE'");
            }
        }

        private static TiFerryException Bad(BinlogEventRule rule, string what, string wayOut) =>
            new(ConfigErrors.BadBinlogFilter, ErrorScope.Internal, $"the binlog event filter '{rule.Name}' can't be used: {what}", wayOut);
    }
}
