using System.Globalization;
using TiFerry.Binlog;
using TiFerry.Binlog.Relay;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Source;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Source;

/// <summary>The source is followed through a relay log.</summary>
[Collection(Servers.Name)]
public sealed class RelayTests(ServerFixture servers) : IDisposable
{
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20), n INT)";
    private const string Heap = "CREATE TABLE h (v VARCHAR(20))";

    private readonly string _folder = Directory.CreateTempSubdirectory("relay").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Restarts_of_task_and_relay_under_traffic_cost_no_row(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table, Heap);
        var relay = Relay(followed);
        var random = new Random(7);
        using var end = new CancellationTokenSource();
        var traffic = Task.Run(() => WriteAsync(followed, end.Token));
        for (var round = 0; round < 6; round++)
        {
            await using var pulling = await Pulling.StartAsync(followed, relay);
            using var stop = new CancellationTokenSource();
            var progress = new SyncProgress();
            var following = new Synchronizer(followed.Options, progress, Log.None).RunAsync(stop.Token);
            var goal = random.Next(1, 120);
            await UntilAsync(() => Task.FromResult(following.IsCompleted || progress.Transactions >= goal), "the traffic gets through");
            if (round % 2 == 0)
                await pulling.DisposeAsync();
            await stop.CancelAsync();
            await following;
            if (round == 3)
                await followed.OnSourceAsync("FLUSH BINARY LOGS");
        }
        await end.CancelAsync();
        await traffic;
        await using var last = await Pulling.StartAsync(followed, relay);
        await CatchUpAsync(followed, relay);
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Prepared_transactions_are_read_again_from_the_relay_log(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table, Heap);
        var relay = Relay(followed);
        await using var pulling = await Pulling.StartAsync(followed, relay);
        var id = followed.Database;
        await followed.OnSourceAsync("USE {db}", "INSERT INTO t VALUES (1, 'a', 1)", $"XA START '{id}'", "UPDATE t SET v = 'xa'", "INSERT INTO h VALUES ('xa')", $"XA END '{id}'", $"XA PREPARE '{id}'");
        await CatchUpAsync(followed, relay);
        Assert.Single((await followed.CheckpointAsync()).Prepared);
        await followed.OnSourceAsync("FLUSH BINARY LOGS", $"XA COMMIT '{id}'");
        await pulling.UntilCaughtUpAsync();
        await PurgeAsync(followed);
        await CatchUpAsync(followed, relay);
        Assert.Equal("xa", (await followed.TargetRowsAsync("SELECT v FROM {db}.t"))[0][0]);
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Partial_images_go_through_the_relay_log(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table, Heap);
        var relay = Relay(followed);
        await using var pulling = await Pulling.StartAsync(followed, relay);
        await followed.OnSourceAsync("USE {db}", "SET SESSION binlog_row_image = MINIMAL", "INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2)", "UPDATE t SET n = n + 1", "INSERT INTO h VALUES ('x'), ('x')", "DELETE FROM h LIMIT 1");
        await CatchUpAsync(followed, relay);
        await followed.OnSourceAsync("USE {db}", "SET SESSION binlog_row_image = MINIMAL", "UPDATE t SET v = 'c' WHERE id = 2");
        await CatchUpAsync(followed, relay);
        Assert.True((await followed.CheckpointAsync()).InOrder);
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task What_the_source_purged_while_the_task_was_stopped_comes_from_the_relay_log(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table, Heap);
        var relay = Relay(followed);
        await using (var pulling = await Pulling.StartAsync(followed, relay))
        {
            await followed.OnSourceAsync("USE {db}", "INSERT INTO t VALUES (1, 'a', 1)", "FLUSH BINARY LOGS", "UPDATE t SET v = 'b'", "FLUSH BINARY LOGS", "INSERT INTO h VALUES ('kept')");
            await pulling.UntilCaughtUpAsync();
            await PurgeAsync(followed);
        }
        await followed.OnSourceAsync("INSERT INTO {db}.t VALUES (2, 'later', 2)");
        await using var again = await Pulling.StartAsync(followed, relay);
        await CatchUpAsync(followed, relay);
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Each_commit_is_soon_on_the_target(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table, Heap);
        var relay = Relay(followed);
        await using var pulling = await Pulling.StartAsync(followed, relay);
        using var stop = new CancellationTokenSource();
        var following = new Synchronizer(followed.Options, new SyncProgress(), Log.None).RunAsync(stop.Token);
        for (var i = 0; i < 20; i++)
        {
            await followed.OnSourceAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {{db}}.t VALUES ({i}, 'v', {i})"));
            var query = string.Create(CultureInfo.InvariantCulture, $"SELECT 1 FROM {{db}}.t WHERE id = {i}");
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            while ((await followed.TargetRowsAsync(query)).Count == 0)
                await Task.Delay(2, deadline.Token);
        }
        await stop.CancelAsync();
        await following;
    }

    [Fact]
    public async Task A_position_of_another_server_than_the_relayed_one_is_refused()
    {
        var followed = await Followed.CreateAsync(servers, ServerKind.MariaDb, Table);
        var relay = Relay(followed);
        await using (var pulling = await Pulling.StartAsync(followed, relay))
            await pulling.UntilCaughtUpAsync();
        var events = new RelayEvents(relay, Log.None) { Patience = TimeSpan.Zero };
        await using var source = await Session.OpenForReadingAsync(followed.Source.ConnectionOptions, default);
        var here = new BinlogPosition("binlog.000001", 4);
        Assert.Equal(here, await events.QualifyAsync(source, here, default));
        await using var other = await Session.OpenForReadingAsync(followed.Target.ConnectionOptions, default);
        var error = await Assert.ThrowsAsync<TiFerryException>(async () => await events.QualifyAsync(other, here, default));
        Assert.Equal(SyncErrors.OtherRelayedServer, error.Code);
    }

    private RelayDirectory Relay(Followed followed)
    {
        var directory = new RelayDirectory(Path.Combine(_folder, followed.Database));
        followed.Options = followed.Options with { Events = new RelayEvents(directory, Log.None) };
        return directory;
    }

    private static async Task CatchUpAsync(Followed followed, RelayDirectory relay)
    {
        await followed.CatchUpAsync();
        Assert.Single(relay.Servers);
    }

    private static async Task PurgeAsync(Followed followed)
    {
        var now = (await followed.NowAsync()).Position;
        // A file that a replica is at, or that the engine has not let go of yet, stays without a word.
        await UntilAsync(
            async () =>
            {
                await followed.OnSourceAsync($"PURGE BINARY LOGS TO '{now.File}'");
                return (await followed.SourceRowsAsync("SHOW BINARY LOGS"))[0][0] == now.File;
            },
            "the source purges its binlog");
    }

    private static async Task WriteAsync(Followed followed, CancellationToken end)
    {
        var random = new Random(1);
        await using var source = await followed.Source.ConnectAsync(ct: CancellationToken.None);
        await source.RunAsync(followed.Named("USE {db}"));
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            var id = random.Next(60);
            await source.RunAsync("BEGIN", $"REPLACE INTO t VALUES ({id}, 'v{i}', {i})", $"UPDATE t SET n = n + 1 WHERE id > {random.Next(60)} LIMIT 3", i % 3 == 0 ? $"DELETE FROM t WHERE id = {random.Next(60)}" : $"INSERT INTO h VALUES ('{i % 5}')", "COMMIT");
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var deadline = DateTime.UtcNow + TimeSpan.FromMinutes(1);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"waited in vain: {what}");
            await Task.Delay(5);
        }
    }

    /// <summary>The relay log's writer, from where the checkpoint was at first.</summary>
    private sealed class Pulling : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly RelayLog _relay;
        private readonly Task _running;

        private Pulling(RelayLog relay)
        {
            _relay = relay;
            _running = relay.RunAsync(_stop.Token);
        }

        public static async Task<Pulling> StartAsync(Followed followed, RelayDirectory directory)
        {
            var checkpoint = await followed.CheckpointAsync();
            return new Pulling(new RelayLog(new RelayLogOptions
            {
                Connection = followed.Source.ConnectionOptions,
                Directory = directory,
                ServerId = followed.Options.ServerId + 500_000,
                Start = BinlogStart.At(checkpoint.Position),
            }));
        }

        public Task UntilCaughtUpAsync() => UntilAsync(async () => _running.IsCompleted || (await _relay.GetProgressAsync(default)).IsCaughtUp, "the relay log catches up");

        public async ValueTask DisposeAsync()
        {
            if (_stop.IsCancellationRequested)
                return;
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        }
    }
}
