using TiFerry.Core.Logging;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Ddl;

/// <summary>A stop while the target runs a schema change, which it then finishes by itself.</summary>
[Collection(Servers.Name)]
public class StoppedChangesTests(ServerFixture servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task A_change_that_ends_after_the_stop_is_not_made_again(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, "CREATE TABLE t (id INT PRIMARY KEY)");
        await followed.OnTargetAsync("INSERT INTO {db}.t VALUES (0)", "DELETE FROM {db}.t");
        await using var reader = await followed.Target.ConnectAsync(followed.Database);
        await reader.RunAsync("BEGIN");
        await reader.RunAsync("DO (SELECT COUNT(*) FROM t)");
        await followed.OnSourceAsync("ALTER TABLE {db}.t ADD COLUMN v INT", "INSERT INTO {db}.t VALUES (1, 2)");
        using var stop = new CancellationTokenSource(Patience);
        var run = new Synchronizer(followed.Options, new SyncProgress(), Log.None).RunAsync(stop.Token);
        while ((await WaitingAsync(followed)).Count == 0)
        {
            Assert.False(run.IsCompleted || stop.IsCancellationRequested, "the change did not wait");
            await Task.Delay(20);
        }
        await stop.CancelAsync();
        Assert.False(await run);
        await reader.RunAsync("COMMIT");
        using var deadline = new CancellationTokenSource(Patience);
        while ((await WaitingAsync(followed)).Count > 0)
            await Task.Delay(20, deadline.Token);
        await followed.CatchUpAsync();
        await followed.AssertEqualAsync();
    }

    private static Task<List<string?[]>> WaitingAsync(Followed followed) =>
        followed.TargetRowsAsync("SELECT 1 FROM information_schema.PROCESSLIST WHERE INFO LIKE 'ALTER TABLE {db}%'");
}
