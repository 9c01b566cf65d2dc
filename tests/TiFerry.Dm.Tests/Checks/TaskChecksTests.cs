using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Routing;
using TiFerry.Dm.Checks;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Migration;
using TiFerry.Migration.Meta;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Source;
using TiFerry.TestServers;

namespace TiFerry.Dm.Tests.Checks;

/// <summary>Every checking item, with what makes it pass and what makes it fail, on real servers.</summary>
public sealed class TaskChecksTests(ServerFixture servers) : IClassFixture<ServerFixture>
{
    private TestServer _source = null!;
    private TestServer _target = null!;
    private string _database = "";

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task A_good_pair_passes(ServerKind kind)
    {
        var task = await PrepareAsync(kind, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");

        foreach (var mode in (CheckedSubTask[])[task, task with { Options = task.Options with { Mode = MigrationMode.Full } }, task with { DumpsFiles = true }, task with { LoadsFiles = true }])
        {
            var report = await CheckAsync(mode);

            Assert.Equal([], report.Results.Where(r => r.State != CheckState.Success).SelectMany(r => r.Errors!));
            Assert.Equal((true, 0, 0), (report.Summary.Passed, report.Summary.Failed, report.Summary.Warning));
            Assert.Equal(report.Summary.Total, report.Summary.Successful);
            Assert.Equal("pre-check is passed. ", report.Message());
        }
        Assert.Empty(await _target.QueryAsync("SHOW DATABASES LIKE 'tiferry_meta'"));
    }

    [Fact]
    public async Task Each_mode_has_its_checks()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        string[] ofBinlog = ["mysql_server_id", "mysql_binlog_enable", "mysql_binlog_format", "mysql_binlog_row_image", "source db replication privilege checker", "binlog_do_db/binlog_ignore_db check"];

        var all = Names(await CheckAsync(task));
        var incremental = Names(await CheckAsync(task with { Options = task.Options with { Mode = MigrationMode.Incremental, StartPosition = new BinlogPosition("binlog.000001", 4) } }));
        var dump = Names(await CheckAsync(task with { DumpsFiles = true }));
        var load = Names(await CheckAsync(task with { LoadsFiles = true }));

        Assert.Empty(ofBinlog.Except(all));
        Assert.Contains("source db dump privilege checker", all);
        Assert.Contains("downstream_table_empty", all);
        Assert.DoesNotContain("meta position check", all);
        Assert.Empty(ofBinlog.Append("meta position check").Except(incremental));
        Assert.DoesNotContain("downstream_table_empty", incremental);
        Assert.Empty(ofBinlog.Intersect(dump));
        Assert.DoesNotContain("target db privilege checker", dump);
        Assert.DoesNotContain("loader_conn_number_checker", dump);
        Assert.Contains("source db dump privilege checker", dump);
        Assert.Empty(ofBinlog.Intersect(load));
        Assert.DoesNotContain("dumper_conn_number_checker", load);
        Assert.Contains("loader_conn_number_checker", load);
    }

    [Fact]
    public async Task Ignored_items_are_not_looked_at()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT)");

        Assert.Contains("table structure compatibility check", Names(await CheckAsync(task)));
        var without = await TaskChecks.RunAsync([task], ["table_schema"], default);
        Assert.DoesNotContain("table structure compatibility check", Names(without));
        Assert.Equal("pre-check is passed. ", without.Message());
        var nothing = await TaskChecks.RunAsync([task with { Options = task.Options with { Source = task.Options.Source with { Port = 1 } } }], ["all"], default);
        Assert.Equal((0, true, ""), (nothing.Summary.Total, nothing.Summary.Passed, nothing.Message()));
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Missing_privileges_come_with_the_grants_that_help(ServerKind kind)
    {
        var task = await PrepareAsync(kind, "CREATE TABLE {0}.t (id INT PRIMARY KEY)", "CREATE VIEW {0}.v AS SELECT * FROM {0}.t");
        foreach (var server in (TestServer[])[_source, _target])
            await server.RunAsync($"CREATE USER u_{_database}@'%'", $"GRANT SELECT ON {_database}.* TO u_{_database}@'%'");
        task = task with
        {
            Options = task.Options with
            {
                Source = _source.ConnectionOptions with { User = $"u_{_database}" },
                Target = _target.ConnectionOptions with { User = $"u_{_database}" },
            },
        };

        var report = await CheckAsync(task);
        Expect(report, CheckState.Fail, "source db replication privilege checker", "REPLICATION SLAVE on *.*");
        Expect(report, CheckState.Fail, "source db dump privilege checker", $"SHOW VIEW on `{_database}`.*");
        Expect(report, CheckState.Fail, "target db privilege checker", $"on `{_database}`.*");
        var files = await CheckAsync(task with { DumpsFiles = true });
        Expect(files, CheckState.Fail, "source db dump privilege checker", "RELOAD on *.*");
        Expect(await CheckAsync(task with { DumpsFiles = true, Consistency = "lock" }), CheckState.Fail, "source db dump privilege checker", $"LOCK TABLES on `{_database}`.*");

        await GrantAsync(report, "source db replication privilege checker", _source);
        await GrantAsync(report, "source db dump privilege checker", _source);
        await GrantAsync(files, "source db dump privilege checker", _source);
        await GrantAsync(report, "target db privilege checker", _target);
        Assert.Equal([], (await CheckAsync(task)).Results.Where(r => r.State == CheckState.Fail).SelectMany(r => r.Errors!));
        Assert.Equal([], (await CheckAsync(task with { DumpsFiles = true })).Results.Where(r => r.State == CheckState.Fail).SelectMany(r => r.Errors!));
    }

    [Theory]
    [InlineData("binlog_format", "'STATEMENT'", CheckState.Fail, "mysql_binlog_format", "it is STATEMENT, and has to be ROW")]
    [InlineData("binlog_row_image", "'MINIMAL'", CheckState.Warn, "mysql_binlog_row_image", "it is MINIMAL")]
    [InlineData("binlog_expire_logs_seconds", "3600", CheckState.Warn, "mysql_binlog_enable", "1h0m")]
    [InlineData("max_connections", "10", CheckState.Fail, "dumper_conn_number_checker", "max_connections: 10 is less than the number dumper needs: 34")]
    public async Task Settings_of_the_source_are_looked_at(string variable, string value, CheckState state, string name, string text)
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        Assert.Equal(CheckState.Success, (await CheckAsync(task)).Results.Single(r => r.Name == name).State);
        await WithSettingAsync(_source, variable, value, async () => Expect(await CheckAsync(task with { DumpThreads = 32 }), state, name, text));
    }

    [Theory]
    [InlineData("max_connections", "20", CheckState.Fail, "loader_conn_number_checker", "max_connections: 20 is less than the number loader needs: 34")]
    [InlineData("max_connections", "34", CheckState.Warn, "loader_conn_number_checker", "is less than loader needs: 34")]
    [InlineData("max_allowed_packet", "1048576", CheckState.Warn, "target settings checker", "1 MiB")]
    public async Task Settings_of_the_target_are_looked_at(string variable, string value, CheckState state, string name, string text)
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        await WithSettingAsync(_target, variable, value, async () => Expect(await CheckAsync(task, task with { SourceId = "second" }), state, name, text));
    }

    [Fact]
    public async Task A_start_time_is_looked_for_in_the_binlog_and_wins_over_a_checkpoint()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        task = task with { UsesRelay = true, Options = task.Options with { Mode = MigrationMode.Incremental, TaskName = _database, MetaSchema = $"meta_{_database}" } };
        var now = (await _source.QueryAsync("SELECT DATE_FORMAT(NOW(), '%Y-%m-%d %H:%i:%s')"))[0][0]!;
        var reached = await CheckAsync(task with { StartTime = new StartTime(now, "") });
        Assert.Equal(CheckState.Success, reached.Results.Single(r => r.Name == "meta position check").State);
        Expect(await CheckAsync(task with { StartTime = new StartTime("2001-01-01T00:00:00+08:00", "") }), CheckState.Warn, "meta position check", "begins after the start time 2000-12-31");
        Expect(await CheckAsync(task with { StartTime = new StartTime("2037-01-01 00:00:00", "") }), CheckState.Fail, "meta position check", "too late");

        // A checkpoint that the source has no binlog for matters neither where a time is given nor where it is removed first.
        await using var begun = await _target.ConnectAsync();
        await new MetaStore(task.Options.MetaSchema, _database).CreateAsync(begun, default);
        await new MetaStore(task.Options.MetaSchema, _database).WriteTaskAsync(begun, new TaskRecord("", MigrationMode.Incremental, "", TaskStage.Follow, 1, new SourcePosition(new BinlogPosition("binlog.999999", 4), "")), default);
        task = task with { UsesRelay = false };
        Expect(await CheckAsync(task), CheckState.Fail, "meta position check", "no binlog file binlog.999999");
        Assert.Equal(CheckState.Success, (await CheckAsync(task with { StartTime = new StartTime(now, "") })).Results.Single(r => r.Name == "meta position check").State);
        var end = (await _source.QueryAsync("SHOW MASTER STATUS"))[0];
        task = task with { BeginsAnew = true, Options = task.Options with { StartPosition = new BinlogPosition(end[0]!, 4) } };
        Assert.Equal(CheckState.Success, (await CheckAsync(task)).Results.Single(r => r.Name == "meta position check").State);
    }

    [Fact]
    public async Task A_source_without_binlog_can_only_be_copied()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        await _target.RunAsync($"CREATE DATABASE {_database}", $"CREATE TABLE {_database}.t (id INT PRIMARY KEY)");
        task = task with { Options = task.Options with { Source = _target.ConnectionOptions, Target = _source.ConnectionOptions } };

        Expect(await CheckAsync(task), CheckState.Fail, "mysql_binlog_enable", "no binlog", "task-mode: full");
        Expect(await CheckAsync(task with { Options = task.Options with { Mode = MigrationMode.Full } }), CheckState.Warn, "mysql_binlog_enable", "during the copy");
    }

    [Fact]
    public async Task A_database_that_the_binlog_leaves_out_is_an_error()
    {
        await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb, [.. ServerOptions.Source(ServerKind.MariaDb), "--binlog-ignore-db=quiet"]);
        await source.RunAsync("CREATE DATABASE quiet", "CREATE TABLE quiet.t (id INT PRIMARY KEY)");

        var report = await CheckAsync(new CheckedSubTask { SourceId = "mysql-01", Options = new MigrationOptions { Source = source.ConnectionOptions, Target = _target.ConnectionOptions } });

        Expect(report, CheckState.Fail, "binlog_do_db/binlog_ignore_db check", "quiet", "block-allow-list");
    }

    [SkippableFact]
    public async Task A_source_of_MySQL_needs_a_server_id_and_GTIDs_where_they_are_asked_for()
    {
        ServerFixture.SkipUnlessInstalled(ServerKind.MySql56);
        await PrepareAsync(ServerKind.MariaDb);
        await using var source = await TestServer.StartAsync(ServerKind.MySql56, ServerOptions.Source(ServerKind.MySql56));
        await source.RunAsync("SET GLOBAL server_id = 0");
        var task = new CheckedSubTask { SourceId = "mysql-01", Options = new MigrationOptions { Source = source.ConnectionOptions, Target = _target.ConnectionOptions }, NeedsGtid = true };

        var report = await CheckAsync(task);

        Expect(report, CheckState.Fail, "mysql_server_id", "it is 0");
        Expect(report, CheckState.Fail, "gtid_mode", "[code=26007] mysql-01 has GTID_MODE = OFF instead of ON", "enable-gtid");
        Assert.DoesNotContain("gtid_mode", Names(await CheckAsync(task with { NeedsGtid = false })));
    }

    [Fact]
    public async Task A_start_position_that_is_gone_is_an_error_unless_a_relay_log_has_it()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        await _target.RunAsync($"CREATE DATABASE {_database}", $"CREATE TABLE {_database}.t (id INT PRIMARY KEY)");
        var gone = task with { Options = task.Options with { Mode = MigrationMode.Incremental, StartPosition = new BinlogPosition("binlog.999999", 4) } };

        Expect(await CheckAsync(gone), CheckState.Fail, "meta position check", "no binlog file binlog.999999", "binlog-name");
        Assert.True((await CheckAsync(gone with { UsesRelay = true })).Summary.Passed);
        Assert.True((await CheckAsync(task with { Options = gone.Options with { StartPosition = new BinlogPosition("binlog.000001", 4) } })).Summary.Passed);
    }

    [Fact]
    public async Task Tables_are_named_one_by_one_up_to_the_limits()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, [.. Enumerable.Range(0, 15).Select(i => $"CREATE TABLE {{0}}.k{i:00} (v INT)"), "CREATE SEQUENCE {0}.s"]);

        var report = await CheckAsync(task);

        var structure = report.Results.Single(r => r.Name == "table structure compatibility check");
        Assert.Equal(15, structure.Errors!.Count(f => f.ShortError.Contains("no primary key", StringComparison.Ordinal)));
        Assert.Equal(4, report.Limit(errors: 10, warnings: 3).Results.Sum(r => r.Errors!.Count));
        Assert.Equal(3, report.Limit(errors: 0, warnings: 3).Results.Sum(r => r.Errors!.Count));
        Assert.Empty(report.Limit(errors: 0, warnings: 0).Results);
        Assert.Equal(report.Summary, report.Limit(errors: 0, warnings: 0).Summary);
        Expect(report, CheckState.Fail, "table structure compatibility check", $"`{_database}`.`s`", "ignore-tables of the block-allow-list");
        Expect(await CheckAsync(task, ["primary_key"]), CheckState.Fail, "primary key existence check", $"table `{_database}`.`k14` primary key does not exist");
        Assert.DoesNotContain("primary key existence check", Names(report));
    }

    [Fact]
    public async Task What_the_target_has_already_is_looked_at()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.filled (id INT PRIMARY KEY)", "CREATE TABLE {0}.other (id INT PRIMARY KEY, a INT)", "CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        await _target.RunAsync($"CREATE DATABASE {_database}", $"CREATE TABLE {_database}.filled (id INT PRIMARY KEY)", $"INSERT INTO {_database}.filled VALUES (1)",
            $"CREATE TABLE {_database}.other (id INT PRIMARY KEY, b INT)", $"CREATE TABLE {_database}.t (id INT PRIMARY KEY)", $"CREATE TRIGGER {_database}.tr BEFORE INSERT ON {_database}.t FOR EACH ROW SET NEW.id = NEW.id");

        var report = await CheckAsync(task);

        Expect(report, CheckState.Fail, "downstream_table_empty", $"`{_database}`.`filled`", "task-mode: incremental");
        Expect(report, CheckState.Fail, "table structure compatibility check", $"`{_database}`.`other` (only on the source: `a`)");
        Expect(report, CheckState.Fail, "target settings checker", $"{_database}.tr");
    }

    [Fact]
    public async Task One_server_is_not_two()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");

        Expect(await CheckAsync(task with { Options = task.Options with { Target = task.Options.Source } }), CheckState.Fail, "target settings checker", "the same server", "target-database");
    }

    [Fact]
    public async Task An_online_schema_change_under_way_is_an_error()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)", "CREATE TABLE {0}._t_gho (id INT PRIMARY KEY)");

        Expect(await CheckAsync(task with { Options = task.Options with { Rules = MigrationOptions.NoRules with { OnlineDdl = new OnlineDdlRules() } } }), CheckState.Fail, "online ddl checker", "_t_gho");
    }

    [Fact]
    public async Task Tables_of_several_sources_that_go_to_one_are_compared()
    {
        var first = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY, v INT)", "CREATE TABLE {0}.u (id INT AUTO_INCREMENT PRIMARY KEY)", "CREATE TABLE {0}.same (id INT PRIMARY KEY)");
        var merged = $"{_database}_all";
        var second = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY, v BIGINT)", "CREATE TABLE {0}.u (id INT AUTO_INCREMENT PRIMARY KEY)", "CREATE TABLE {0}.same (id INT PRIMARY KEY)");
        var (one, two) = (Into(merged, first, "mysql-01"), Into(merged, second, "mysql-02"));

        var report = await CheckAsync(one, two);

        var outcome = report.Results.Single(r => r.Name == $"sharding table `{merged}`.`t` consistency checking");
        var finding = Assert.Single(outcome.Errors!);
        Assert.Equal((CheckState.Fail, CheckState.Fail), (outcome.State, finding.Severity));
        Assert.Contains("column 2: `v` int(11), `v` bigint(20)", finding.ShortError, StringComparison.Ordinal);
        Assert.Equal(($"sourceID mysql-01 table {first.Options.Filter[0].Replace(".*", "", StringComparison.Ordinal).Quoted()}.`t`", $"sourceID mysql-02 table {_database.Quoted()}.`t`"), (finding.Self, finding.Other));
        Expect(report, CheckState.Warn, $"sharding table `{merged}`.`u` consistency checking", "AUTO_INCREMENT", "extract-source");
        Assert.Equal(CheckState.Success, report.Results.Single(r => r.Name == $"sharding table `{merged}`.`same` consistency checking").State);

        var unasked = await TaskChecks.RunAsync([one, two], ["schema_of_shard_tables", "auto_increment_ID"], default);
        Assert.DoesNotContain(unasked.Results, r => r.Name.StartsWith("sharding", StringComparison.Ordinal));
        var onlyNumbers = await TaskChecks.RunAsync([one, two], ["schema_of_shard_tables"], default);
        Assert.True(onlyNumbers.Summary.Passed);
    }

    [Fact]
    public async Task A_source_that_joins_a_task_finds_the_others_rows()
    {
        var first = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)", "INSERT INTO {0}.t VALUES (1)");
        var merged = $"{_database}_all";
        var second = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)", "INSERT INTO {0}.t VALUES (2)");
        var (one, two) = (OfTask(Into(merged, first, "mysql-01")), OfTask(Into(merged, second, "mysql-02")));
        Assert.True(await new MigrationTask(one.Options with { StopWhenCaughtUp = true }, Log.None).RunAsync(default));

        Assert.Equal("pre-check is passed. ", (await CheckAsync(one, two)).Message());
        Expect(await CheckAsync(two with { Options = two.Options with { TaskName = "other" } }), CheckState.Fail, "downstream_table_empty", $"`{merged}`.`t`", "ignore-checking-items");

        CheckedSubTask OfTask(CheckedSubTask task) => task with { Options = task.Options with { TaskName = merged, MetaSchema = $"meta{merged}", CheckpointId = task.SourceId, HasOtherSources = true } };
    }

    [Fact]
    public async Task A_route_that_can_t_be_followed_is_an_outcome()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        var route = new RouteRule { Name = "a", SchemaPattern = _database, TablePattern = "t", TargetSchema = "x", TargetTable = "y" };
        task = task with { Options = task.Options with { Rules = MigrationOptions.NoRules with { Routes = [route, route with { Name = "b" }] } } };

        Expect(await CheckAsync(task), CheckState.Fail, "table structure compatibility check", "fits more than one route: 'a', 'b'");
    }

    [Fact]
    public async Task Servers_that_cannot_be_used_are_outcomes_without_passwords()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        var broken = task with { SourceId = "mysql-02", Options = task.Options with { Source = task.Options.Source with { Port = 1 }, Target = task.Options.Target with { User = "nobody", Password = "Geheim99" } } };

        var report = await CheckAsync(task, broken);

        Expect(report, CheckState.Fail, "source_connection", "[code=26002]");
        Expect(report, CheckState.Fail, "target_connection", "Access denied");
        Assert.Equal("sourceID mysql-02", report.Results.Single(r => r.Name == "source_connection").Extra);
        Assert.Contains("mysql_version", Names(report));
        Assert.DoesNotContain("Geheim99", report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_began_earlier_goes_on_with_its_own_rows()
    {
        var task = await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (id INT PRIMARY KEY)", "INSERT INTO {0}.t VALUES (1)");
        task = task with { Options = task.Options with { TaskName = _database, MetaSchema = $"meta{_database}", StopWhenCaughtUp = true } };
        Assert.True(await new MigrationTask(task.Options, Log.None).RunAsync(default));

        Assert.Equal("pre-check is passed. ", (await CheckAsync(task)).Message());
        Expect(await CheckAsync(task with { Options = task.Options with { TaskName = "other" } }), CheckState.Fail, "downstream_table_empty", "already hold rows");
    }

    [Fact]
    public async Task The_answer_has_DM_s_layout()
    {
        var warned = await CheckAsync(await PrepareAsync(ServerKind.MariaDb, "CREATE TABLE {0}.t (v INT)"));
        var message = warned.Message();
        Assert.StartsWith("fail to check synchronization configuration with type: no errors but some warnings\n detail: {\n\t\t\"results\": [\n\t\t\t{\n\t\t\t\t\"id\": ", message, StringComparison.Ordinal);
        Assert.Contains("\t\t\t\t\"state\": \"warn\",\n\t\t\t\t\"errors\": [\n\t\t\t\t\t{\n\t\t\t\t\t\t\"severity\": \"warn\",\n\t\t\t\t\t\t\"short_error\": \"", message, StringComparison.Ordinal);
        Assert.EndsWith($"\n\t\t\"summary\": {{\n\t\t\t\"passed\": true,\n\t\t\t\"total\": {warned.Summary.Total},\n\t\t\t\"successful\": {warned.Summary.Total - 1},\n\t\t\t\"failed\": 0,\n\t\t\t\"warning\": 1\n\t\t}}\n\t}}", message, StringComparison.Ordinal);

        var failed = await CheckAsync(await PrepareAsync(ServerKind.MariaDb, "CREATE SEQUENCE {0}.s"));
        var error = Assert.Throws<TiFerryException>(() => failed.Message());
        Assert.StartsWith("[code=26005:class=dm-master:scope=internal:level=medium], Message: fail to check synchronization configuration with type: check was failed, please see detail\n detail: {\n", error.Message, StringComparison.Ordinal);
    }

    private static CheckedSubTask Into(string schema, CheckedSubTask task, string sourceId) => task with
    {
        SourceId = sourceId,
        Options = task.Options with
        {
            Rules = MigrationOptions.NoRules with { Routes = [new RouteRule { Name = "all", SchemaPattern = task.Options.Filter[0].Replace(".*", "", StringComparison.Ordinal), TargetSchema = schema }] },
        },
    };

    private static IEnumerable<string> Names(TaskCheckReport report) => report.Results.Select(r => r.Name);

    private static Task<TaskCheckReport> CheckAsync(params CheckedSubTask[] tasks) => TaskChecks.RunAsync(tasks, [], default);

    private static Task<TaskCheckReport> CheckAsync(CheckedSubTask task, string[] additional) => TaskChecks.RunAsync([task], [], default, additional);

    private static void Expect(TaskCheckReport report, CheckState state, string name, string text, string instruction = "") =>
        Assert.True(report.Results.Any(r => r.Name == name && r.State >= state && r.Errors!.Any(f => f.Severity == state && f.ShortError.Contains(text, StringComparison.Ordinal))
            && r.Instruction!.Contains(instruction, StringComparison.Ordinal)), $"no {state} of '{name}' with '{text}' and '{instruction}' in:\n{report.ToJson()}");

    private static async Task WithSettingAsync(TestServer server, string variable, string value, Func<Task> test)
    {
        var before = (await server.QueryAsync($"SELECT @@GLOBAL.{variable}"))[0][0];
        await server.RunAsync($"SET GLOBAL {variable} = {value}");
        try
        {
            await test();
        }
        finally
        {
            await server.RunAsync($"SET GLOBAL {variable} = {(value.StartsWith('\'') ? $"'{before}'" : before)}");
        }
    }

    private static async Task GrantAsync(TaskCheckReport report, string name, TestServer server)
    {
        foreach (var wayOut in report.Results.Single(r => r.Name == name).Instruction!.Split("as an administrator of the ").Skip(1))
        {
            var statements = wayOut[wayOut.IndexOf("GRANT", StringComparison.Ordinal)..].Split(';').Where(s => s.TrimStart().StartsWith("GRANT ", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(statements);
            await server.RunAsync(statements);
        }
    }

    private async Task<CheckedSubTask> PrepareAsync(ServerKind kind, params string[] statements)
    {
        _source = await servers.SourceAsync(kind);
        _target = await servers.TargetAsync(kind);
        _database = ServerFixture.NewDatabaseName("task");
        if (statements.Length > 0)
            await _source.RunAsync([$"CREATE DATABASE {_database}", .. statements.Select(s => s.Replace("{0}", _database, StringComparison.Ordinal))]);
        return new CheckedSubTask
        {
            SourceId = "mysql-01",
            Options = new MigrationOptions { Source = _source.ConnectionOptions, Target = _target.ConnectionOptions, Filter = [$"{_database}.*"] },
        };
    }
}

file static class Names
{
    public static string Quoted(this string name) => $"`{name}`";
}
