using TiFerry.Binlog;
using TiFerry.Binlog.Relay;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Sync.Source;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Relay;

/// <summary>A task whose source was replaced goes from worker to worker: each has a relay log of its own, in which the same names are other files.</summary>
public sealed class MovedRelayTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moved").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task It_goes_on_by_gtid_wherever_names_mean_something_else(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        string[] options = [.. ServerOptions.Source(kind, gtid: true), "--log-slave-updates"];
        string[] replicaOptions = [.. ServerOptions.Source(kind, gtid: true), "--log-slave-updates"];
        await using var first = await TestServer.StartAsync(kind, options);
        await using var replica = await TestServer.StartAsync(kind, replicaOptions);
        await using var target = await TestServer.StartAsync(kind);
        if (kind == ServerKind.MySql97)
            await replica.RunAsync("RESET BINARY LOGS AND GTIDS");
        await ReplicateAsync(replica, first);
        // The second file of each holds something else.
        await first.RunAsync("CREATE DATABASE noise", "CREATE TABLE noise.t (v VARCHAR(2000))", "INSERT INTO noise.t VALUES (REPEAT('n', 2000))", "FLUSH BINARY LOGS");
        await first.RunAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY AUTO_INCREMENT, v INT)", "CREATE TABLE d.heap (v INT)", "INSERT INTO d.t (v) VALUES (1), (2), (3)", "INSERT INTO d.heap VALUES (1), (1)");

        var crossing = new Crossing(first, target, "d");
        await crossing.RunAsync();
        // The first worker's relay log has followed both servers, the second one's only the replica.
        var both = new RelayDirectory(Path.Combine(_folder, "both"));
        await using (var pulling = new Pulling(first, both))
            await pulling.CaughtUpAsync();
        await first.RunAsync("INSERT INTO d.t (v) VALUES (4)", "UPDATE d.t SET v = v + 1 WHERE id = 1", "INSERT INTO d.heap VALUES (2)");
        await CaughtUpAsync(replica, await GtidAsync(first));
        await first.KillAsync();
        await replica.RunAsync(kind == ServerKind.MySql97 ? "STOP REPLICA" : "STOP SLAVE", "FLUSH BINARY LOGS", "UPDATE d.t SET v = v + 10", "INSERT INTO noise.t VALUES (REPEAT('o', 2000))");
        var second = new RelayDirectory(Path.Combine(_folder, "second"));
        await using var pullingBoth = new Pulling(replica, both);
        await using var pullingSecond = new Pulling(replica, second);

        crossing = new Crossing(replica, target, "d") { Options = crossing.Options with { Source = replica.ConnectionOptions } };
        foreach (var way in (RelayDirectory?[])[second, both, second, null, both, null, second])
        {
            await replica.RunAsync("INSERT INTO d.t (v) VALUES (5)", "UPDATE d.t SET v = v + 1", "INSERT INTO d.heap VALUES (3)", "DELETE FROM d.heap WHERE v = 3 LIMIT 1", "FLUSH BINARY LOGS", "INSERT INTO d.t (v) VALUES (6)");
            crossing.Options = crossing.Options with { Relay = way is null ? null : new RelayEvents(way, Log.None) };
            await crossing.RunAsync();
            await crossing.AssertEqualAsync();
        }
        Assert.Equal((2, 1), (both.Servers.Count, second.Servers.Count));

        // A copy knows its places by the source's own names.
        var copy = new Crossing(replica, target, "noise");
        copy.Options = copy.Options with { Relay = new RelayEvents(both, Log.None) };
        Assert.Equal(SyncErrors.OtherRelayedServer, (await Assert.ThrowsAsync<TiFerryException>(() => copy.RunAsync())).Code);
        copy.Options = copy.Options with { Relay = new RelayEvents(second, Log.None) };
        await copy.RunAsync();
        await copy.AssertEqualAsync();
    }

    private static async Task ReplicateAsync(TestServer replica, TestServer source)
    {
        if (replica.Kind == ServerKind.MariaDb)
            await replica.RunAsync($"SET GLOBAL gtid_slave_pos = '{await GtidAsync(source)}'", $"CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {source.Port}, MASTER_USER = 'root', MASTER_USE_GTID = slave_pos", "START SLAVE");
        else
            await replica.RunAsync($"CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = {source.Port}, SOURCE_USER = 'root', SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1, SOURCE_SSL = 0", "START REPLICA");
    }

    private static async Task<string> GtidAsync(TestServer server) =>
        (await server.QueryAsync(server.Kind == ServerKind.MariaDb ? "SELECT @@gtid_binlog_pos" : "SELECT @@gtid_executed"))[0][0]!.Replace("\n", "", StringComparison.Ordinal);

    private static async Task CaughtUpAsync(TestServer replica, string gtid)
    {
        var wait = replica.Kind == ServerKind.MariaDb ? $"SELECT MASTER_GTID_WAIT('{gtid}', 60)" : $"SELECT WAIT_FOR_EXECUTED_GTID_SET('{gtid}', 60)";
        Assert.Equal("0", (await replica.QueryAsync(wait))[0][0]);
    }

    /// <summary>A worker's relay log, from the first file on.</summary>
    private sealed class Pulling : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly RelayLog _relay;
        private readonly Task _running;

        public Pulling(TestServer server, RelayDirectory directory)
        {
            _relay = new RelayLog(new RelayLogOptions
            {
                Connection = server.ConnectionOptions,
                Directory = directory,
                ServerId = (uint)Random.Shared.Next(0x1000_0000, 0x1FFF_FFFF),
                Start = BinlogStart.At(new BinlogPosition("binlog.000001", BinlogPosition.FirstEvent)),
            });
            _running = _relay.RunAsync(_stop.Token);
        }

        public Task CaughtUpAsync() => Eventually.TrueAsync(async () => _running.IsCompleted || (await _relay.GetProgressAsync(default)).IsCaughtUp, "the relay log catches up");

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
            _stop.Dispose();
        }
    }
}
