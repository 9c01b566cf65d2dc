using System.Text;
using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Rules;

namespace TiFerry.Migration.Routes;

/// <summary>
/// The rules that a task can't change once it has begun, since they decide which rows are where, in a form that is the same whenever they are: selection,
/// routes and online schema changes. Filters and the settings of the syncer may change between runs.
/// </summary>
internal static class FixedRules
{
    /// <summary>The text; empty where no such rule is given.</summary>
    public static string Of(SyncRules rules, string sourceId)
    {
        var text = new StringBuilder();
        if (rules.BlockAllowList is { } list)
        {
            Append(text, "do-dbs", list.DoSchemas);
            Append(text, "do-tables", list.DoTables.Select(Pattern));
            Append(text, "ignore-dbs", list.IgnoreSchemas);
            Append(text, "ignore-tables", list.IgnoreTables.Select(Pattern));
        }
        foreach (var route in rules.Routes)
        {
            Append(text, "route", [route.SchemaPattern, route.TablePattern, route.TargetSchema, route.TargetTable]);
            Append(text, "extract-table", route.ExtractTable);
            Append(text, "extract-schema", route.ExtractSchema);
            Append(text, "extract-source", route.ExtractSource, sourceId);
        }
        if (rules.CaseSensitive && text.Length > 0)
            text.AppendLine("case-sensitive");
        if (rules.OnlineDdl.IsOn)
        {
            text.AppendLine("online-ddl");
            Append(text, "shadow-table-rules", rules.OnlineDdl.ShadowTableRules);
            Append(text, "trash-table-rules", rules.OnlineDdl.TrashTableRules);
        }
        return text.Replace("\r", "").ToString().TrimEnd();
    }

    private static string Pattern(TableNamePattern pattern) => new TableName(pattern.Schema, pattern.Table).ToString();

    private static void Append(StringBuilder text, string what, IEnumerable<string> values)
    {
        var list = string.Join(", ", values.Select(SqlText.Literal));
        if (list.Length > 0)
            text.Append(what).Append(": ").AppendLine(list);
    }

    private static void Append(StringBuilder text, string what, ColumnExtractor? extractor, params string[] more)
    {
        if (extractor is not null)
            Append(text, what, [extractor.Regexp, extractor.TargetColumn, .. more]);
    }
}
