using TiFerry.Core.Errors;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Migration;
using TiFerry.MySql;
using TiFerry.Sync.Filter;

namespace TiFerry.Dm.Tests.Config.Tasks;

public class TaskFileTests
{
    private const string Head = "name: t\ntask-mode: all\ntarget-database: {host: h, port: 4000, user: root}\n";
    private const string Least = Head + "mysql-instances:\n- source-id: a\n";

    internal const string Full = """
        ---
        name: shop
        task-mode: incremental
        ignore-checking-items: [dump_privilege, "auto_increment_ID"]
        meta-schema: meta
        enable-heartbeat: false
        heartbeat-update-interval: 1
        heartbeat-report-interval: 10
        timezone: "+08:00"
        case-sensitive: true
        collation_compatible: strict
        online-ddl: true
        online-ddl-scheme: gh-ost
        shadow-table-rules: ["^_(.+)_(?:new|gho)$"]
        trash-table-rules: ["^_(.+)_(?:ghc|del|old)$"]
        clean-dump-file: false
        ansi-quotes: true
        remove-meta: true
        experimental: {async-checkpoint-flush: true}
        target-database:
          host: 192.168.0.1
          port: 4000
          user: root
          password: "p: #w"
          max-allowed-packet: 67108864
          session: {sql_mode: "ANSI_QUOTES", tidb_skip_utf8_check: 1}
        mysql-instances:
        - source-id: a
          meta: {binlog-name: mysql-bin.000001, binlog-pos: 154, binlog-gtid: "e9a1fc22-ec08-11e9-b2ac-0242ac110003:1-9"}
          filter-rules: [f1]
          route-rules: [r1, r2]
          expression-filters: [even]
          block-allow-list: list
          mydumper-config-name: dump
          mydumper-thread: 2
          loader-config-name: load
          loader-thread: 3
          syncer-config-name: sync
          syncer-thread: 5
          validator-config-name: none
        - source-id: b
          black-white-list: list
          mydumper: {threads: 7, where: "a > 1"}
          loader: {pool-size: 8, on-duplicate: error}
          syncer: {worker-count: 9, safe-mode: true}
        routes:
          r1: {schema-pattern: "test_*", table-pattern: "t_*", target-schema: test, target-table: t, extract-table: {table-regexp: "t_(.*)", target-column: c}}
          r2: {schema-pattern: "test_*", target-schema: test}
        filters:
          f1: {schema-pattern: "test_*", table-pattern: "t_*", events: ["truncate table", "drop table"], sql-pattern: ["^DROP"], action: Ignore}
        column-mappings: {}
        expression-filter:
          even: {schema: test_1, table: t_1, insert-value-expr: "c % 2 = 0"}
        block-allow-list:
          list: {do-dbs: ["~^test.*"], ignore-tables: [{db-name: user, tbl-name: log}]}
        mydumpers:
          dump: {mydumper-path: ./bin/mydumper, threads: 4, chunk-filesize: 64, statement-size: 1000, rows: 100, skip-tz-utc: true, extra-args: "--consistency none"}
        loaders:
          load:
            pool-size: 16
            dir: ./dumped_data
            import-mode: sql
            on-duplicate-logical: replace
            on-duplicate-physical: none
            sorting-dir-physical: ./dumped_data
            disk-quota-physical: "0"
            checksum-physical: required
            analyze: off
            range-concurrency: 16
            compress-kv-pairs: ""
            pd-addr: "192.168.0.1:2379"
        syncers:
          sync: {worker-count: 16, batch: 200, safe-mode-duration: 90s, enable-gtid: false, compact: true, multiple-rows: true, checkpoint-flush-interval: 10}
        validators:
          none: {mode: none, worker-count: 4, validate-interval: 10s, check-interval: 5s, row-error-delay: 30m, meta-flush-interval: 5m, batch-query-size: 100, max-pending-row-size: 500m, max-pending-row-count: 1}
        """;

    [Fact]
    public void Defaults()
    {
        var task = TaskConfig.Parse("t.yaml", Least);

        Assert.Equal((TaskMode.All, "dm_meta", "", "loose"), (task.Mode, task.MetaSchema, task.Timezone, task.CollationCompatible));
        Assert.True(task.CleanDumpFile && task.OnlineDdl.IsOn);
        Assert.False(task.CaseSensitive || task.RemoveMeta);
        var subtask = Assert.Single(task.SubTasks(Sources("a")));
        Assert.Equal((4, "64", 64L << 20, true), (subtask.Mydumper.Threads, subtask.Mydumper.ChunkFileSize, subtask.Mydumper.ChunkFileBytes, subtask.Mydumper.SkipTzUtc));
        Assert.Equal((16, "./dumped_data", OnDuplicate.Replace), (subtask.Loader.PoolSize, subtask.Loader.Dir, subtask.Loader.OnDuplicate));
        Assert.Equal((16, 100, 1024, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)),
            (subtask.Rules.Syncer!.WorkerCount, subtask.Rules.Syncer.Batch, subtask.Rules.Syncer.QueueSize, subtask.Rules.Syncer.CheckpointFlushInterval, subtask.Rules.Syncer.SafeModeDuration));
        Assert.Equal("./dumped_data.t", subtask.DumpDir);
    }

    [Fact]
    public void All_keys()
    {
        var task = TaskConfig.Parse("t.yaml", Full);

        Assert.Equal(("shop", TaskMode.Incremental, "meta", "+08:00", "strict"), (task.Name, task.Mode, task.MetaSchema, task.Timezone, task.CollationCompatible));
        Assert.Equal("p: #w", task.Target.Password.Reveal());
        Assert.Equal(["dump_privilege", "auto_increment_ID"], task.IgnoreCheckingItems);
        Assert.Equal(2, task.Instances.Count);
        Assert.All<string>(
            ["enable-heartbeat", "ansi-quotes", "experimental", "collation_compatible", "max-allowed-packet", "sql_mode", "mydumper-path", "analyze", "pd-addr", "enable-gtid"],
            key => Assert.Contains(task.Notices, n => n.StartsWith("t.yaml:", StringComparison.Ordinal) && n.Contains(key, StringComparison.Ordinal)));
    }

    [Fact]
    public void Names_are_resolved_and_numbers_of_threads_go_first()
    {
        var subtasks = TaskConfig.Parse("t.yaml", Full).SubTasks(Sources("a", "b"));

        var (a, b) = (subtasks[0], subtasks[1]);
        Assert.Equal((2, 3, 5), (a.Mydumper.Threads, a.Loader.PoolSize, a.Rules.Syncer!.WorkerCount));
        Assert.Equal((100L, 200, TimeSpan.FromSeconds(90)), (a.Mydumper.Rows, a.Rules.Syncer.Batch, a.Rules.Syncer.SafeModeDuration));
        Assert.Equal(["r1", "r2"], a.Rules.Routes.Select(r => r.Name));
        Assert.Equal("c % 2 = 0", Assert.Single(a.Rules.ExpressionFilters).InsertValueExpr);
        Assert.Equal((7, 8, OnDuplicate.Error, 9), (b.Mydumper.Threads, b.Loader.PoolSize, b.Loader.OnDuplicate, b.Rules.Syncer!.WorkerCount));
        Assert.NotNull(b.Rules.BlockAllowList);
        Assert.Empty(b.Rules.Routes);
        Assert.Null(b.Meta);
    }

    [Fact]
    public void A_sources_filters_hold_where_the_task_has_none_for_the_same_tables()
    {
        var source = Sources("a")["a"] with
        {
            CaseSensitive = true,
            Filters =
            [
                new BinlogEventRule { Name = "s1", SchemaPattern = "test_*", TablePattern = "t_*", Action = FilterAction.Do },
                new BinlogEventRule { Name = "s2", SchemaPattern = "other", Action = FilterAction.Ignore },
            ],
        };

        var subtask = TaskConfig.Parse("t.yaml", Full).SubTasks(new Dictionary<string, SourceConfig> { ["a"] = source, ["b"] = source })[0];

        Assert.Equal(["f1", "s2"], subtask.Rules.Filters.Select(f => f.Name));
        Assert.True(subtask.Rules.CaseSensitive);
    }

    [Fact]
    public void A_missing_source_is_named()
    {
        var error = Assert.Throws<TiFerryException>(() => TaskConfig.Parse("t.yaml", Full).SubTasks(Sources("a")));

        Assert.Equal(20031, error.Code.Number);
        Assert.Contains("'b'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20003, "t.yaml:6:7: 'nmae': there is no such key", Least + "nmae: x")]
    [InlineData(20003, ": the file is not valid YAML", Least + "\tx: 1")]
    [InlineData(20003, "'mysql-instances[0].binlog': there is no such key", Least + "  binlog: x")]
    [InlineData(20003, "'case-sensitive': 'maybe' stands where true or false", Least + "case-sensitive: maybe")]
    [InlineData(20019, "the task has no 'name'", "task-mode: all")]
    [InlineData(20019, "has a slash", "name: a/b\ntask-mode: all")]
    [InlineData(20019, "the name has 47 characters", "name: a2345678901234567890123456789012345678901234567\ntask-mode: all")]
    [InlineData(20020, "t.yaml:2:12: 'task-mode': there is no mode 'increment'", "name: t\ntask-mode: increment")]
    [InlineData(20020, "'task-mode' is missing", "name: t")]
    [InlineData(90005, "the mode 'load&sync' isn't available", "name: t\ntask-mode: load&sync")]
    [InlineData(20021, "'target-database' is missing", "name: t\ntask-mode: all\nmysql-instances: [{source-id: a}]")]
    [InlineData(20013, "'mysql-instances' names no source", Head)]
    [InlineData(20013, "t.yaml:4:18: 'mysql-instances'", Head + "mysql-instances: []")]
    [InlineData(20005, "the entry has no 'source-id'", Head + "mysql-instances: [{route-rules: []}]")]
    [InlineData(20006, "has 33 characters", Head + "mysql-instances: [{source-id: a23456789012345678901234567890123}]")]
    [InlineData(20014, "the source 'a' stands in mysql-instances[0] already", Least + "- source-id: a")]
    [InlineData(20011, "it has neither 'binlog-name' nor 'binlog-gtid'", Least + "  meta: {binlog-pos: 4}")]
    [InlineData(20015, "there is 'mydumper' and 'mydumper-config-name'", Least + "  mydumper: {}\n  mydumper-config-name: x")]
    [InlineData(20016, "there is 'loader' and 'loader-config-name'", Least + "  loader: {dir: x}\n  loader-config-name: x")]
    [InlineData(20017, "there is 'syncer' and 'syncer-config-name'", Least + "  syncer: {batch: 1}\n  syncer-config-name: x")]
    [InlineData(20023, "t.yaml:6:17: 'mysql-instances[0].route-rules[0]': there is no 'r' in 'routes'", Least + "  route-rules: [r]")]
    [InlineData(20024, "there is no 'f' in 'filters'", Least + "  filter-rules: [f]")]
    [InlineData(20040, "there is no 'e' in 'expression-filter'", Least + "  expression-filters: [e]")]
    [InlineData(20026, "there is no 'l' in 'block-allow-list'", Least + "  block-allow-list: l")]
    [InlineData(20026, "'mysql-instances[0].black-white-list': there is no 'l'", Least + "  black-white-list: l")]
    [InlineData(20027, "there is no 'm' in 'mydumpers'", Least + "  mydumper-config-name: m")]
    [InlineData(20029, "there is no 'l' in 'loaders'", Least + "  loader-config-name: l")]
    [InlineData(20030, "there is no 's' in 'syncers'", Least + "  syncer-config-name: s")]
    [InlineData(20056, "there is no 'v' in 'validators'", Least + "  validator-config-name: v")]
    [InlineData(20032, "'r' stands here twice", Least + "  route-rules: [r, r]")]
    [InlineData(20038, "t.yaml:6:14: 'routes.r': no instance uses it, nor 'syncers.s' (t.yaml:8:6)", Least + "routes: {r:  {schema-pattern: a, target-schema: b}}\nsyncers:\n  s: {batch: 1}")]
    [InlineData(20033, "merging the schema changes of shards comes later", Least + "shard-mode: pessimistic")]
    [InlineData(20033, "merging the schema changes of shards comes later", Least + "is-sharding: true")]
    [InlineData(20033, "there is no shard mode 'x'", Least + "shard-mode: x")]
    [InlineData(20066, "'shard-mode' is not optimistic", Least + "strict-optimistic-shard-mode: true")]
    [InlineData(20064, "column mappings are gone", Least + "column-mappings: {m: {}}")]
    [InlineData(20064, "column mappings are gone", Least + "  column-mapping-rules: [m]")]
    [InlineData(20001, "there is no check 'dump'", Least + "ignore-checking-items: [dump]")]
    [InlineData(20008, "the time zone 'Mars/Base' is not known", Least + "timezone: Mars/Base")]
    [InlineData(20008, "the time zone '+15:00' is not known", Least + "timezone: \"+15:00\"")]
    [InlineData(20008, "the time zone 'SYSTEM' is not known", Least + "timezone: SYSTEM")]
    [InlineData(20052, "there is no such value as 'tight'", Least + "collation_compatible: tight")]
    [InlineData(20007, "there is no scheme 'x'", Least + "online-ddl-scheme: x")]
    [InlineData(20048, "'shadow-table-rules'", Least + "shadow-table-rules: [\"(\"]")]
    [InlineData(20047, "'64X' is no size", Least + "  mydumper: {chunk-filesize: 64X}")]
    [InlineData(90002, "--snapshot is not supported", Least + "  mydumper: {extra-args: --snapshot 1}")]
    [InlineData(90005, "a copy in mode all can't leave rows or tables out", Least + "  mydumper: {where: a > 1}")]
    [InlineData(90005, "'mysql-instances[0].mydumper.extra-args': a copy in mode all", Least + "  mydumper: {extra-args: \"-B test\"}")]
    [InlineData(20053, "the import mode 'physical' comes later", Least + "  loader: {import-mode: physical}")]
    [InlineData(20053, "there is no import mode 'x'", Least + "  loader: {import-mode: x}")]
    [InlineData(20054, "there is no such value as 'x'", Least + "  loader: {on-duplicate-logical: x}")]
    [InlineData(20054, "t.yaml:6:34: 'mysql-instances[0].loader.on-duplicate-logical': a copy in mode all", Least + "  loader: {on-duplicate-logical: error}")]
    [InlineData(20054, "'mysql-instances[0].loader.on-duplicate': a copy in mode all", Least + "  loader: {on-duplicate: IGNORE}")]
    [InlineData(20058, "this is object storage", Least + "  loader: {dir: \"s3://bucket/x\"}")]
    [InlineData(20062, "'mysql-instances[0].loader.on-duplicate-physical'", Least + "  loader: {on-duplicate-physical: x}")]
    [InlineData(20063, "'mysql-instances[0].loader.checksum-physical'", Least + "  loader: {checksum-physical: x}")]
    [InlineData(20065, "'mysql-instances[0].loader.analyze'", Least + "  loader: {analyze: x}")]
    [InlineData(20060, "'soon' is no duration", Least + "  syncer: {safe-mode-duration: soon}")]
    [InlineData(20061, "safe-mode is on and safe-mode-duration is 0s", Least + "  syncer: {safe-mode: true, safe-mode-duration: 0s}")]
    [InlineData(20055, "comparing rows while they are carried comes later", Least + "validators: {v: {mode: full}}")]
    [InlineData(20055, "there is no mode 'x'", Least + "validators: {v: {mode: x}}")]
    [InlineData(20037, "there is no action 'Skip'", Least + "filters: {f: {schema-pattern: a, action: Skip}}")]
    [InlineData(20039, "expressions for more than one", Least + "expression-filter: {e: {schema: a, table: b, insert-value-expr: c, delete-value-expr: d}}")]
    [InlineData(20042, "table is empty", Least + "expression-filter: {e: {schema: a}}")]
    public void What_is_wrong(int code, string reason, string text)
    {
        var error = Assert.Throws<TiFerryException>(() => TaskConfig.Parse("t.yaml", text));

        Assert.Equal(code, error.Code.Number);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Matches("t\\.yaml:[0-9]+:[0-9]+: ", error.Message);
        Assert.NotNull(error.Workaround);
    }

    [Theory]
    [InlineData("ignore", OnDuplicate.Ignore)]
    [InlineData("Error", OnDuplicate.Error)]
    public void Files_may_be_loaded_beside_rows_that_are_there(string text, OnDuplicate expected) =>
        Assert.Equal(expected, TaskConfig.Parse("t.yaml", Least.Replace("task-mode: all", "task-mode: load", StringComparison.Ordinal) + $"  loader: {{on-duplicate-logical: {text}}}").Instances[0].Loader!.OnDuplicate);

    [Fact]
    public void An_authority_alone_is_enough_to_know_the_server_by()
    {
        var task = TaskConfig.Parse("t.yaml", Least.Replace("target-database: {", "target-database: {security: {ssl-ca: /ca.pem}, ", StringComparison.Ordinal));

        var options = task.Target.ToConnectionOptions(PasswordCipher.None, Path.GetTempPath());
        Assert.Equal((TlsMode.VerifyCa, "/ca.pem", null, null), (options.Tls, options.SslCa, options.SslCert, options.SslKey));
        Assert.Contains("there is 'ssl-cert' and no 'ssl-key'", Assert.Throws<TiFerryException>(() => TaskConfig.Parse(
            "t.yaml", Least.Replace("target-database: {", "target-database: {security: {ssl-ca: /ca.pem, ssl-cert: /c.pem}, ", StringComparison.Ordinal))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_no_instance_uses_is_told() =>
        Assert.Contains("t.yaml:6:23: 'block-allow-list.l' is used by no instance", TaskConfig.Parse("t.yaml", Least + "block-allow-list: {l: {do-dbs: [a]}}").Notices[0], StringComparison.Ordinal);

    [Fact]
    public void A_position_in_another_mode_is_told() =>
        Assert.Contains("does nothing in mode all", Assert.Single(TaskConfig.Parse("t.yaml", Least + "  meta: {binlog-name: a.000001}").Notices), StringComparison.Ordinal);

    [Fact]
    public void The_password_is_encrypted_in_place()
    {
        var cipher = new PasswordCipher(new byte[32]);

        var changed = TaskConfig.ProtectText("t.yaml", Full, cipher);

        Assert.DoesNotContain("p: #w", changed, StringComparison.Ordinal);
        Assert.Equal("p: #w", cipher.Plain(TaskConfig.Parse("t.yaml", changed).Target.Password).Reveal());
        Assert.Equal(Full.Split('\n').Length, changed.Split('\n').Length);
    }

    [Fact]
    public void The_engine_gets_what_the_file_says()
    {
        var cipher = new PasswordCipher(new byte[32]);
        var subtask = TaskConfig.Parse("t.yaml", Full).SubTasks(Sources("a", "b"))[0].WithProtectedPasswords(cipher);
        var engine = new SubTaskEngine(cipher, "/nowhere");

        var options = engine.Migration(subtask, new TaskCliArgs { SafeModeDuration = "10s" });

        Assert.Equal((MigrationMode.Incremental, "shop", "a", "a", "meta"), (options.Mode, options.TaskName, options.SourceId, options.CheckpointId, options.MetaSchema));
        Assert.Equal("mysql-bin.000001:154", options.StartPosition.ToString());
        Assert.Null(options.StartGtid);
        Assert.Equal("p: #w", options.Target.Password);
        Assert.Equal(["SET SESSION `tidb_skip_utf8_check` = 1"], options.Target.InitStatements);
        Assert.Equal("+08:00", options.Rules.Timezone);
        Assert.Equal((2, 5, 100), (options.Threads, options.Workers, options.ChunkRows));
        Assert.Equal(TimeSpan.FromSeconds(10), options.SafeModeDuration);

        var byGtid = engine.Migration(subtask with { EnableGtid = true });
        Assert.Equal("e9a1fc22-ec08-11e9-b2ac-0242ac110003:1-9", byGtid.StartGtid);
        Assert.Null(byGtid.StartPosition);
    }

    [Theory]
    [InlineData("2026-01-31 13:01:50+08:00", "2026-01-31T05:01:50Z")]
    [InlineData("2026-01-31T13:01:50-0130", "2026-01-31T14:31:50Z")]
    [InlineData("2026-01-31T13:01:50Z", "2026-01-31T13:01:50Z")]
    [InlineData("2026-01-31 13:01:50", "2026-01-31T11:01:50Z")]
    public void Start_times(string text, string utc) =>
        Assert.Equal(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture), TaskCliArgs.Time(text, TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(2), "x", "x")));

    [Theory]
    [InlineData("yesterday", "", "")]
    [InlineData("2026-02-30 00:00:00", "", "")]
    [InlineData("2026-01-31 13:01:50+15:00", "", "")]
    [InlineData("", "soon", "")]
    [InlineData("", "", "later")]
    public void What_cannot_be_given_at_the_start(string start, string safeMode, string wait) =>
        Assert.Throws<TiFerryException>(() => new TaskCliArgs { StartTime = start, SafeModeDuration = safeMode, WaitTimeOnStop = wait }.Verify());

    [Fact]
    public void Start_arguments_are_kept_under_dms_keys()
    {
        var arguments = new TaskCliArgs { StartTime = "2026-01-31 13:01:50", SafeModeDuration = "1s", WaitTimeOnStop = "2s" };

        Assert.Equal("""{"start_time":"2026-01-31 13:01:50","safe_mode_duration":"1s","wait_time_on_stop":"2s"}""", arguments.ToJson());
        Assert.Equal(arguments, TaskCliArgs.FromJson(arguments.ToJson()));
    }

    internal static Dictionary<string, SourceConfig> Sources(params string[] ids) =>
        ids.ToDictionary(id => id, id => SourceConfig.Parse("s.yaml", $"source-id: {id}\nfrom: {{host: 127.0.0.1, port: 3306, user: root, password: from-{id}}}\n"));
}
