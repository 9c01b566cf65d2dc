using FsCheck;
using FsCheck.Fluent;
using TiFerry.Core.Config;
using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Databases;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Rules;

namespace TiFerry.Dm.Tests.Config.Tasks;

/// <summary>Whatever a task says, it says the same after it was written and read.</summary>
public class TaskConfigProperties
{
    [Fact]
    public void Whatever_is_written_as_yaml_is_read_as_the_same() => Check.QuickThrowOnFailure(Prop.ForAll(Tasks().ToArbitrary(), task =>
    {
        var again = TaskConfig.Parse("t.yaml", task.ToYaml());

        Assert.Equal(task.ToYaml(), again.ToYaml());
        Assert.Equal(task.Target.Password, again.Target.Password);
        Assert.Equal(task.Instances.Select(i => (i.SourceId, i.Meta, i.Mydumper, i.Loader, i.Syncer)), again.Instances.Select(i => (i.SourceId, i.Meta, i.Mydumper, i.Loader, i.Syncer)));
    }));

    [Fact]
    public void Whatever_is_kept_as_json_is_read_as_the_same() => Check.QuickThrowOnFailure(Prop.ForAll(Tasks().ToArbitrary(), task =>
    {
        var sources = TaskFileTests.Sources([.. task.Instances.Select(i => i.SourceId)]);
        var cipher = new PasswordCipher(new byte[32]);
        Assert.All(task.SubTasks(sources).Select(s => s.WithProtectedPasswords(cipher)), subtask =>
        {
            var again = SubTaskConfig.FromJson(subtask.ToJson());

            Assert.Equal(subtask.ToJson(), again.ToJson());
            Assert.Equal(subtask.ToToml(), again.ToToml());
            Assert.Equal(task.Target.Password, cipher.Plain(again.To.Password));
            Assert.Equal(subtask.Rules.Syncer, again.Rules.Syncer);
            Assert.NotNull(TomlFile.Parse("s.toml", subtask.ToToml()).AsMap()["from"]);
        });
    }));

    private static Gen<TaskConfig> Tasks() =>
        from name in Gen.Elements("t", "shop-1", "übung", "true")
        from mode in Gen.Elements(Enum.GetValues<TaskMode>())
        from password in Texts()
        from flags in Gen.Elements(true, false).ArrayOf(5)
        from schema in Gen.Elements("shop", "a b", "1", "xy*")
        from text in Texts()
        from threads in Gen.Choose(1, 64)
        from zone in Gen.Elements("", "UTC", "+08:00", "-12:59")
        from instances in Gen.Choose(1, 3)
        select new TaskConfig
        {
            Name = name,
            Mode = mode,
            Timezone = zone,
            CaseSensitive = flags[0],
            CleanDumpFile = flags[1],
            RemoveMeta = flags[2],
            OnlineDdl = new OnlineDdlRules { IsOn = flags[3], ShadowTableRules = flags[4] ? ["^_(.+)_x$"] : [] },
            IgnoreCheckingItems = flags[0] ? ["version", "all"] : [],
            Target = new DatabaseConfig { Host = "h", Port = 4000, User = text, Password = new Secret(password), Session = new Dictionary<string, string> { ["tidb_x"] = text } },
            Routes = new Dictionary<string, RouteRule>
            {
                [$"route {text}"] = new() { Name = $"route {text}", SchemaPattern = schema, TargetSchema = schema, ExtractSource = flags[1] ? null : new ColumnExtractor("(.*)", "src") },
            },
            Filters = new Dictionary<string, BinlogEventRule>
            {
                ["f"] = new() { Name = "f", SchemaPattern = schema, TablePattern = flags[2] ? "" : "t", Events = ["truncate table"], SqlPatterns = ["^drop\\s"], Action = FilterAction.Ignore },
            },
            ExpressionFilters = new Dictionary<string, ExpressionRule> { ["e"] = new(schema, "t", InsertValueExpr: $"c = {threads}") },
            BlockAllowLists = new Dictionary<string, BlockAllowListRules>
            {
                ["l"] = new() { DoSchemas = flags[3] ? ["~^x"] : [], IgnoreTables = [new TableNamePattern(schema, "log")] },
            },
            Mydumpers = new Dictionary<string, MydumperConfig> { ["m"] = new() { Threads = threads, ExtraArgs = flags[4] ? "--consistency none" : "" } },
            Loaders = new Dictionary<string, LoaderConfig> { ["d"] = new() { PoolSize = threads, OnDuplicate = mode is TaskMode.All or TaskMode.Full ? OnDuplicate.Replace : flags[0] ? OnDuplicate.Error : OnDuplicate.Ignore } },
            Syncers = new Dictionary<string, SyncerSettings> { ["s"] = new() { WorkerCount = threads, Compact = flags[1], SafeModeDuration = TimeSpan.FromMilliseconds(threads * 500) } },
            Validators = ["v"],
            Instances =
            [
                .. Enumerable.Range(0, instances).Select(i => new TaskInstance
                {
                    SourceId = $"source-{i}",
                    Meta = flags[i] ? new BinlogMeta { BinlogName = "bin.000001", BinlogPos = (uint)threads, BinlogGtid = "" } : null,
                    RouteRules = [$"route {text}"],
                    FilterRules = ["f"],
                    ExpressionFilters = ["e"],
                    BlockAllowList = "l",
                    MydumperConfigName = i == 0 ? "m" : "",
                    Mydumper = i == 1 ? new MydumperConfig { ChunkFileSize = "1GiB", Rows = threads } : null,
                    LoaderConfigName = i == 0 ? "d" : "",
                    Loader = i == 1 ? new LoaderConfig { Dir = "/a b" } : null,
                    LoaderThread = i,
                    SyncerConfigName = i == 0 ? "s" : "",
                    Syncer = i == 1 ? new SyncerSettings { Batch = threads, SafeMode = true } : null,
                    ValidatorConfigName = "v",
                }),
            ],
        };

    private static Gen<string> Texts() => Gen.OneOf(
        Gen.Elements("", "x", "true", "1", "~", "a: b #c", "******"),
        Gen.Elements([.. "ab'\"\\:#{}[]é\n\t %@!"]).ListOf().Select(c => string.Concat(c)));
}
