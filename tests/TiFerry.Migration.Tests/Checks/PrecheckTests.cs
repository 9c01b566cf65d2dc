using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Migration.Checks;
using TiFerry.TestServers;

namespace TiFerry.Migration.Tests.Checks;

/// <summary>Every check with what it is there for, made real on a server.</summary>
public sealed class PrecheckTests(ServerFixture servers) : IClassFixture<ServerFixture>
{
    private TestServer _source = null!;
    private TestServer _target = null!;
    private string _database = "";

    [Fact]
    public async Task A_good_pair_passes()
    {
        var options = await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)");

        var report = await Precheck.RunAsync(options, CancellationToken.None);

        Assert.True(report.IsNewTask);
        Assert.Equal([], report.Results.Where(r => r.Severity != CheckSeverity.Pass));
        report.ThrowIfFailed();
        Assert.Empty(await _target.QueryAsync("SHOW DATABASES LIKE 'tiferry_meta'"));
    }

    [Fact]
    public async Task Without_a_binlog_only_a_full_copy_is_possible()
    {
        var options = await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        await _target.RunAsync($"CREATE DATABASE {_database}x");
        options = options with { Source = _target.ConnectionOptions, Target = _source.ConnectionOptions, Filter = [$"{_database}x.*"] };

        Expect(await Precheck.RunAsync(options, default), CheckSeverity.Error, "source log_bin", "no binlog");
        Expect(await Precheck.RunAsync(options with { Mode = MigrationMode.Full }, default), CheckSeverity.Warning, "source log_bin", "during the copy");
    }

    [Theory]
    [InlineData("binlog_format", "STATEMENT", CheckSeverity.Error, "source binlog_format", "it is STATEMENT")]
    [InlineData("binlog_format", "MIXED", CheckSeverity.Error, "source binlog_format", "it is MIXED")]
    [InlineData("binlog_row_image", "MINIMAL", CheckSeverity.Warning, "source binlog_row_image", "which is slower")]
    [InlineData("binlog_expire_logs_seconds", "3600", CheckSeverity.Warning, "source binlog retention", "1h0m")]
    public async Task Settings_of_the_source_s_binlog_are_looked_at(string variable, string value, CheckSeverity severity, string name, string text)
    {
        var options = await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        var before = (await _source.QueryAsync($"SELECT @@GLOBAL.{variable}"))[0][0];
        var literal = int.TryParse(value, out _) ? value : $"'{value}'";
        var restore = int.TryParse(value, out _) ? before : $"'{before}'";
        await _source.RunAsync($"SET GLOBAL {variable} = {literal}");
        try
        {
            Expect(await Precheck.RunAsync(options, default), severity, name, text);
        }
        finally
        {
            await _source.RunAsync($"SET GLOBAL {variable} = {restore}");
        }
    }

    [Fact]
    public async Task A_database_that_the_binlog_leaves_out_is_an_error()
    {
        await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb, [.. ServerOptions.Source(ServerKind.MariaDb), "--binlog-ignore-db=quiet"]);
        await source.RunAsync("CREATE DATABASE quiet", "CREATE TABLE quiet.t (id INT PRIMARY KEY)");

        var report = await Precheck.RunAsync(new MigrationOptions { Source = source.ConnectionOptions, Target = _target.ConnectionOptions }, default);

        Expect(report, CheckSeverity.Error, "source binlog filter", "quiet");
    }

    [Fact]
    public async Task Tables_without_a_key_or_transactions_are_named()
    {
        var options = await PrepareAsync("CREATE TABLE {0}.nokey (v INT, UNIQUE (v))", "CREATE TABLE {0}.isam (id INT PRIMARY KEY) ENGINE = MyISAM");

        var report = await Precheck.RunAsync(options, default);

        Expect(report, CheckSeverity.Warning, "source keys", $"`{_database}`.`nokey`");
        Expect(report, CheckSeverity.Warning, "source engines", $"`{_database}`.`isam` (MyISAM)");
        Assert.Equal(0, report.Errors);
    }

    [Fact]
    public async Task What_the_target_has_already_is_looked_at()
    {
        var options = await PrepareAsync(
            "CREATE TABLE {0}.filled (id INT PRIMARY KEY)", "CREATE TABLE {0}.other (id INT PRIMARY KEY, a INT)", "CREATE TABLE {0}.same (id INT PRIMARY KEY)",
            "CREATE TABLE {0}.isview (id INT PRIMARY KEY)", "CREATE VIEW {0}.v AS SELECT 1 AS x");
        await _target.RunAsync(
            $"CREATE DATABASE {_database}", $"CREATE TABLE {_database}.filled (id INT PRIMARY KEY)", $"INSERT INTO {_database}.filled VALUES (1)",
            $"CREATE TABLE {_database}.other (id INT PRIMARY KEY, b INT)", $"CREATE TABLE {_database}.same (ID BIGINT PRIMARY KEY)",
            $"CREATE VIEW {_database}.isview AS SELECT 1 AS id", $"CREATE VIEW {_database}.v AS SELECT 2 AS x");

        var report = await Precheck.RunAsync(options, default);

        Expect(report, CheckSeverity.Error, "target tables", $"already hold rows: `{_database}`.`filled`");
        Expect(report, CheckSeverity.Error, "target tables", $"`{_database}`.`other` (only on the source: `a`)");
        Expect(report, CheckSeverity.Error, "target tables", $"tables on one side and views on the other: `{_database}`.`isview`");
        Expect(report, CheckSeverity.Warning, "target tables", $"will be replaced by the source's: `{_database}`.`v`");
        Assert.DoesNotContain(report.Results, r => r.Message.Contains("`same`", StringComparison.Ordinal));
        var error = Assert.Throws<TiFerryException>(report.ThrowIfFailed);
        Assert.Equal(CheckErrors.PrecheckFailed, error.Code);
    }

    [Fact]
    public async Task Mode_incremental_needs_the_tables_and_the_binlog()
    {
        var options = (await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)")) with { Mode = MigrationMode.Incremental };

        var missing = await Precheck.RunAsync(options with { StartPosition = new BinlogPosition("binlog.999999", 4) }, default);
        Expect(missing, CheckSeverity.Error, "source start position", "no binlog file binlog.999999");
        Expect(missing, CheckSeverity.Error, "target tables", $"the target lacks these: `{_database}`.`t`");

        await _target.RunAsync($"CREATE DATABASE {_database}", $"CREATE TABLE {_database}.t (id INT PRIMARY KEY)", $"INSERT INTO {_database}.t VALUES (1)");
        Assert.Equal(0, (await Precheck.RunAsync(options with { StartPosition = new BinlogPosition("binlog.000001", 4) }, default)).Errors);
        Expect(await Precheck.RunAsync(options, default), CheckSeverity.Error, "source start position", "where to begin");
    }

    [Fact]
    public async Task Sequences_and_versioned_tables_stop_with_a_filter_that_helps()
    {
        var options = await PrepareAsync("CREATE SEQUENCE {0}.s", "CREATE TABLE {0}.hist (id INT PRIMARY KEY) WITH SYSTEM VERSIONING", "CREATE TABLE {0}.t (id INT PRIMARY KEY)");

        var report = await Precheck.RunAsync(options, default);
        Expect(report, CheckSeverity.Error, "source sequence objects", $"`{_database}`.`s`");
        Expect(report, CheckSeverity.Error, "source system versioned objects", $"`{_database}`.`hist`");
        var error = report.Results.First(r => r.Name == "source sequence objects");
        Assert.Contains($"--filter '!{_database}.s'", error.WayOut, StringComparison.Ordinal);

        var helped = await Precheck.RunAsync(options with { Filter = [.. options.Filter, $"!{_database}.s", $"!{_database}.hist"] }, default);
        Assert.Equal(0, helped.Errors);
    }

    [Fact]
    public async Task Triggers_routines_and_events_are_named()
    {
        var options = await PrepareAsync(
            "CREATE TABLE {0}.t (id INT PRIMARY KEY)", "CREATE TRIGGER {0}.tr BEFORE INSERT ON {0}.t FOR EACH ROW SET NEW.id = NEW.id",
            "CREATE PROCEDURE {0}.p() SELECT 1", "CREATE EVENT {0}.e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1");

        var report = await Precheck.RunAsync(options, default);

        Expect(report, CheckSeverity.Warning, "source triggers", $"{_database}.tr");
        Expect(report, CheckSeverity.Warning, "source routines", $"{_database}.p");
        Expect(report, CheckSeverity.Warning, "source events", $"{_database}.e");
    }

    [Fact]
    public async Task Triggers_of_the_target_would_run_again()
    {
        var options = await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        await _target.RunAsync($"CREATE DATABASE {_database}", $"CREATE TABLE {_database}.t (id INT PRIMARY KEY)", $"CREATE TRIGGER {_database}.tr BEFORE INSERT ON {_database}.t FOR EACH ROW SET NEW.id = NEW.id");

        Expect(await Precheck.RunAsync(options, default), CheckSeverity.Error, "target triggers", $"{_database}.tr");
    }

    [Fact]
    public async Task Missing_privileges_come_with_the_grants_that_help()
    {
        var options = await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)", "CREATE VIEW {0}.v AS SELECT * FROM {0}.t");
        foreach (var server in (TestServer[])[_source, _target])
            await server.RunAsync($"CREATE USER u_{_database}@'%'", $"GRANT SELECT ON {_database}.* TO u_{_database}@'%'");
        options = options with
        {
            Source = _source.ConnectionOptions with { User = $"u_{_database}" },
            Target = _target.ConnectionOptions with { User = $"u_{_database}" },
        };

        var report = await Precheck.RunAsync(options, default);

        Expect(report, CheckSeverity.Error, "source replication privileges", "REPLICATION SLAVE on *.*");
        Expect(report, CheckSeverity.Error, "source privileges", $"SHOW VIEW on `{_database}`.*");
        Expect(report, CheckSeverity.Error, "target privileges", $"INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, CREATE VIEW, SHOW VIEW on `{_database}`.*");
        Expect(report, CheckSeverity.Error, "target view definers", "root@");
        await GrantAsync(report, "source privileges", _source);
        await GrantAsync(report, "source replication privileges", _source);
        await GrantAsync(report, "target privileges", _target);
        await GrantAsync(report, "target view definers", _target);
        Assert.Equal([], (await Precheck.RunAsync(options, default)).Results.Where(r => r.Severity == CheckSeverity.Error));
    }

    [SkippableFact]
    public async Task Privileges_of_an_active_role_count()
    {
        var source = await servers.SourceAsync(ServerKind.MySql97);
        await PrepareAsync();
        await source.RunAsync(
            $"CREATE DATABASE {_database}", $"CREATE TABLE {_database}.t (id INT PRIMARY KEY)", $"CREATE ROLE r_{_database}", $"CREATE USER u_{_database}@'%'",
            $"GRANT SELECT, LOCK TABLES, SHOW VIEW ON {_database}.* TO r_{_database}", $"GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO r_{_database}", $"GRANT r_{_database} TO u_{_database}@'%'");
        var options = new MigrationOptions { Source = source.ConnectionOptions with { User = $"u_{_database}" }, Target = _target.ConnectionOptions, Filter = [$"{_database}.*"] };

        Expect(await Precheck.RunAsync(options, default), CheckSeverity.Error, "source replication privileges", "REPLICATION SLAVE");
        await source.RunAsync($"SET DEFAULT ROLE r_{_database} TO u_{_database}@'%'");
        Expect(await Precheck.RunAsync(options, default), CheckSeverity.Pass, "source privileges", "may do what is needed");
    }

    [Fact]
    public async Task Servers_that_cannot_be_used_are_results()
    {
        var options = await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)");
        options = options with { Source = options.Source with { Port = 1 }, Target = options.Target with { User = "nobody", Password = "Geheim99" } };

        var report = await Precheck.RunAsync(options, default);

        Expect(report, CheckSeverity.Error, "source connection", "cannot connect");
        Expect(report, CheckSeverity.Error, "target connection", "Access denied");
        Assert.DoesNotContain(report.Results, r => r.ToString().Contains("Geheim99", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_server_is_not_two()
    {
        var options = await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)");

        Expect(await Precheck.RunAsync(options with { Target = options.Source with { Host = "localhost" } }, default), CheckSeverity.Error, "servers", "the same server");
    }

    [Fact]
    public async Task A_filter_that_matches_nothing_is_an_error()
    {
        var options = await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)");

        Expect(await Precheck.RunAsync(options with { Filter = ["no_such_db.*"] }, default), CheckSeverity.Error, "source tables", "matches the filter");
        var onlyExcluding = await Precheck.RunAsync(options with { Filter = ["!no_such_db.*"] }, default);
        Assert.Contains("--filter '*.*'", onlyExcluding.Results.First(r => r.Name == "source tables").WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parent_outside_the_filter_is_named()
    {
        var options = await PrepareAsync("CREATE TABLE {0}.p (id INT PRIMARY KEY)", "CREATE TABLE {0}.c (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES {0}.p (id) ON DELETE CASCADE)");

        Expect(await Precheck.RunAsync(options, default), CheckSeverity.Pass, "source foreign keys", $"`{_database}`.`c`");
        Expect(await Precheck.RunAsync(options with { Filter = [.. options.Filter, $"!{_database}.p"] }, default), CheckSeverity.Warning, "source foreign keys", $"`{_database}`.`c` -> `{_database}`.`p`");
    }

    [Fact]
    public async Task Settings_of_the_target_are_looked_at()
    {
        await PrepareAsync("CREATE TABLE {0}.Upper (id INT PRIMARY KEY)");
        await using var target = await TestServer.StartAsync(ServerKind.MariaDb, [.. ServerOptions.Target(ServerKind.MariaDb), "--max-allowed-packet=1M", "--lower-case-table-names=1", "--read-only=1"]);
        await target.RunAsync("CREATE USER plain@'%'", "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX ON *.* TO plain@'%'");
        var options = new MigrationOptions { Source = _source.ConnectionOptions, Target = target.ConnectionOptions with { User = "plain" }, Filter = [$"{_database}.*"] };

        var report = await Precheck.RunAsync(options, default);

        Expect(report, CheckSeverity.Warning, "target max_allowed_packet", "1 MiB");
        Expect(report, CheckSeverity.Error, "lower_case_table_names", $"`{_database}`.`Upper`");
        Expect(report, CheckSeverity.Error, "target read_only", "takes no writes");
    }

    [SkippableFact]
    public async Task Types_and_engines_that_the_target_lacks_are_named()
    {
        var target = await servers.TargetAsync(ServerKind.MySql56);
        var options = await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY, u UUID, g INT AS (id + 1) STORED)", "CREATE TABLE {0}.a (id INT PRIMARY KEY) ENGINE = Aria");

        var report = await Precheck.RunAsync(options with { Target = target.ConnectionOptions }, default);

        Expect(report, CheckSeverity.Error, "target data types", $"type UUID, which these columns are: `{_database}`.`t`.`u`");
        Expect(report, CheckSeverity.Error, "target data types", "generated columns");
        Expect(report, CheckSeverity.Error, "target engines", "Aria");
    }

    [SkippableFact]
    public async Task Collations_that_the_target_lacks_are_named_with_what_differs()
    {
        var source = await servers.SourceAsync(ServerKind.MySql97);
        await PrepareAsync();
        await source.RunAsync($"CREATE DATABASE {_database} COLLATE utf8mb4_0900_ai_ci", $"CREATE TABLE {_database}.t (id INT PRIMARY KEY, v VARCHAR(9))");

        var report = await Precheck.RunAsync(new MigrationOptions { Source = source.ConnectionOptions, Target = _target.ConnectionOptions, Filter = [$"{_database}.*"] }, default);

        Expect(report, CheckSeverity.Warning, "target collations", "utf8mb4_0900_ai_ci becomes");
        Assert.Equal([], report.Results.Where(r => r.Severity == CheckSeverity.Error));
    }

    [SkippableFact]
    public async Task A_source_with_server_id_0_serves_no_replicas()
    {
        ServerFixture.SkipUnlessInstalled(ServerKind.MySql56);
        await PrepareAsync();
        await using var source = await TestServer.StartAsync(ServerKind.MySql56, ServerOptions.Source(ServerKind.MySql56));
        await source.RunAsync("SET GLOBAL server_id = 0");

        var report = await Precheck.RunAsync(new MigrationOptions { Source = source.ConnectionOptions, Target = _target.ConnectionOptions }, default);

        Expect(report, CheckSeverity.Error, "source server_id", "it is 0");
    }

    [Fact]
    public async Task A_known_task_s_own_rows_are_not_in_its_way()
    {
        var options = (await PrepareAsync("CREATE TABLE {0}.t (id INT PRIMARY KEY)", "INSERT INTO {0}.t VALUES (1)")) with { StopWhenCaughtUp = true };
        options = options with { TaskName = _database, MetaSchema = $"meta{_database}" };
        Assert.True(await new MigrationTask(options, Log.None).RunAsync(default));

        var known = await Precheck.RunAsync(options, default);
        var other = await Precheck.RunAsync(options with { TaskName = "other" }, default);

        Assert.Equal((false, 0), (known.IsNewTask, known.Errors));
        Assert.True(other.IsNewTask);
        Expect(other, CheckSeverity.Error, "target tables", "already hold rows");
    }

    [Fact]
    public async Task A_start_that_the_source_has_purged_is_an_error()
    {
        await PrepareAsync();
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb, ServerOptions.Source(ServerKind.MariaDb));
        await source.RunAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)", "INSERT INTO d.t VALUES (1)");
        var early = (await source.QueryAsync("SELECT @@gtid_binlog_pos"))[0][0]!;
        var options = new MigrationOptions { Source = source.ConnectionOptions, Target = _target.ConnectionOptions, TaskName = _database, MetaSchema = $"meta{_database}", Filter = ["d.*"], StopWhenCaughtUp = true };
        Assert.True(await new MigrationTask(options, Log.None).RunAsync(default));
        var incremental = options with { Mode = MigrationMode.Incremental, TaskName = "other" };

        Expect(await Precheck.RunAsync(incremental with { StartGtid = early }, default), CheckSeverity.Pass, "source start position", "the source has");
        Expect(await Precheck.RunAsync(options, default), CheckSeverity.Pass, "source checkpoint", "the source has");
        Expect(await Precheck.RunAsync(incremental with { StartPosition = new BinlogPosition("binlog.000001", 300) }, default), CheckSeverity.Error, "source start position", "binlog.000001:300");

        await source.RunAsync("INSERT INTO d.t VALUES (2)", "FLUSH BINARY LOGS", "INSERT INTO d.t VALUES (3)", "FLUSH BINARY LOGS");
        await PurgeAsync(source);
        Expect(await Precheck.RunAsync(incremental with { StartGtid = early }, default), CheckSeverity.Error, "source start position", "no longer has the binlog");
        Expect(await Precheck.RunAsync(options, default), CheckSeverity.Error, "source checkpoint", "no binlog file binlog.000001");
    }

    [SkippableTheory]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Transactions_that_MySQL_has_purged_are_an_error(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await PrepareAsync();
        await using var source = await TestServer.StartAsync(kind, ServerOptions.Source(kind, gtid: true));
        await source.RunAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
        var early = (await source.QueryAsync("SELECT @@GLOBAL.gtid_executed"))[0][0]!;
        await source.RunAsync("INSERT INTO d.t VALUES (1)");
        var options = new MigrationOptions { Source = source.ConnectionOptions, Target = _target.ConnectionOptions, Mode = MigrationMode.Incremental, Filter = ["d.*"], StartGtid = early };

        Expect(await Precheck.RunAsync(options, default), CheckSeverity.Pass, "source start position", "has all transactions");
        await source.RunAsync("FLUSH BINARY LOGS");
        await PurgeAsync(source);
        Expect(await Precheck.RunAsync(options, default), CheckSeverity.Error, "source start position", "has purged transactions that the target lacks");
    }

    private static void Expect(PrecheckReport report, CheckSeverity severity, string name, string text) =>
        Assert.True(report.Results.Any(r => r.Severity == severity && r.Name == name && r.Message.Contains(text, StringComparison.Ordinal)),
            $"no {severity} of '{name}' with '{text}' in:\n{string.Join('\n', report.Results)}");

    private static async Task GrantAsync(PrecheckReport report, string name, TestServer server)
    {
        var wayOut = report.Results.First(r => r.Name == name).WayOut!;
        var statements = wayOut[wayOut.IndexOf("GRANT", StringComparison.Ordinal)..].Split(';')[..^1];
        Assert.NotEmpty(statements);
        await server.RunAsync(statements);
    }

    // A file stays while a stream that has ended is still believed to read it.
    private static async Task PurgeAsync(TestServer source)
    {
        var last = (await source.QueryAsync("SHOW BINARY LOGS"))[^1][0];
        var deadline = DateTime.UtcNow.AddSeconds(30);
        do
        {
            Assert.True(DateTime.UtcNow < deadline, "the source keeps its binlog files");
            await source.RunAsync($"PURGE BINARY LOGS TO '{last}'");
        }
        while ((await source.QueryAsync("SHOW BINARY LOGS"))[0][0] != last);
    }

    private async Task<MigrationOptions> PrepareAsync(params string[] statements)
    {
        _source = await servers.SourceAsync();
        _target = await servers.TargetAsync();
        _database = ServerFixture.NewDatabaseName("check");
        if (statements.Length > 0)
            await _source.RunAsync([$"CREATE DATABASE {_database}", .. statements.Select(s => s.Replace("{0}", _database, StringComparison.Ordinal))]);
        return new MigrationOptions { Source = _source.ConnectionOptions, Target = _target.ConnectionOptions, Filter = [$"{_database}.*"] };
    }
}
