using TiFerry.IntegrationTests.Traffic;
using TiFerry.Migration;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Faults;

/// <summary>A process that is stopped in the middle of its writes, and goes on when another has its work.</summary>
public sealed class FencingTests
{
    private const string Older = "older";
    private const int Superseded = 3;

    [SkippableTheory]
    [InlineData(ServerKind.MySql97, true)]
    [InlineData(ServerKind.MariaDb, false)]
    [InlineData(ServerKind.MariaDb, true)]
    public async Task Who_was_stopped_and_goes_on_writes_nothing(ServerKind kind, bool follows)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var source = await TestServer.StartAsync(kind, ServerOptions.Source(kind));
        await using var target = await TestServer.StartAsync(kind, ["--log-output=TABLE", "--general-log=1"]);
        await target.RunAsync($"CREATE USER {Older}@'127.0.0.1'", $"GRANT ALL ON *.* TO {Older}@'127.0.0.1'");
        await using var writers = await Writers.CreateAsync(source, "d", rows: follows ? 500 : 60_000);
        var crossing = new Crossing(source, target, "d");
        crossing.Options = crossing.Options with { CheckpointId = "replica-1", FencingToken = 12, StopWhenCaughtUp = false };
        var meta = crossing.Options.MetaSchema;
        writers.Start(4);
        await using var older = SubtaskProcess.Start(source.Port, target.Port, Older, "d", crossing.Options.TaskName, meta, token: 11);
        await Eventually.TrueAsync(() => IsThereAsync(target, follows ? $"SELECT 1 FROM {meta}.task WHERE stage = 'follow'" : $"SELECT 1 FROM {meta}.copy_chunk WHERE done"), "the older one writes rows");
        await Eventually.TrueAsync(() => IsStoppedInTransactionAsync(older, target), "the older one is stopped while a transaction of it is open");

        await using var newer = crossing.Start();
        await newer.UntilAsync(progress => progress.Stage >= (follows ? MigrationStage.Following : MigrationStage.Copying), "the newer one has taken over");
        await Eventually.TrueAsync(() => IsThereAsync(target, "SELECT 1 FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM information_schema.PROCESSLIST WHERE USER = 'older')"), "no session of the older one is left");
        var takenOver = (await target.QueryAsync("SELECT NOW(6)"))[0][0];
        older.Continue();
        var (code, output) = await older.WaitAsync();
        Assert.True(code == Superseded, output);
        Assert.Contains("another worker", output, StringComparison.Ordinal);
        // Nothing but settings of sessions, locks and reads.
        var written = await target.QueryAsync($"""
            SELECT argument FROM mysql.general_log WHERE user_host LIKE '{Older}%' AND event_time > '{takenOver}' AND command_type = 'Query'
            AND argument NOT LIKE 'SELECT%' AND argument NOT LIKE 'SET %'
            """);
        Assert.Empty(written);

        await writers.UntilFurtherAsync(200);
        await writers.StopAsync();
        await newer.StopAsync();
        crossing.Options = crossing.Options with { StopWhenCaughtUp = true };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    private static async Task<bool> IsStoppedInTransactionAsync(SubtaskProcess process, TestServer target)
    {
        Assert.False(process.HasEnded);
        process.Stop();
        // The server carries out what it has received, and shows a copy of its transactions that is renewed after 100 ms without a reader.
        await Task.Delay(150);
        if (await IsThereAsync(target, "SELECT 1 FROM information_schema.INNODB_TRX t JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id WHERE p.USER = 'older' AND p.COMMAND = 'Sleep' AND t.trx_rows_modified > 0"))
            return true;
        process.Continue();
        return false;
    }

    private static async Task<bool> IsThereAsync(TestServer server, string query)
    {
        try
        {
            return (await server.QueryAsync(query)).Count > 0;
        }
        catch (MySql.MySqlServerException error) when (error.Code is 1146 or 1049)
        {
            return false;
        }
    }
}
