using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Apply;

/// <summary>Random changes on a real source, applied in windows of any size by any number of workers, over and over: the target ends equal.</summary>
[Collection(Servers.Name)]
public class ReplayTests(ServerFixture servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<ServerKind, int> Seeds
    {
        get
        {
            var data = new TheoryData<ServerKind, int>();
            foreach (var kind in Enum.GetValues<ServerKind>())
            {
                for (var seed = 1; seed <= 3; seed++)
                    data.Add(kind, seed);
            }
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task The_target_ends_equal_from_whichever_point_the_changes_are_applied_again(ServerKind kind, int seed)
    {
        var random = new Random(seed);
        var side = await SidesAsync(kind);
        var workload = new RandomWorkload(random, keys: random.Next(3, 12));
        List<SyncCheckpoint> points = [await NowAsync(side)];
        for (var i = 0; i < 4; i++)
        {
            await workload.RunAsync(side.Source, side.Database, transactions: 15, withKeyless: false);
            points.Add(await NowAsync(side));
        }
        Assert.NotEmpty(await side.Source.QueryAsync($"SELECT 1 FROM {side.Database}.num, {side.Database}.txt, {side.Database}.pair, {side.Database}.uniq, {side.Database}.calc LIMIT 1"));
        foreach (var point in new[] { points[0], points[0], points[random.Next(points.Count)], points[3], points[1] })
            await ReplayAsync(side, point, random.Next(1, 60), random.Next(1, 5));
    }

    [SkippableTheory]
    [MemberData(nameof(Seeds))]
    public async Task Tables_without_a_key_get_each_change_once_over_any_number_of_stops(ServerKind kind, int seed)
    {
        var random = new Random(seed);
        var side = await SidesAsync(kind);
        await WriteAsync(side, await NowAsync(side));
        var workload = new RandomWorkload(random, keys: 6);
        await workload.RunAsync(side.Source, side.Database, transactions: 120, withKeyless: true);
        for (var stops = 0; stops < 6; stops++)
        {
            using var stop = new CancellationTokenSource(random.Next(5, 60));
            try
            {
                await RunAsync(side, random.Next(1, 6), random.Next(1, 4), stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
            }
        }
        await RunToEndAsync(side, random.Next(1, 6), random.Next(1, 4));
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Large_windows_are_shared_out_to_workers(ServerKind kind)
    {
        var side = await SidesAsync(kind);
        var start = await NowAsync(side);
        var workload = new RandomWorkload(new Random(7), keys: 400);
        await workload.RunAsync(side.Source, side.Database, transactions: 400, withKeyless: false);
        await side.Source.RunAsync($"USE {side.Database}", "INSERT IGNORE INTO pair SELECT id, 'a', u, v FROM num", "UPDATE pair SET a = a + 1 ORDER BY a DESC, b DESC", "DELETE FROM pair WHERE a % 7 = 0");
        await ReplayAsync(side, start, 5000, 4);
        await ReplayAsync(side, start, 900, 3);
    }

    private async Task<Side> SidesAsync(ServerKind kind)
    {
        var side = new Side(await servers.SourceAsync(kind), await servers.TargetAsync(kind), ServerFixture.NewDatabaseName("replay"));
        foreach (var server in new[] { side.Source, side.Target })
            await server.RunAsync([$"CREATE DATABASE {side.Database}", $"USE {side.Database}", .. RandomWorkload.Definitions]);
        await side.Target.RunAsync($"CREATE DATABASE meta_{side.Database}");
        await using var target = await side.Target.ConnectAsync();
        await side.Store.CreateAsync(target, default);
        return side;
    }

    private static async Task ReplayAsync(Side side, SyncCheckpoint from, int windowRows, int workers)
    {
        await WriteAsync(side, from);
        await RunToEndAsync(side, windowRows, workers);
    }

    private static async Task RunToEndAsync(Side side, int windowRows, int workers)
    {
        using var deadline = new CancellationTokenSource(Patience);
        Assert.True(await RunAsync(side, windowRows, workers, deadline.Token), "not done in time");
        var difference = (await ServerContents.ReadAsync(side.Source, side.Database)).DifferenceFrom(await ServerContents.ReadAsync(side.Target, side.Database));
        Assert.True(difference.Length == 0, $"windows of {windowRows} rows, {workers} workers: {difference}");
    }

    private static async Task<bool> RunAsync(Side side, int windowRows, int workers, CancellationToken stop)
    {
        var progress = new SyncProgress();
        var isDone = await new Synchronizer(new SyncOptions
        {
            Source = side.Source.ConnectionOptions,
            Slots = new TargetSlots(side.Target.ConnectionOptions, $"meta_{side.Database}", side.Database),
            Store = side.Store,
            Filter = TableFilter.Parse([$"{side.Database}.*"]),
            Workers = workers,
            WindowRows = windowRows,
            ServerId = 77,
            StopAt = (await NowAsync(side)).Position,
        }, progress, Log.None).RunAsync(stop);
        Assert.Equal(0, progress.UnmatchedRows);
        return isDone;
    }

    private static async Task<SyncCheckpoint> NowAsync(Side side)
    {
        await using var source = await Session.OpenForReadingAsync(side.Source.ConnectionOptions, default);
        var now = await SourcePosition.ReadAsync(source, default);
        return new SyncCheckpoint { Position = now.Position, Gtid = now.Gtid };
    }

    private static async Task WriteAsync(Side side, SyncCheckpoint checkpoint)
    {
        await using var target = await side.Target.ConnectAsync();
        await side.Store.WriteAsync(target, checkpoint, default);
    }

    private sealed record Side(TestServer Source, TestServer Target, string Database)
    {
        public CheckpointStore Store { get; } = new($"meta_{Database}", Database);
    }
}
