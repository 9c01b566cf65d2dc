using TiFerry.Core.Errors;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Source;

/// <summary>Row images that don't hold all columns (<c>binlog_row_image</c>).</summary>
[Collection(Servers.Name)]
public class RowImageTests(ServerFixture servers)
{
    private static readonly string[] Tables =
    [
        "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(10) DEFAULT 'def', n INT NULL, b BLOB, u INT UNIQUE)",
        "CREATE TABLE h (v VARCHAR(10), n INT, b TEXT)",
    ];

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, "MINIMAL")]
    [InlineData(ServerKind.MariaDb, "NOBLOB")]
    [InlineData(ServerKind.MySql56, "MINIMAL")]
    [InlineData(ServerKind.MySql56, "NOBLOB")]
    [InlineData(ServerKind.MySql97, "MINIMAL")]
    [InlineData(ServerKind.MySql97, "NOBLOB")]
    public async Task Changes_with_partial_images_are_applied_once_and_in_order(ServerKind kind, string image)
    {
        var followed = await Followed.CreateAsync(servers, kind, Tables);
        await followed.OnSourceAsync("USE {db}", "INSERT INTO t VALUES (1, 'a', 1, 'x', 1), (2, 'b', 2, 'y', 2)");
        await followed.OnSourceAsync("USE {db}", $"SET SESSION binlog_row_image = {image}", "INSERT INTO t (id) VALUES (3)", "INSERT INTO t (id, b) VALUES (4, 'blob'), (5, NULL)", "UPDATE t SET v = 'new' WHERE id = 1",
            "UPDATE t SET id = 20, u = NULL WHERE id = 2", "DELETE FROM t WHERE id = 5", "BEGIN", "UPDATE t SET n = 1 WHERE id = 4", "UPDATE t SET n = n + 1 WHERE id = 4", "UPDATE t SET id = 2 WHERE id = 4", "COMMIT",
            "INSERT INTO h VALUES ('a', 1, 'long'), ('a', 1, 'long'), (NULL, NULL, NULL)", "UPDATE h SET n = 2 LIMIT 1", "DELETE FROM h WHERE n = 1");
        await followed.CatchUpAsync();
        await followed.AssertEqualAsync();
        Assert.True((await followed.CheckpointAsync()).InOrder);
        Assert.Equal(0, followed.Progress.UnmatchedRows);

        await followed.OnSourceAsync("UPDATE {db}.t SET v = 'whole'");
        await followed.CatchUpAsync();
        await followed.AssertEqualAsync();
    }

    // What was applied in part can't be told from what was not.
    [SkippableTheory]
    [InlineData(ServerKind.MySql97)]
    public async Task They_are_refused_while_changes_are_replayed(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Tables);
        await followed.OnSourceAsync("USE {db}", "INSERT INTO t VALUES (1, 'a', 1, 'x', 1)", "SET SESSION binlog_row_image = MINIMAL", "UPDATE t SET v = 'new'");
        var checkpoint = await followed.CheckpointAsync();
        await using (var target = await followed.Target.ConnectAsync())
            await followed.Store.WriteAsync(target, checkpoint with { IsExact = false }, default);
        var error = await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync);
        Assert.Contains("binlog_row_image = FULL", error.Message, StringComparison.Ordinal);
    }
}
