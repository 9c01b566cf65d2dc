using TiFerry.Dm.Config.Sources;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Rules;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>Puts together what one instance of a task has to do.</summary>
internal static class SubTaskResolver
{
    /// <summary>Resolves an instance's names, and joins its rules with the source's.</summary>
    public static SubTaskConfig Resolve(TaskConfig task, TaskInstance instance, SourceConfig source)
    {
        var rules = new SyncRules
        {
            CaseSensitive = task.CaseSensitive || source.CaseSensitive,
            BlockAllowList = instance.BlockAllowList.Length == 0 ? null : task.BlockAllowLists[instance.BlockAllowList],
            Routes = [.. instance.RouteRules.Select(name => task.Routes[name])],
            Filters = Join([.. instance.FilterRules.Select(name => task.Filters[name])], source.Filters),
            ExpressionFilters = [.. instance.ExpressionFilters.Select(name => task.ExpressionFilters[name])],
            Timezone = task.Timezone,
            OnlineDdl = task.OnlineDdl,
            Syncer = Syncer(task, instance),
        };
        rules.CompileSelector();
        rules.CompileRouter(source.SourceId);
        rules.CompileFilter();
        return new SubTaskConfig
        {
            Name = task.Name,
            SourceId = instance.SourceId,
            Mode = task.Mode,
            Flavor = source.Flavor,
            ServerId = source.ServerId,
            EnableGtid = source.EnableGtid,
            RelayDir = source.RelayDir,
            MetaSchema = task.MetaSchema,
            Meta = instance.Meta,
            From = source.From,
            To = task.Target,
            Rules = rules,
            Mydumper = Mydumper(task, instance),
            Loader = Loader(task, instance),
            IgnoreCheckingItems = task.IgnoreCheckingItems,
            CollationCompatible = task.CollationCompatible,
            CleanDumpFile = task.CleanDumpFile,
        };
    }

    // A rule of the task for the same tables takes the place of the source's.
    private static List<BinlogEventRule> Join(List<BinlogEventRule> ofTask, IReadOnlyList<BinlogEventRule> ofSource) =>
        [.. ofTask, .. ofSource.Where(s => !ofTask.Exists(t => t.SchemaPattern == s.SchemaPattern && t.TablePattern == s.TablePattern))];

    private static MydumperConfig Mydumper(TaskConfig task, TaskInstance instance)
    {
        var config = instance.MydumperConfigName.Length > 0 ? task.Mydumpers[instance.MydumperConfigName] : instance.Mydumper ?? new MydumperConfig();
        return instance.MydumperThread > 0 ? config with { Threads = instance.MydumperThread } : config;
    }

    private static LoaderConfig Loader(TaskConfig task, TaskInstance instance)
    {
        var config = instance.LoaderConfigName.Length > 0 ? task.Loaders[instance.LoaderConfigName] : instance.Loader ?? new LoaderConfig();
        return instance.LoaderThread > 0 ? config with { PoolSize = instance.LoaderThread } : config;
    }

    private static SyncerSettings Syncer(TaskConfig task, TaskInstance instance)
    {
        var settings = instance.SyncerConfigName.Length > 0 ? task.Syncers[instance.SyncerConfigName] : instance.Syncer ?? new SyncerSettings();
        return instance.SyncerThread > 0 ? settings with { WorkerCount = instance.SyncerThread } : settings;
    }
}
