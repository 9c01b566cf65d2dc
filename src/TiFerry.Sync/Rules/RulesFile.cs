using TiFerry.Core.Config;
using TiFerry.Core.Errors;

namespace TiFerry.Sync.Rules;

/// <summary>
/// A file with the rules of one source: the sections of DM's task file that say what is carried and how, without those that
/// say from where to where. All its rules apply; of <c>block-allow-list</c> and <c>syncers</c> it may hold one entry each.
/// </summary>
public static class RulesFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, in YAML.</param>
    /// <exception cref="TiFerryException">The file can't be read, or says something that can't be; names file, line, column and key.</exception>
    public static SyncRules Read(string path) => Read(YamlFile.Read(path));

    internal static SyncRules Read(ConfigValue file)
    {
        var top = file.AsMap(
            "case-sensitive", "block-allow-list", "black-white-list", "routes", "filters", "expression-filter",
            "online-ddl", "online-ddl-scheme", "shadow-table-rules", "trash-table-rules", "syncers");
        var notices = new List<string>();
        var caseSensitive = top.Flag("case-sensitive");
        var lists = top["block-allow-list"] ?? top["black-white-list"];
        if (lists is not null && top["black-white-list"] is { } old && old != lists)
            notices.Add($"{old.Position}: '{old.Path}' does nothing beside 'block-allow-list'");
        return new SyncRules
        {
            CaseSensitive = caseSensitive,
            BlockAllowList = Only(RuleSections.BlockAllowLists(lists, caseSensitive), lists),
            Routes = [.. RuleSections.Routes(top["routes"]).Values],
            Filters = [.. RuleSections.Filters(top["filters"]).Values],
            ExpressionFilters = [.. RuleSections.ExpressionFilters(top["expression-filter"]).Values],
            OnlineDdl = RuleSections.OnlineDdl(top),
            Syncer = Only(RuleSections.Syncers(top["syncers"], notices), top["syncers"]),
            Notices = notices,
        };
    }

    private static T? Only<T>(IReadOnlyDictionary<string, T> entries, ConfigValue? section)
        where T : class
    {
        if (entries.Count > 1)
            throw section!.Bad($"it has {entries.Count} entries: {string.Join(", ", entries.Keys)}", "keep the one that is for this source");
        return entries.Values.FirstOrDefault();
    }
}
