using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.Dump.Layout;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.TestServers;

namespace TiFerry.Import.Tests.Loads;

/// <summary>Whenever a load ends, the next one goes on at exactly the next transaction: tables without keys would show a row that came twice.</summary>
[Collection(Servers.Name)]
public sealed class ResumeTests(ServerFixture servers)
{
    private static readonly DuplicateRows[] Modes = [DuplicateRows.Error, DuplicateRows.Replace, DuplicateRows.Ignore];

    [Fact]
    public async Task Killed_sessions_leave_nothing_twice_and_nothing_out()
    {
        var (source, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        var database = await FillAsync(source);
        using var folder = new DumpFolder();
        await folder.DumpAsync(source, $"{database}.*", o => o with { FileBytes = 20_000, StatementBytes = 3000 });
        var random = new Random(20261121);
        var interruptions = 0;
        for (var round = 0; ; round++)
        {
            Assert.True(round < 500, "the load never came to its end");
            // Each round gets a little further before it is cut.
            var commands = random.Next(5, 60 + (10 * round));
            try
            {
                var opened = new List<MySqlConnection>();
                await folder.LoadAsync(target, "killed", o => o with { OnDuplicate = Modes[round % 3], OpenSession = (_, ct) => OpenAndKillLaterAsync(target, commands, opened, ct) });
                break;
            }
            catch (Exception error) when (TransientErrors.IsTransient(error) || error is OperationCanceledException)
            {
                interruptions++;
            }
        }
        Assert.True(interruptions > 3, $"only {interruptions} interruptions");
        await AssertEqualAsync(source, target, database);
    }

    [Fact]
    public async Task A_killed_server_and_cancelled_loads_in_the_middle_of_large_files()
    {
        var source = await servers.SourceAsync();
        await using var target = await TestServer.StartAsync(ServerKind.MariaDb);
        var database = await FillAsync(source, largeRows: 30_000);
        using var folder = new DumpFolder();
        await folder.DumpAsync(source, $"{database}.*", o => o with { FileBytes = 0, StatementBytes = 300_000 });
        for (var round = 1; round <= 3; round++)
        {
            using var stop = new CancellationTokenSource();
            var task = new LoadTask(folder.LoadInto(target, "large") with { OnDuplicate = DuplicateRows.Error }, Log.None);
            var run = task.RunAsync(stop.Token);
            var goal = round * 5_000_000;
            while (!run.IsCompleted && task.Progress.FinishedBytes < goal)
                await Task.Delay(1);
            if (round == 2)
            {
                await target.KillAsync();
                await Assert.ThrowsAnyAsync<Exception>(() => run);
                await target.StartAgainAsync();
            }
            else
            {
                await stop.CancelAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            }
        }
        var last = new LoadTask(folder.LoadInto(target, "large") with { OnDuplicate = DuplicateRows.Error }, Log.None);
        await last.RunAsync(default);
        Assert.Equal(last.Progress.TotalBytes, last.Progress.FinishedBytes);
        Assert.All(last.Progress.Tables, t => Assert.True(t.IsFinished));
        await AssertEqualAsync(source, target, database);
        // Once more there is nothing left to do; but a table that is gone is not made again without its rows.
        await folder.LoadAsync(target, "large");
        await AssertEqualAsync(source, target, database);
        await target.RunAsync($"DROP TABLE {database}.keyed");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "large"));
        Assert.Equal(LoadErrors.CheckpointMismatch, error.Code);
    }

    [Fact]
    public async Task Another_dump_in_the_folder_is_refused()
    {
        var (source, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        var database = await FillAsync(source);
        using var folder = new DumpFolder();
        await folder.DumpAsync(source, $"{database}.*");
        await folder.LoadAsync(target, "another");
        folder.WriteMetadata();
        var error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "another"));
        Assert.Equal(LoadErrors.CheckpointMismatch, error.Code);
        // Another source of the same task has a checkpoint of its own; removed, it begins anew.
        await folder.LoadAsync(target, "another", o => o with { SourceId = "second" });
        await using var session = await target.ConnectAsync();
        await new Checkpoint.LoadCheckpoint("load_meta", "another", "source").RemoveAsync(session, default);
        await folder.LoadAsync(target, "another");
    }

    [Fact]
    public async Task A_load_whose_files_are_deleted_already_is_done()
    {
        var (source, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        var database = await FillAsync(source);
        using var folder = new DumpFolder();
        var metadata = await folder.DumpAsync(source, $"{database}.*");
        await folder.LoadAsync(target, "deleted");
        Assert.True(FinishedDump.TryDelete(folder.Path, TableFilter.Parse([$"{database}.*"])));

        // As a worker does that was ended before the cluster knew that all is done.
        Assert.Equal(metadata.Position, (await folder.LoadAsync(target, "deleted")).Position);
        await AssertEqualAsync(source, target, database);
        var error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "another_task"));
        Assert.Contains("deleted once they had been loaded", error.Summary, StringComparison.Ordinal);
    }

    private static async ValueTask<MySqlConnection> OpenAndKillLaterAsync(TestServer target, int commands, List<MySqlConnection> opened, CancellationToken ct)
    {
        var session = await Session.OpenForWritingAsync(target.ConnectionOptions, ct);
        bool isFirst;
        lock (opened)
        {
            opened.Add(session);
            isFirst = opened.Count == 2;
        }
        if (isFirst)
            _ = KillAsync(target, opened, commands);
        return session;
    }

    // After some commands on the server, all sessions of the load are ended, wherever they are.
    private static async Task KillAsync(TestServer target, List<MySqlConnection> opened, int commands)
    {
        await using var killer = await target.ConnectAsync();
        for (var i = 0; i < commands; i++)
            await killer.ExecuteAsync("SELECT 1", default);
        MySqlConnection[] sessions;
        lock (opened)
            sessions = [.. opened];
        foreach (var session in sessions)
        {
            try
            {
                await killer.KillAsync(session.ConnectionId, default);
            }
            catch (MySqlServerException)
            {
                // It has ended by itself.
            }
        }
    }

    private static async Task<string> FillAsync(TestServer source, int largeRows = 0)
    {
        var database = ServerFixture.NewDatabaseName("resume");
        await source.RunAsync(
            $"CREATE DATABASE {database}",
            $"USE {database}",
            "CREATE TABLE keyless (a INT, b VARCHAR(100))",
            "CREATE TABLE keyed (id INT PRIMARY KEY, u VARCHAR(50) UNIQUE, b TEXT)",
            "INSERT INTO keyless SELECT seq MOD 100, CONCAT('it''s ', seq MOD 7) FROM seq_1_to_10000",
            "INSERT INTO keyed SELECT seq, CONCAT('u', seq), REPEAT('x', seq MOD 50) FROM seq_1_to_10000");
        if (largeRows > 0)
            await source.RunAsync($"USE {database}", $"INSERT INTO keyless SELECT seq, REPEAT('y', 90) FROM seq_1_to_{largeRows * 5}", $"INSERT INTO keyed SELECT seq + 10000, CONCAT('v', seq), REPEAT('z', 300) FROM seq_1_to_{largeRows}");
        return database;
    }

    private static async Task AssertEqualAsync(TestServer source, TestServer target, string database)
    {
        var here = await ServerContents.ReadAsync(source, [database]);
        var there = await ServerContents.ReadAsync(target, [database]);
        Assert.Equal("", here.DifferenceFrom(there).Trim());
    }
}
