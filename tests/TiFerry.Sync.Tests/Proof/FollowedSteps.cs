using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Proof;

/// <summary>Ways to go through a list of the source's statements.</summary>
internal static class FollowedSteps
{
    /// <summary>Runs statements in one session of the source.</summary>
    /// <param name="followed">What is followed.</param>
    /// <param name="pace">How the target follows them.</param>
    /// <param name="statements">The statements.</param>
    public static async Task StepAsync(this Followed followed, Pace pace, params IEnumerable<string> statements)
    {
        await using (var session = await followed.Source.ConnectAsync(followed.Database))
        {
            await session.RunAsync("SET NAMES utf8mb4");
            foreach (var statement in statements)
            {
                await session.RunAsync(followed.Named(statement));
                if (pace == Pace.InOneGo)
                    continue;
                await followed.CatchUpAsync();
                if (pace == Pace.LostAfterEach)
                    await followed.LoseEndAsync();
            }
        }
        await followed.CatchUpAsync();
    }

    /// <summary>Makes the checkpoint look as after a crash: the target may be ahead of it, so that what comes next is written in safe mode.</summary>
    public static async Task LoseEndAsync(this Followed followed)
    {
        var checkpoint = await followed.CheckpointAsync();
        await using var target = await followed.Target.ConnectAsync();
        await followed.Store.WriteAsync(target, checkpoint with { IsExact = false }, default);
    }

    /// <summary>Tells the definitions that tables of the source have now, as if they had been created in the stream.</summary>
    public static async Task TellAsync(this Followed followed, params string[] tables)
    {
        var position = (await followed.NowAsync()).Position;
        using var sql = new SqlBuffer();
        foreach (var table in tables)
        {
            var name = new TableName(followed.Database, table);
            followed.Store.AppendTable(sql, name, (await followed.SourceRowsAsync($"SHOW CREATE TABLE {name}"))[0][1]!, position);
        }
        await using var target = await followed.Target.ConnectAsync();
        await target.ExecuteAsync(sql, default);
    }

    /// <summary>Fails the test unless two queries give the same rows in any order.</summary>
    public static async Task AssertRowsAsync(this Followed followed, string ofSource, string ofTarget)
    {
        Assert.Equal(await LinesAsync(followed.Source, followed.Named(ofSource)), await LinesAsync(followed.Target, followed.Named(ofTarget)));
    }

    private static async Task<List<string>> LinesAsync(TestServer server, string query)
    {
        await using var connection = await server.ConnectAsync();
        await connection.RunAsync("SET NAMES utf8mb4", "SET time_zone = '+00:00'");
        var rows = await connection.QueryRowsAsync(query, default);
        return [.. rows.Select(row => string.Join(" | ", row.Select(cell => cell ?? "NULL"))).Order(StringComparer.Ordinal)];
    }
}
