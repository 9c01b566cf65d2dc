using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Dm.Config.Sources;
using TiFerry.Sync.Rules;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>Reads <c>mysql-instances</c>.</summary>
internal static class InstanceSection
{
    /// <summary>Reads the section.</summary>
    /// <param name="top">The whole file.</param>
    /// <param name="mode">The task's mode.</param>
    /// <param name="notices">Takes a line for each key that does nothing.</param>
    public static IReadOnlyList<TaskInstance> Read(ConfigMap top, TaskMode mode, ICollection<string> notices)
    {
        var entries = top.List("mysql-instances");
        if (entries.Count == 0)
            throw (top["mysql-instances"] ?? top.Owner).Bad("'mysql-instances' names no source", "give an entry with a source-id for each source", TaskFileErrors.NoInstances);
        var instances = new List<TaskInstance>();
        foreach (var entry in entries)
        {
            var instance = Instance(entry, mode, notices);
            if (instances.FindIndex(i => i.SourceId == instance.SourceId) is >= 0 and var first)
                throw entry.AsMap()["source-id"]!.Bad($"the source '{instance.SourceId}' stands in mysql-instances[{first}] already", "keep one entry for each source", TaskFileErrors.SameSourceId);
            instances.Add(instance);
        }

        return instances;
    }

    private static TaskInstance Instance(ConfigValue entry, TaskMode mode, ICollection<string> notices)
    {
        var map = entry.AsMap(
            "source-id", "meta", "filter-rules", "column-mapping-rules", "route-rules", "expression-filters", "black-white-list", "block-allow-list",
            "mydumper-config-name", "mydumper", "mydumper-thread", "loader-config-name", "loader", "loader-thread", "syncer-config-name", "syncer", "syncer-thread", "validator-config-name");
        if (map.List("column-mapping-rules").Count > 0)
            throw map["column-mapping-rules"]!.Bad("column mappings are gone", "use extract-table, extract-schema or extract-source of a route, which add a column with the origin", TaskFileErrors.ColumnMapping);
        RefuseBoth(map, "mydumper", TaskFileErrors.TwoMydumpers);
        RefuseBoth(map, "loader", TaskFileErrors.TwoLoaders);
        RefuseBoth(map, "syncer", TaskFileErrors.TwoSyncers);
        return new TaskInstance
        {
            SourceId = SourceId(map),
            Meta = Meta(map["meta"], mode, notices),
            FilterRules = Names(map, "filter-rules"),
            RouteRules = Names(map, "route-rules"),
            ExpressionFilters = Names(map, "expression-filters"),
            BlockAllowList = map.Text("block-allow-list") is { Length: > 0 } list ? list : map.Text("black-white-list"),
            MydumperConfigName = map.Text("mydumper-config-name"),
            Mydumper = map["mydumper"] is { } mydumper ? UnitSections.Mydumper(mydumper, mode, notices) : null,
            MydumperThread = map.Number("mydumper-thread", 0, max: 1024),
            LoaderConfigName = map.Text("loader-config-name"),
            Loader = map["loader"] is { } loader ? UnitSections.Loader(loader, mode, notices) : null,
            LoaderThread = map.Number("loader-thread", 0, max: 1024),
            SyncerConfigName = map.Text("syncer-config-name"),
            Syncer = map["syncer"] is { } syncer ? RuleSections.Syncer(syncer, notices) : null,
            SyncerThread = map.Number("syncer-thread", 0, max: 1024),
            ValidatorConfigName = map.Text("validator-config-name"),
        };
    }

    private static string SourceId(ConfigMap map)
    {
        var id = map.Text("source-id");
        if (id.Length == 0)
            throw (map["source-id"] ?? map.Owner).Bad("the entry has no 'source-id'", "name a source of the cluster", TaskFileErrors.NoSourceId);
        return id.Length > SourceConfig.MaxIdLength
            ? throw map["source-id"]!.Bad($"'{id}' has {id.Length} characters", $"a source's id has {SourceConfig.MaxIdLength} at most", TaskFileErrors.LongSourceId)
            : id;
    }

    private static BinlogMeta? Meta(ConfigValue? section, TaskMode mode, ICollection<string> notices)
    {
        if (section is null)
            return null;
        var map = section.AsMap("binlog-name", "binlog-pos", "binlog-gtid");
        var meta = new BinlogMeta { BinlogName = map.Text("binlog-name"), BinlogPos = (uint)map.Long("binlog-pos", 0, max: uint.MaxValue), BinlogGtid = map.Text("binlog-gtid") };
        if (meta.BinlogName.Length == 0 && meta.BinlogGtid.Length == 0)
            throw section.Bad("it has neither 'binlog-name' nor 'binlog-gtid'", "give binlog-name and binlog-pos, or binlog-gtid for a source with enable-gtid", TaskFileErrors.BadMeta);
        if (mode != TaskMode.Incremental)
            notices.Add($"{section.Position}: '{section.Path}' does nothing in mode {mode.Text()}: only a task of mode incremental starts at a given position");
        return meta;
    }

    private static List<string> Names(ConfigMap map, string key)
    {
        var names = new List<string>();
        foreach (var value in map.List(key))
        {
            if (names.Contains(value.AsText()))
                throw value.Bad($"'{value.AsText()}' stands here twice", "keep it once", TaskFileErrors.DuplicateRule);
            names.Add(value.AsText());
        }

        return names;
    }

    private static void RefuseBoth(ConfigMap map, string unit, ErrorCode code)
    {
        if (map[unit] is { } inline && map.Text($"{unit}-config-name").Length > 0)
            throw inline.Bad($"there is '{unit}' and '{unit}-config-name'", "keep one of them", code);
    }
}
