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
        // Nothing is on the target yet, so that nothing has to be taken for granted twice.
        foreach (var point in new[] { points[0] with { IsExact = true }, points[0], points[random.Next(points.Count)], points[3], points[1] })
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
        await ReplayAsync(side, start with { IsExact = true }, 4999, 4);
        await ReplayAsync(side, start, 5000, 4);
        await ReplayAsync(side, start, 900, 3);
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, true)]
    [InlineData(ServerKind.MariaDb, false)]
    [InlineData(ServerKind.MySql56, true)]
    [InlineData(ServerKind.MySql97, true)]
    public async Task Changes_that_find_no_row_or_too_many_are_counted(ServerKind kind, bool multipleRows)
    {
        var side = await SidesAsync(kind);
        foreach (var server in new[] { side.Source, side.Target })
            await server.RunAsync($"USE {side.Database}", "INSERT INTO num VALUES (1,1,'a'),(2,2,'b'),(3,3,'c'),(4,4,'d'),(5,5,'e')", "INSERT INTO calc VALUES (1,1,'a',0),(2,2,'b',0)", "INSERT INTO heap VALUES (1,'x',0)", "INSERT INTO txt VALUES ('a',1,''),('b',2,'')");
        await WriteAsync(side, await NowAsync(side) with { IsExact = true });
        await side.Target.RunAsync($"USE {side.Database}", "DELETE FROM num WHERE id IN (1, 3)", "DELETE FROM calc WHERE f = 1", "DELETE FROM heap", "UPDATE txt SET u = 40 WHERE k = 'b'");
        await side.Source.RunAsync($"USE {side.Database}", "UPDATE num SET v = 'z' WHERE id < 3", "DELETE FROM num WHERE id >= 3 AND id < 5", "UPDATE calc SET v = 'y'", "UPDATE txt SET u = 40 WHERE k = 'a'", "DELETE FROM heap");
        var progress = new SyncProgress();
        await RunAsync(side, 1000, 1, progress, o => o with { MultipleRows = multipleRows, Compact = true }, default);
        // Rows 1 and 3 of num, 1 of calc, the one of heap; row b of txt stood in the way of row a.
        Assert.Equal((4, 1), (progress.UnmatchedRows, progress.SurplusRows));
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
        var isDone = await RunAsync(side, windowRows, workers, progress, o => o, stop);
        Assert.Equal((0, 0), (progress.UnmatchedRows, progress.SurplusRows));
        return isDone;
    }

    private static async Task<bool> RunAsync(Side side, int windowRows, int workers, SyncProgress progress, Func<SyncOptions, SyncOptions> change, CancellationToken stop) =>
        await new Synchronizer(change(new SyncOptions
        {
            Source = side.Source.ConnectionOptions,
            Slots = new TargetSlots(side.Target.ConnectionOptions, $"meta_{side.Database}", side.Database),
            Store = side.Store,
            Filter = TableFilter.Parse([$"{side.Database}.*"]),
            Workers = workers,
            WindowRows = windowRows,
            Compact = windowRows % 3 != 0,
            MultipleRows = windowRows % 2 != 0,
            Batch = windowRows % 5 == 0 ? 7 : 0,
            ServerId = 77,
            StopAt = (await NowAsync(side)).Position,
        }), progress, Log.None).RunAsync(stop);

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
