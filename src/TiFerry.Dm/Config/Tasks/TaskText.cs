using TiFerry.Dm.Config.Databases;
using TiFerry.Dm.Config.Rules;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>What stands in a task file, with all keys that mean something.</summary>
internal static class TaskText
{
    /// <summary>The whole file.</summary>
    public static OrderedDictionary<string, object?> Write(TaskConfig task) => new()
    {
        ["name"] = task.Name,
        ["task-mode"] = task.Mode.Text(),
        ["ignore-checking-items"] = RuleTexts.Texts(task.IgnoreCheckingItems),
        ["meta-schema"] = task.MetaSchema,
        ["timezone"] = task.Timezone,
        ["case-sensitive"] = task.CaseSensitive,
        ["collation_compatible"] = task.CollationCompatible,
        ["target-database"] = DatabaseSection.Write(task.Target),
        ["mysql-instances"] = task.Instances.Select(object? (instance) => Instance(instance)).ToList(),
        ["online-ddl"] = task.OnlineDdl.IsOn,
        ["shadow-table-rules"] = RuleTexts.Texts(task.OnlineDdl.ShadowTableRules),
        ["trash-table-rules"] = RuleTexts.Texts(task.OnlineDdl.TrashTableRules),
        ["routes"] = Named(task.Routes, RuleTexts.Route),
        ["filters"] = Named(task.Filters, RuleTexts.Filter),
        ["expression-filter"] = Named(task.ExpressionFilters, RuleTexts.Expression),
        ["block-allow-list"] = Named(task.BlockAllowLists, RuleTexts.BlockAllowList),
        ["mydumpers"] = Named(task.Mydumpers, Mydumper),
        ["loaders"] = Named(task.Loaders, Loader),
        ["syncers"] = Named(task.Syncers, RuleTexts.Syncer),
        ["validators"] = new OrderedDictionary<string, object?>(task.Validators.Select(name => KeyValuePair.Create(name, (object?)new OrderedDictionary<string, object?> { ["mode"] = "none" }))),
        ["clean-dump-file"] = task.CleanDumpFile,
        ["remove-meta"] = task.RemoveMeta,
    };

    /// <summary><c>meta</c>.</summary>
    public static OrderedDictionary<string, object?> Meta(BinlogMeta meta) => new()
    {
        ["binlog-name"] = meta.BinlogName,
        ["binlog-pos"] = meta.BinlogPos,
        ["binlog-gtid"] = meta.BinlogGtid,
    };

    /// <summary>An entry of <c>mydumpers</c>.</summary>
    public static OrderedDictionary<string, object?> Mydumper(MydumperConfig config) => new()
    {
        ["threads"] = config.Threads,
        ["chunk-filesize"] = config.ChunkFileSize,
        ["statement-size"] = config.StatementSize,
        ["rows"] = config.Rows,
        ["where"] = config.Where,
        ["skip-tz-utc"] = config.SkipTzUtc,
        ["extra-args"] = config.ExtraArgs,
    };

    /// <summary>An entry of <c>loaders</c>.</summary>
    public static OrderedDictionary<string, object?> Loader(LoaderConfig config) => new()
    {
        ["pool-size"] = config.PoolSize,
        ["dir"] = config.Dir,
        ["import-mode"] = "logical",
        ["on-duplicate-logical"] = config.OnDuplicate.ToString().ToLowerInvariant(),
    };

    private static OrderedDictionary<string, object?> Instance(TaskInstance instance)
    {
        var map = new OrderedDictionary<string, object?> { ["source-id"] = instance.SourceId };
        Add("meta", instance.Meta, Meta);
        map.Add("filter-rules", RuleTexts.Texts(instance.FilterRules));
        map.Add("route-rules", RuleTexts.Texts(instance.RouteRules));
        map.Add("expression-filters", RuleTexts.Texts(instance.ExpressionFilters));
        map.Add("block-allow-list", instance.BlockAllowList);
        map.Add("mydumper-config-name", instance.MydumperConfigName);
        Add("mydumper", instance.Mydumper, Mydumper);
        map.Add("mydumper-thread", instance.MydumperThread);
        map.Add("loader-config-name", instance.LoaderConfigName);
        Add("loader", instance.Loader, Loader);
        map.Add("loader-thread", instance.LoaderThread);
        map.Add("syncer-config-name", instance.SyncerConfigName);
        Add("syncer", instance.Syncer, RuleTexts.Syncer);
        map.Add("syncer-thread", instance.SyncerThread);
        map.Add("validator-config-name", instance.ValidatorConfigName);
        return map;

        void Add<T>(string key, T? value, Func<T, OrderedDictionary<string, object?>> write)
            where T : class
        {
            if (value is not null)
                map.Add(key, write(value));
        }
    }

    private static OrderedDictionary<string, object?> Named<T>(IReadOnlyDictionary<string, T> entries, Func<T, OrderedDictionary<string, object?>> write) =>
        new(entries.Select(e => KeyValuePair.Create(e.Key, (object?)write(e.Value))));
}
