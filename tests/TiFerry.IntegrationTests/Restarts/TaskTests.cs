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

    private async Task<Crossing> CreateAsync()
    {
        var source = await servers.SourceAsync();
        var database = ServerFixture.NewDatabaseName("task");
        await source.RunAsync($"CREATE DATABASE {database} CHARACTER SET utf8mb4", $"CREATE TABLE {database}.t (id INT PRIMARY KEY, v INT)", $"INSERT INTO {database}.t VALUES (1, 1), (2, 2)");
        return new Crossing(source, await servers.TargetAsync(), database);
    }
}
