using System.Buffers;
using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Dm.Config.Databases;
using TiFerry.Sync.Rules;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>Reads task files.</summary>
internal static class TaskFile
{
    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\`\0\n\r\t");

    /// <summary>Reads a file.</summary>
    public static TaskConfig Read(ConfigValue file)
    {
        var map = file.AsMap(
            "name", "task-mode", "is-sharding", "shard-mode", "strict-optimistic-shard-mode", "ignore-checking-items", "meta-schema", "enable-heartbeat",
            "heartbeat-update-interval", "heartbeat-report-interval", "timezone", "case-sensitive", "collation_compatible", "target-database", "mysql-instances",
            "online-ddl", "online-ddl-scheme", "shadow-table-rules", "trash-table-rules", "routes", "filters", "column-mappings", "expression-filter",
            "black-white-list", "block-allow-list", "mydumpers", "loaders", "syncers", "validators", "clean-dump-file", "ansi-quotes", "remove-meta", "experimental");
        var notices = new List<string>();
        TellObsoleteKeys(map, notices);
        RefuseSharding(map);
        if (map["column-mappings"] is { } mappings && mappings.AsMap().Entries.Count > 0)
            throw mappings.Bad("column mappings are gone", "use extract-table, extract-schema or extract-source of a route, which add a column with the origin", TaskFileErrors.ColumnMapping);

        var caseSensitive = map.Flag("case-sensitive");
        var mode = Mode(map);
        var task = new TaskConfig
        {
            Name = Name(map),
            Mode = mode,
            IgnoreCheckingItems = IgnoredChecks(map),
            MetaSchema = map.Text("meta-schema") is { Length: > 0 } schema ? schema : "dm_meta",
            RemoveMeta = map.Flag("remove-meta"),
            Timezone = Timezone(map),
            CaseSensitive = caseSensitive,
            CollationCompatible = CollationCompatible(map, notices),
            OnlineDdl = RuleSections.OnlineDdl(map),
            CleanDumpFile = map.Flag("clean-dump-file", ifMissing: true),
            Target = DatabaseSection.Read(map["target-database"] ?? throw file.Bad("'target-database' is missing", "say there how the target is reached: host, port, user, password", TaskFileErrors.NoTarget), notices),
            Instances = InstanceSection.Read(map, mode, notices),
            Routes = RuleSections.Routes(map["routes"]),
            Filters = RuleSections.Filters(map["filters"]),
            ExpressionFilters = RuleSections.ExpressionFilters(map["expression-filter"]),
            BlockAllowLists = RuleSections.BlockAllowLists(BlockAllowLists(map, notices), caseSensitive),
            Mydumpers = UnitSections.Named(map["mydumpers"], value => UnitSections.Mydumper(value, mode, notices)),
            Loaders = UnitSections.Named(map["loaders"], value => UnitSections.Loader(value, mode, notices)),
            Syncers = RuleSections.Syncers(map["syncers"], notices),
            Validators = [.. UnitSections.Named(map["validators"], UnitSections.Validator).Keys],
            Notices = notices,
        };
        TaskReferences.Check(task, map, notices);
        return task;
    }

    private static string Name(ConfigMap map)
    {
        var name = map.Text("name");
        if (name.Length == 0)
            throw (map["name"] ?? map.Owner).Bad("the task has no 'name'", "give it one that no other task of the cluster has", TaskFileErrors.NoTaskName);
        if (name.Length > TaskConfig.MaxNameLength)
            throw map["name"]!.Bad($"the name has {name.Length} characters", $"take {TaskConfig.MaxNameLength} at most: tables of the meta schema are named after it", TaskFileErrors.NoTaskName);
        return name.AsSpan().ContainsAny(NotInNames)
            ? throw map["name"]!.Bad("the name has a slash, a backquote or a control character", "tables and directories are named after the task: use letters, digits, '-' and '_'", TaskFileErrors.NoTaskName)
            : name;
    }

    private static TaskMode Mode(ConfigMap map)
    {
        var text = map.Text("task-mode");
        if (text == "load&sync")
            throw map["task-mode"]!.Bad("the mode 'load&sync' isn't available", "run a task of mode load, then one of mode incremental from the position in the exported files' metadata", TaskFileErrors.NotAvailable);
        return TaskModes.Parse(text) ?? throw (map["task-mode"] ?? map.Owner).Bad(
            text.Length == 0 ? "'task-mode' is missing" : $"there is no mode '{text}'", "write all, full, incremental, dump or load", TaskFileErrors.BadTaskMode);
    }

    private static void RefuseSharding(ConfigMap map)
    {
        var mode = map.Text("shard-mode");
        if (mode is not ("" or "pessimistic" or "optimistic"))
            throw map["shard-mode"]!.Bad($"there is no shard mode '{mode}'", "leave it out", TaskFileErrors.BadShardMode);
        if (map.Flag("strict-optimistic-shard-mode") && mode != "optimistic")
            throw map["strict-optimistic-shard-mode"]!.Bad("it is on, and 'shard-mode' is not optimistic", "leave it out", TaskFileErrors.StrictWithoutOptimistic);
        if (mode.Length > 0 || map.Flag("is-sharding"))
        {
            throw (map["shard-mode"] ?? map["is-sharding"])!.Bad(
                "merging the schema changes of shards comes later",
                "leave 'shard-mode' and 'is-sharding' out: routes merge the rows of tables without them, as long as all of them have the same definition", TaskFileErrors.BadShardMode);
        }
    }

    private static IReadOnlyList<string> IgnoredChecks(ConfigMap map)
    {
        foreach (var item in map.List("ignore-checking-items"))
        {
            if (item.AsText() != CheckingItems.All && !CheckingItems.Descriptions.ContainsKey(item.AsText()))
                throw item.Bad($"there is no check '{item.AsText()}'", $"use some of: {CheckingItems.All}, {string.Join(", ", CheckingItems.Descriptions.Keys)}", TaskFileErrors.BadCheckingItem);
        }

        return map.Texts("ignore-checking-items");
    }

    private static string Timezone(ConfigMap map) => map.Text("timezone") is var zone && (zone.Length == 0 || TimeZones.IsKnown(zone))
        ? zone
        : throw map["timezone"]!.Bad($"the time zone '{zone}' is not known", "write a name as in 'Asia/Shanghai', or a distance to UTC from -12:59 to +14:00", ConfigErrors.BadTimeZone);

    private static string CollationCompatible(ConfigMap map, List<string> notices)
    {
        var text = map.Text("collation_compatible");
        if (text is not ("" or "loose" or "strict"))
            throw map["collation_compatible"]!.Bad($"there is no such value as '{text}'", "write loose or strict", TaskFileErrors.BadCollationCompatible);
        if (text == "strict")
            notices.Add($"{map["collation_compatible"]!.Position}: 'collation_compatible: strict' is what is always done: tables get the collations that they have on the source; where the target lacks one, the check says what takes its place");
        return text.Length == 0 ? "loose" : text;
    }

    private static ConfigValue? BlockAllowLists(ConfigMap map, List<string> notices)
    {
        var lists = map["block-allow-list"] is { } given && given.AsMap().Entries.Count > 0 ? given : map["black-white-list"];
        if (lists is not null && map["black-white-list"] is { } old && old != lists)
            notices.Add($"{old.Position}: '{old.Path}' does nothing beside 'block-allow-list'");
        return lists;
    }

    private static void TellObsoleteKeys(ConfigMap map, List<string> notices)
    {
        foreach (var key in (ReadOnlySpan<string>)["enable-heartbeat", "heartbeat-update-interval", "heartbeat-report-interval", "ansi-quotes"])
        {
            if (map[key] is { } old)
                notices.Add($"{old.Position}: '{old.Path}' does nothing any more");
        }

        if (map["experimental"] is { } experimental)
        {
            experimental.AsMap("async-checkpoint-flush").Flag("async-checkpoint-flush");
            notices.Add($"{experimental.Position}: 'experimental' does nothing: checkpoints never hold up the rows");
        }
    }
}
