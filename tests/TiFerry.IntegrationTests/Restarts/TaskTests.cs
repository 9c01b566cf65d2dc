using TiFerry.Core.Errors;
using TiFerry.Migration;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Restarts;

/// <summary>What a task that was begun before does when it is run again.</summary>
[Collection(ServerCollection.Name)]
public sealed class TaskTests(ServerFixture servers)
{
    [Fact]
    public async Task A_second_process_with_the_same_task_is_refused()
    {
        var crossing = await CreateAsync();
        await using var running = crossing.Start();
        await running.UntilAsync(progress => progress.Stage == MigrationStage.Following, "it follows");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
        Assert.Equal(SyncErrors.TaskTaken, error.Code);
        Assert.Contains(crossing.Options.TaskName, error.Message, StringComparison.Ordinal);
        Assert.False(running.Completion.IsCompleted);
    }

    [Fact]
    public async Task Another_filter_mode_or_source_is_refused()
    {
        var crossing = await CreateAsync();
        await crossing.RunAsync();
        var options = crossing.Options;
        await RefusedAsync(options with { Filter = [.. options.Filter, "other.*"] }, "filter");
        await RefusedAsync(options with { Mode = MigrationMode.Full }, "mode");
        await using var other = await TestServer.StartAsync(ServerKind.MariaDb, ServerOptions.Source(ServerKind.MariaDb));
        crossing.Options = options with { Source = other.ConnectionOptions };
        var notThere = await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
        Assert.Contains("does not hold all of the transactions", notThere.Message, StringComparison.Ordinal);
        crossing.Options = options;
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();

        async Task RefusedAsync(MigrationOptions changed, string what)
        {
            crossing.Options = changed;
            var error = await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
            Assert.Contains($"began with {what}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_full_copy_that_is_done_stays_as_it_is()
    {
        var crossing = await CreateAsync();
        crossing.Options = crossing.Options with { Mode = MigrationMode.Full };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
        var source = await servers.SourceAsync();
        await source.RunAsync($"INSERT INTO {crossing.Databases[0]}.t VALUES (50, 50)");
        await crossing.RunAsync();
        var target = await servers.TargetAsync();
        Assert.Empty(await target.QueryAsync($"SELECT 1 FROM {crossing.Databases[0]}.t WHERE id = 50"));
    }

    [Fact]
    public async Task Two_tasks_share_a_source_and_a_target()
    {
        var one = await CreateAsync();
        var two = await CreateAsync();
        await using (var first = one.Start())
        await using (var second = two.Start())
        {
            await first.UntilAsync(progress => progress.Stage == MigrationStage.Following, "the first follows");
            await second.UntilAsync(progress => progress.Stage == MigrationStage.Following, "the second follows");
        }
        await one.RunAsync();
        await two.RunAsync();
        await one.AssertEqualAsync();
        await two.AssertEqualAsync();
    }

    [Fact]
    public async Task Following_begins_where_a_person_says()
    {
        var crossing = await CreateAsync();
        var source = await servers.SourceAsync();
        var target = await servers.TargetAsync();
        var database = crossing.Databases[0];
        await target.RunAsync($"CREATE DATABASE {database} CHARACTER SET utf8mb4", $"CREATE TABLE {database}.t (id INT PRIMARY KEY, v INT)", $"INSERT INTO {database}.t VALUES (1, 1), (2, 2)");
        var position = (await source.QueryAsync("SHOW MASTER STATUS"))[0];
        await source.RunAsync($"UPDATE {database}.t SET v = 9", $"ALTER TABLE {database}.t ADD w INT", $"INSERT INTO {database}.t VALUES (3, 3, 3)");
        crossing.Options = crossing.Options with { Mode = MigrationMode.Incremental, StartPosition = new Binlog.BinlogPosition(position[0]!, ulong.Parse(position[1]!)) };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Following_begins_behind_a_gtid(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var source = await TestServer.StartAsync(kind, ServerOptions.Source(kind, gtid: true));
        await using var target = await TestServer.StartAsync(kind);
        string[] first = ["CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)", "INSERT INTO d.t VALUES (1, 1), (2, 2)"];
        await source.RunAsync(first);
        await target.RunAsync(first);
        var gtid = (await source.QueryAsync(kind == ServerKind.MariaDb ? "SELECT @@gtid_binlog_pos" : "SELECT @@gtid_executed"))[0][0]!;
        await source.RunAsync("UPDATE d.t SET v = v + 1", "INSERT INTO d.t VALUES (3, 3)");
        var crossing = new Crossing(source, target, "d");
        crossing.Options = crossing.Options with { Mode = MigrationMode.Incremental, StartGtid = gtid };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Following_begins_at_a_time(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var source = await TestServer.StartAsync(kind, [.. ServerOptions.Source(kind, gtid: kind == ServerKind.MySql97), "--default-time-zone=+05:00"]);
        await using var target = await TestServer.StartAsync(kind);
        string[] first = ["CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)", "INSERT INTO d.t VALUES (1, 1), (2, 2)"];
        await source.RunAsync([.. first, "FLUSH LOGS", "UPDATE d.t SET v = 5 WHERE id = 1", "DO SLEEP(1.1)"]);
        await target.RunAsync([.. first, "UPDATE d.t SET v = 5 WHERE id = 1"]);
        var time = DateTime.Parse((await source.QueryAsync("SELECT CAST(NOW() AS CHAR)"))[0][0]!, System.Globalization.CultureInfo.InvariantCulture);
        await source.RunAsync("INSERT INTO d.t VALUES (3, 3)", "FLUSH LOGS", "UPDATE d.t SET v = v + 1 WHERE id > 1");
        var crossing = new Crossing(source, target, "d");
        var options = crossing.Options;
        // The row that is changed before the time shows where following began.
        await target.RunAsync("UPDATE d.t SET v = 77 WHERE id = 1");
        crossing.Options = options with { Mode = MigrationMode.Incremental, StartTime = time };
        await crossing.RunAsync();
        Assert.Equal(["1 77", "2 3", "3 4"], await RowsAsync());

        // Anew from the same time, and from before the binlog begins.
        await target.RunAsync("DELETE FROM d.t WHERE id = 3");
        await crossing.RunAsync();
        Assert.Equal(["1 77", "2 3", "3 4"], await RowsAsync());
        await target.RunAsync("DROP DATABASE d");
        crossing.Options = crossing.Options with { StartTime = time.AddYears(-1) };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();

        crossing.Options = crossing.Options with { StartTime = time.AddYears(1) };
        var late = await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
        Assert.Equal(ConfigErrors.StartTimeTooLate, late.Code);

        async Task<IEnumerable<string?>> RowsAsync() => (await target.QueryAsync("SELECT CONCAT(id, ' ', v) FROM d.t ORDER BY id")).Select(r => r[0]);
    }

    [Fact]
    public async Task A_start_time_is_obeyed_once_by_whichever_process_and_again_when_it_is_given_again()
    {
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb, ServerOptions.Source(ServerKind.MariaDb));
        await using var target = await TestServer.StartAsync(ServerKind.MariaDb);
        string[] first = ["CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v INT)", "INSERT INTO d.t VALUES (1, 1)"];
        await source.RunAsync([.. first, "DO SLEEP(1.1)"]);
        await target.RunAsync(first);
        var time = DateTime.Parse((await source.QueryAsync("SELECT CAST(NOW() AS CHAR)"))[0][0]!, System.Globalization.CultureInfo.InvariantCulture);
        await source.RunAsync("UPDATE d.t SET v = 2", "INSERT INTO d.t VALUES (2, 2)");
        var crossing = new Crossing(source, target, "d");
        crossing.Options = crossing.Options with { Mode = MigrationMode.Incremental, StartTime = time, StartTimeId = "one" };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();

        // Beginning there again would take this back.
        await target.RunAsync("UPDATE d.t SET v = 77 WHERE id = 1");
        await source.RunAsync("INSERT INTO d.t VALUES (3, 3)");
        await crossing.RunAsync();
        Assert.Equal(["1 77", "2 2", "3 3"], (await target.QueryAsync("SELECT CONCAT(id, ' ', v) FROM d.t ORDER BY id")).Select(r => r[0]));

        crossing.Options = crossing.Options with { StartTimeId = "two" };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
        crossing.Options = crossing.Options with { Mode = MigrationMode.All, TaskName = "other" };
        Assert.Equal(ConfigErrors.BadOption, (await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync())).Code);
    }

    [Fact]
    public async Task A_changed_password_and_a_purged_binlog_need_a_person_and_a_lost_server_does_not()
    {
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb, ServerOptions.Source(ServerKind.MariaDb));
        await using var target = await TestServer.StartAsync(ServerKind.MariaDb);
        await source.RunAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
        await target.RunAsync("CREATE USER ferry@'127.0.0.1' IDENTIFIED BY 'one'", "GRANT ALL ON *.* TO ferry@'127.0.0.1'");
        var crossing = new Crossing(source, target, "d");
        crossing.Options = crossing.Options with { Target = crossing.Options.Target with { User = "ferry", Password = "one" } };
        await using (var running = crossing.Start())
        {
            await running.UntilAsync(progress => progress.Stage == MigrationStage.Following, "it follows");
            await target.RunAsync("SET PASSWORD FOR ferry@'127.0.0.1' = PASSWORD('two')");
            await target.RunAsync("KILL USER ferry@'127.0.0.1'");
            await source.RunAsync("INSERT INTO d.t VALUES (1)");
            var refused = await Assert.ThrowsAsync<TiFerryException>(() => running.Completion);
            Assert.Equal(DatabaseErrors.Driver, refused.Code);
            Assert.Equal(ErrorScope.Downstream, refused.Scope);
            Assert.DoesNotContain("'one'", refused.ToString(), StringComparison.Ordinal);
            Assert.False(MySql.Sessions.TransientErrors.IsTransient(refused));
        }
        crossing.Options = crossing.Options with { Target = crossing.Options.Target with { Password = "two" } };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();

        var last = (await source.QueryAsync("SHOW MASTER STATUS"))[0][0]!;
        await source.RunAsync("INSERT INTO d.t VALUES (2)", "FLUSH LOGS", "FLUSH LOGS");
        var now = (await source.QueryAsync("SHOW MASTER STATUS"))[0][0]!;
        Assert.NotEqual(last, now);
        // A file that a closing stream reads is not purged.
        await Eventually.TrueAsync(
            async () =>
            {
                await source.RunAsync($"PURGE BINARY LOGS TO '{now}'");
                return (await source.QueryAsync("SHOW BINARY LOGS"))[0][0] == now;
            },
            "the source's binlog is purged");
        var purged = await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
        Assert.Contains("no longer has the binlog", purged.Message, StringComparison.Ordinal);
        Assert.False(MySql.Sessions.TransientErrors.IsTransient(purged));

        await target.StopAsync();
        var lost = await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
        Assert.Equal(DatabaseErrors.BadConnection, lost.Code);
        Assert.True(MySql.Sessions.TransientErrors.IsTransient(lost));
    }

    private async Task<Crossing> CreateAsync()
    {
        var source = await servers.SourceAsync();
        var database = ServerFixture.NewDatabaseName("task");
        await source.RunAsync($"CREATE DATABASE {database} CHARACTER SET utf8mb4", $"CREATE TABLE {database}.t (id INT PRIMARY KEY, v INT)", $"INSERT INTO {database}.t VALUES (1, 1), (2, 2)");
        return new Crossing(source, await servers.TargetAsync(), database);
    }
}
