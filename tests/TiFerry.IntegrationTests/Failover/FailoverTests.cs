using TiFerry.Core.Errors;
using TiFerry.IntegrationTests.Traffic;
using TiFerry.Migration;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Failover;

/// <summary>The source dies, and a replica of it becomes the source.</summary>
public sealed class FailoverTests
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, 1)]
    [InlineData(ServerKind.MariaDb, 4)]
    [InlineData(ServerKind.MySql97, 1)]
    [InlineData(ServerKind.MySql97, 4)]
    public async Task The_task_goes_on_from_the_replica(ServerKind kind, int threads)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        string[] options = [.. ServerOptions.Source(kind, gtid: true), "--log-slave-updates", "--sync-binlog=1", "--innodb-flush-log-at-trx-commit=1"];
        // Other file names and places than the source's.
        string[] replicaOptions = [.. ServerOptions.Source(kind, gtid: true), "--log-slave-updates", "--log-bin=elsewhere", "--max-binlog-size=65536"];
        await using var source = await TestServer.StartAsync(kind, options);
        await using var replica = await TestServer.StartAsync(kind, replicaOptions);
        await using var target = await TestServer.StartAsync(kind);
        if (kind == ServerKind.MySql97)
            await replica.RunAsync("RESET BINARY LOGS AND GTIDS");
        await StartReplicationAsync(replica, source, fromGtid: await GtidAsync(source));
        await using var writers = await Writers.CreateAsync(source, "failing", rows: 800);
        var crossing = new Crossing(source, target, "failing");
        crossing.Options = crossing.Options with { Threads = threads, ChunkRows = 100 };

        writers.Start(clients: 2, seed: threads);
        await crossing.RunAsync();
        await using (var sourceLink = CuttableLink.To(source))
        {
            await using var targetLink = CuttableLink.To(target);
            var stable = crossing.Options;
            crossing.Options = stable with { Source = source.ConnectionOptions with { Port = sourceLink.Port }, Target = target.ConnectionOptions with { Port = targetLink.Port } };
            await using var running = crossing.Start();
            await running.UntilAsync(p => p.Stage == MigrationStage.Following, "it follows");
            await writers.UntilFurtherAsync(100);
            await writers.StopAsync();
            await source.RunAsync("ALTER TABLE failing.accounts ADD COLUMN extra INT DEFAULT 3", "UPDATE failing.accounts SET extra = id WHERE id % 7 = 0");
            await CaughtUpAsync(replica, await GtidAsync(source));
            sourceLink.Close();
            targetLink.Close();
            crossing.Options = stable;
        }
        await source.KillAsync();

        await replica.RunAsync(kind == ServerKind.MySql97 ? "STOP REPLICA" : "STOP SLAVE", "UPDATE failing.accounts SET note = 'on the replica' WHERE id % 5 = 0", "INSERT INTO failing.heap_lines VALUES (77, 'replica', 'x')", "ALTER TABLE failing.accounts DROP COLUMN extra");
        crossing.Options = crossing.Options with { Source = replica.ConnectionOptions };
        await crossing.RunAsync();
        await AssertEqualAsync(replica, target, crossing);

        await replica.RunAsync("DELETE FROM failing.accounts WHERE id % 3 = 0", "INSERT INTO failing.heap_lines VALUES (78, 'later', 'y')");
        await crossing.RunAsync();
        await AssertEqualAsync(replica, target, crossing);
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task A_replica_that_lacks_what_the_target_holds_is_refused(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var source = await TestServer.StartAsync(kind, ServerOptions.Source(kind, gtid: true));
        await using var replica = await TestServer.StartAsync(kind, ServerOptions.Source(kind, gtid: true));
        await using var target = await TestServer.StartAsync(kind);
        foreach (var server in new[] { source, replica })
            await server.RunAsync("CREATE DATABASE lost", "CREATE TABLE lost.t (id INT PRIMARY KEY)", "INSERT INTO lost.t VALUES (1)");
        await source.RunAsync("INSERT INTO lost.t VALUES (2)");
        var crossing = new Crossing(source, target, "lost");
        await crossing.RunAsync();
        crossing.Options = crossing.Options with { Source = replica.ConnectionOptions };
        var error = await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
        Assert.Contains("does not hold all of the transactions", error.Message, StringComparison.Ordinal);

        crossing.Options = crossing.Options with { Source = source.ConnectionOptions };
        await source.RunAsync("INSERT INTO lost.t VALUES (3)");
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    private static async Task AssertEqualAsync(TestServer source, TestServer target, Crossing crossing)
    {
        var difference = await Sides.DifferenceAsync(source, target, crossing.Databases, crossing.Options.MetaSchema);
        Assert.True(difference.Length == 0, difference);
    }

    private static async Task StartReplicationAsync(TestServer replica, TestServer source, string fromGtid)
    {
        if (replica.Kind == ServerKind.MariaDb)
        {
            await replica.RunAsync($"SET GLOBAL gtid_slave_pos = '{fromGtid}'", $"CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {source.Port}, MASTER_USER = 'root', MASTER_USE_GTID = slave_pos", "START SLAVE");
            return;
        }
        await replica.RunAsync($"CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = {source.Port}, SOURCE_USER = 'root', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1, SOURCE_SSL = 0", "START REPLICA");
    }

    private static async Task<string> GtidAsync(TestServer server) =>
        (await server.QueryAsync(server.Kind == ServerKind.MariaDb ? "SELECT @@gtid_binlog_pos" : "SELECT @@gtid_executed"))[0][0]!.Replace("\n", "", StringComparison.Ordinal);

    private static async Task CaughtUpAsync(TestServer replica, string gtid)
    {
        var wait = replica.Kind == ServerKind.MariaDb ? $"SELECT MASTER_GTID_WAIT('{gtid}', 60)" : $"SELECT WAIT_FOR_EXECUTED_GTID_SET('{gtid}', 60)";
        Assert.Equal("0", (await replica.QueryAsync(wait))[0][0]);
    }
}
