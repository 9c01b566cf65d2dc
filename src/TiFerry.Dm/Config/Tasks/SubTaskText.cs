using TiFerry.Dm.Config.Databases;
using TiFerry.Dm.Config.Rules;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>A subtask in DM's keys (dm/config/subtask.go), where the units' settings stand side by side.</summary>
internal static class SubTaskText
{
    /// <summary>The whole subtask.</summary>
    public static OrderedDictionary<string, object?> Write(SubTaskConfig subtask)
    {
        var map = new OrderedDictionary<string, object?>
        {
            ["is-sharding"] = false,
            ["shard-mode"] = "",
            ["online-ddl"] = subtask.Rules.OnlineDdl.IsOn,
            ["shadow-table-rules"] = RuleTexts.Texts(subtask.Rules.OnlineDdl.ShadowTableRules),
            ["trash-table-rules"] = RuleTexts.Texts(subtask.Rules.OnlineDdl.TrashTableRules),
            ["case-sensitive"] = subtask.Rules.CaseSensitive,
            ["collation_compatible"] = subtask.CollationCompatible,
            ["name"] = subtask.Name,
            ["mode"] = subtask.Mode.Text(),
            ["ignore-checking-items"] = RuleTexts.Texts(subtask.IgnoreCheckingItems),
            ["source-id"] = subtask.SourceId,
            ["server-id"] = subtask.ServerId,
            ["flavor"] = subtask.Flavor,
            ["meta-schema"] = subtask.MetaSchema,
            ["timezone"] = subtask.Rules.Timezone,
            ["relay-dir"] = subtask.RelayDir,
            ["enable-gtid"] = subtask.EnableGtid,
        };
        foreach (var (key, value) in TaskText.Mydumper(subtask.Mydumper).Concat(TaskText.Loader(subtask.Loader with { Dir = subtask.DumpDir })).Concat(RuleTexts.Syncer(subtask.Rules.Syncer ?? new())))
            map.Add(key, value);
        map.Add("clean-dump-file", subtask.CleanDumpFile);
        map.Add("meta", subtask.Meta is { } meta ? TaskText.Meta(meta) : null);
        map.Add("from", DatabaseSection.Write(subtask.From));
        map.Add("to", DatabaseSection.Write(subtask.To));
        map.Add("route-rules", subtask.Rules.Routes.Select(object? (rule) => RuleTexts.Route(rule)).ToList());
        map.Add("filter-rules", subtask.Rules.Filters.Select(object? (rule) => RuleTexts.Filter(rule)).ToList());
        map.Add("expression-filter", subtask.Rules.ExpressionFilters.Select(object? (rule) => RuleTexts.Expression(rule)).ToList());
        map.Add("block-allow-list", subtask.Rules.BlockAllowList is { } list ? RuleTexts.BlockAllowList(list) : null);
        return map;
    }
}
