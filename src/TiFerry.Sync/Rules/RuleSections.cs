using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.Sync.OnlineDdl;

namespace TiFerry.Sync.Rules;

/// <summary>
/// Reads the sections of DM's task file that hold named rules (https://docs.pingcap.com/tidb/stable/task-configuration-file-full). Each rule is checked
/// where it stands, so that an error names file, line and column. All throw <see cref="TiFerryException"/>; a null section has no rules.
/// </summary>
public static class RuleSections
{
    /// <summary><c>routes</c>.</summary>
    public static IReadOnlyDictionary<string, RouteRule> Routes(ConfigValue? section) => Named(section, (name, value) =>
    {
        var map = value.AsMap("schema-pattern", "table-pattern", "target-schema", "target-table", "extract-table", "extract-schema", "extract-source");
        var rule = new RouteRule
        {
            Name = name,
            SchemaPattern = map.Text("schema-pattern"),
            TablePattern = map.Text("table-pattern"),
            TargetSchema = map.Text("target-schema"),
            TargetTable = map.Text("target-table"),
            ExtractTable = Extractor(map["extract-table"], "table-regexp"),
            ExtractSchema = Extractor(map["extract-schema"], "schema-regexp"),
            ExtractSource = Extractor(map["extract-source"], "source-regexp"),
        };
        value.Build(() => new TableRouter([rule]));
        return rule;
    });

    /// <summary><c>filters</c>.</summary>
    public static IReadOnlyDictionary<string, BinlogEventRule> Filters(ConfigValue? section) => Named(section, Filter);

    /// <summary>One rule of <c>filters</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What stands there.</param>
    public static BinlogEventRule Filter(string name, ConfigValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var map = value.AsMap("schema-pattern", "table-pattern", "events", "sql-pattern", "action");
        var rule = new BinlogEventRule
        {
            Name = name,
            SchemaPattern = map.Text("schema-pattern"),
            TablePattern = map.Text("table-pattern"),
            Events = map.Texts("events"),
            SqlPatterns = map.Texts("sql-pattern"),
            Action = Action(map),
        };
        value.Build(() => new BinlogEventFilter([rule]));
        return rule;
    }

    /// <summary><c>expression-filter</c>. The expressions themselves are compiled when the tables are known.</summary>
    public static IReadOnlyDictionary<string, ExpressionRule> ExpressionFilters(ConfigValue? section) => Named(section, (_, value) =>
    {
        var map = value.AsMap("schema", "table", "insert-value-expr", "update-old-value-expr", "update-new-value-expr", "delete-value-expr");
        var rule = new ExpressionRule(
            map.Text("schema"), map.Text("table"), Expression("insert-value-expr"), Expression("update-old-value-expr"), Expression("update-new-value-expr"), Expression("delete-value-expr"));
        if (rule.Schema.Length == 0 || rule.Table.Length == 0)
            throw value.Bad($"{(rule.Schema.Length == 0 ? "schema" : "table")} is empty", "name the source's schema and table; patterns aren't possible here", ConfigErrors.NoExpressionTable);
        bool[] kinds = [rule.InsertValueExpr is not null, (rule.UpdateOldValueExpr ?? rule.UpdateNewValueExpr) is not null, rule.DeleteValueExpr is not null];
        if (kinds.Count(k => k) > 1)
            throw value.Bad("it has expressions for more than one of insert, update and delete", "make a filter of each", ConfigErrors.ManyExpressions);
        return rule;

        string? Expression(string key) => map.Text(key) is { Length: > 0 } text ? text : null;
    });

    /// <summary><c>block-allow-list</c>, or <c>black-white-list</c> as it was called.</summary>
    /// <param name="section">The section.</param>
    /// <param name="caseSensitive"><c>case-sensitive</c> of the file.</param>
    public static IReadOnlyDictionary<string, BlockAllowListRules> BlockAllowLists(ConfigValue? section, bool caseSensitive) => Named(section, (_, value) =>
    {
        var map = value.AsMap("do-dbs", "do-tables", "ignore-dbs", "ignore-tables");
        var rules = new BlockAllowListRules
        {
            DoSchemas = map.Texts("do-dbs"),
            DoTables = Tables(map, "do-tables"),
            IgnoreSchemas = map.Texts("ignore-dbs"),
            IgnoreTables = Tables(map, "ignore-tables"),
        };
        value.Build(() => new BlockAllowList(rules, caseSensitive));
        return rules;
    });

    /// <summary><c>syncers</c>.</summary>
    /// <param name="section">The section.</param>
    /// <param name="notices">Takes a line for each key that does nothing any more.</param>
    public static IReadOnlyDictionary<string, SyncerSettings> Syncers(ConfigValue? section, ICollection<string> notices) => Named(section, (_, value) => Syncer(value, notices));

    /// <summary>One entry of <c>syncers</c>.</summary>
    /// <param name="value">What stands there.</param>
    /// <param name="notices">Takes a line for each key that does nothing any more.</param>
    public static SyncerSettings Syncer(ConfigValue value, ICollection<string> notices)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(notices);
        var map = value.AsMap(
            "worker-count", "batch", "queue-size", "checkpoint-flush-interval", "compact", "multiple-rows", "safe-mode", "safe-mode-duration",
            "enable-ansi-quotes", "meta-file", "max-retry", "auto-fix-gtid", "enable-gtid", "disable-detect");
        foreach (var key in (ReadOnlySpan<string>)["enable-ansi-quotes", "meta-file", "max-retry", "auto-fix-gtid", "enable-gtid", "disable-detect"])
        {
            if (map[key] is { } old)
                notices.Add($"{old.Position}: '{old.Path}' does nothing any more");
        }

        var flushSeconds = map.Number("checkpoint-flush-interval", 0) is > 0 and var given ? given : 30;
        var settings = new SyncerSettings
        {
            WorkerCount = map.Number("worker-count", 16, min: 1, max: 1024),
            Batch = map.Number("batch", 100, min: 1),
            QueueSize = map.Number("queue-size", 0) is > 0 and var size ? size : 1024,
            CheckpointFlushInterval = TimeSpan.FromSeconds(flushSeconds),
            Compact = map.Flag("compact"),
            MultipleRows = map.Flag("multiple-rows"),
            SafeMode = map.Flag("safe-mode"),
            SafeModeDuration = Duration(map["safe-mode-duration"], TimeSpan.FromSeconds(2 * flushSeconds)),
        };
        if (settings.SafeMode && settings.SafeModeDuration == TimeSpan.Zero)
            throw value.Bad("safe-mode is on and safe-mode-duration is 0s", "turn one of them off", ConfigErrors.SafeModeContradiction);
        return settings;
    }

    /// <summary><c>online-ddl</c>, <c>online-ddl-scheme</c>, <c>shadow-table-rules</c> and <c>trash-table-rules</c>, which stand at the top of the file.</summary>
    public static OnlineDdlRules OnlineDdl(ConfigMap top)
    {
        var scheme = top.Text("online-ddl-scheme");
        if (scheme is not ("" or "gh-ost" or "pt"))
            throw top["online-ddl-scheme"]!.Bad($"there is no scheme '{scheme}'", "leave the key out and write 'online-ddl: true', which knows both gh-ost and pt", ConfigErrors.BadOnlineDdlScheme);
        var rules = new OnlineDdlRules
        {
            IsOn = top.Flag("online-ddl", ifMissing: true) || scheme.Length > 0,
            ShadowTableRules = top.Texts("shadow-table-rules"),
            TrashTableRules = top.Texts("trash-table-rules"),
        };
        top["shadow-table-rules"]?.Build(() => new OnlineDdlTables(rules.ShadowTableRules, []));
        top["trash-table-rules"]?.Build(() => new OnlineDdlTables([], rules.TrashTableRules));
        return rules;
    }

    private static OrderedDictionary<string, T> Named<T>(ConfigValue? section, Func<string, ConfigValue, T> read)
    {
        var rules = new OrderedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, value) in section?.AsMap().Entries ?? [])
            rules.Add(name, read(name, value));
        return rules;
    }

    private static ColumnExtractor? Extractor(ConfigValue? value, string regexpKey)
    {
        if (value is null)
            return null;
        var map = value.AsMap(regexpKey, "target-column");
        return new ColumnExtractor(map.Text(regexpKey), map.Text("target-column"));
    }

    private static FilterAction Action(ConfigMap map) => map.Text("action") switch
    {
        "Do" => FilterAction.Do,
        "Ignore" => FilterAction.Ignore,
        "Error" => FilterAction.Error,
        var other => throw (map["action"] ?? map.Owner).Bad(
            other.Length == 0 ? "it has no action" : $"there is no action '{other}'", "write 'action: Do', 'action: Ignore' or 'action: Error'", ConfigErrors.BadBinlogFilter),
    };

    private static IReadOnlyList<TableNamePattern> Tables(ConfigMap map, string key) =>
    [
        .. map.List(key).Select(entry =>
        {
            var names = entry.AsMap("db-name", "tbl-name");
            return new TableNamePattern(names.Text("db-name"), names.Text("tbl-name"));
        }),
    ];

    private static TimeSpan Duration(ConfigValue? value, TimeSpan ifMissing)
    {
        var text = value?.AsText() ?? "";
        if (text.Length == 0)
            return ifMissing;
        return GoDuration.TryParse(text, out var duration)
            ? duration
            : throw value!.Bad($"'{text}' is no duration", "write it as in '60s' or '1m30s'", ConfigErrors.BadSafeModeDuration);
    }
}
