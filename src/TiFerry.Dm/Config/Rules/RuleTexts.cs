using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.Sync.Rules;

namespace TiFerry.Dm.Config.Rules;

/// <summary>What stands in a file for the rules that task files and source files share.</summary>
internal static class RuleTexts
{
    /// <summary>A rule of <c>routes</c>.</summary>
    public static OrderedDictionary<string, object?> Route(RouteRule rule)
    {
        var map = new OrderedDictionary<string, object?>
        {
            ["schema-pattern"] = rule.SchemaPattern,
            ["table-pattern"] = rule.TablePattern,
            ["target-schema"] = rule.TargetSchema,
            ["target-table"] = rule.TargetTable,
        };
        AddExtractor(map, "extract-table", "table-regexp", rule.ExtractTable);
        AddExtractor(map, "extract-schema", "schema-regexp", rule.ExtractSchema);
        AddExtractor(map, "extract-source", "source-regexp", rule.ExtractSource);
        return map;
    }

    /// <summary>A rule of <c>filters</c>.</summary>
    public static OrderedDictionary<string, object?> Filter(BinlogEventRule rule) => new()
    {
        ["schema-pattern"] = rule.SchemaPattern,
        ["table-pattern"] = rule.TablePattern,
        ["events"] = Texts(rule.Events),
        ["sql-pattern"] = Texts(rule.SqlPatterns),
        ["action"] = rule.Action.ToString(),
    };

    /// <summary>A rule of <c>expression-filter</c>.</summary>
    public static OrderedDictionary<string, object?> Expression(ExpressionRule rule) => new()
    {
        ["schema"] = rule.Schema,
        ["table"] = rule.Table,
        ["insert-value-expr"] = rule.InsertValueExpr ?? "",
        ["update-old-value-expr"] = rule.UpdateOldValueExpr ?? "",
        ["update-new-value-expr"] = rule.UpdateNewValueExpr ?? "",
        ["delete-value-expr"] = rule.DeleteValueExpr ?? "",
    };

    /// <summary>A list of <c>block-allow-list</c>.</summary>
    public static OrderedDictionary<string, object?> BlockAllowList(BlockAllowListRules rules) => new()
    {
        ["do-tables"] = Tables(rules.DoTables),
        ["do-dbs"] = Texts(rules.DoSchemas),
        ["ignore-tables"] = Tables(rules.IgnoreTables),
        ["ignore-dbs"] = Texts(rules.IgnoreSchemas),
    };

    /// <summary>An entry of <c>syncers</c>.</summary>
    public static OrderedDictionary<string, object?> Syncer(SyncerSettings settings) => new()
    {
        ["worker-count"] = settings.WorkerCount,
        ["batch"] = settings.Batch,
        ["queue-size"] = settings.QueueSize,
        ["checkpoint-flush-interval"] = (long)settings.CheckpointFlushInterval.TotalSeconds,
        ["compact"] = settings.Compact,
        ["multiple-rows"] = settings.MultipleRows,
        ["safe-mode"] = settings.SafeMode,
        ["safe-mode-duration"] = Core.Config.GoDuration.Format(settings.SafeModeDuration),
    };

    /// <summary>A list of texts.</summary>
    public static List<object?> Texts(IReadOnlyList<string> texts) => [.. texts];

    private static List<object?> Tables(IReadOnlyList<TableNamePattern> tables) =>
        [.. tables.Select(t => new OrderedDictionary<string, object?> { ["db-name"] = t.Schema, ["tbl-name"] = t.Table })];

    private static void AddExtractor(OrderedDictionary<string, object?> map, string key, string regexpKey, ColumnExtractor? extractor)
    {
        if (extractor is not null)
            map.Add(key, new OrderedDictionary<string, object?> { [regexpKey] = extractor.Regexp, ["target-column"] = extractor.TargetColumn });
    }
}
