using TiFerry.Core.Errors;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Source;

/// <summary>XA transactions in two phases: rows that are logged long before they count.</summary>
[Collection(Servers.Name)]
public class XaTests(ServerFixture servers)
{
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(10))";
    private const string Heap = "CREATE TABLE h (v VARCHAR(10))";

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, 1)]
    [InlineData(ServerKind.MariaDb, 4)]
    [InlineData(ServerKind.MySql97, 1)]
    [InlineData(ServerKind.MySql97, 4)]
    public async Task Rows_count_from_the_commit_on_over_restarts(ServerKind kind, int workers)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table, Heap);
        followed.Options = followed.Options with { Workers = workers };
        var id = followed.Database;
        await followed.OnSourceAsync("USE {db}", "INSERT INTO t VALUES (1, 'a'), (2, 'b')", $"XA START '{id}'", "UPDATE t SET v = 'xa' WHERE id = 1", "INSERT INTO h VALUES ('xa')", $"XA END '{id}'", $"XA PREPARE '{id}'");
        await followed.OnSourceAsync("USE {db}", "INSERT INTO t VALUES (3, 'c')", $"XA START '{id}r'", "DELETE FROM t WHERE id = 2", $"XA END '{id}r'", $"XA PREPARE '{id}r'");
        await followed.CatchUpAsync();
        Assert.Equal(["a", "b", "c"], (await followed.TargetRowsAsync("SELECT v FROM {db}.t ORDER BY id")).Select(r => r[0]));
        Assert.Equal(2, (await followed.CheckpointAsync()).Prepared.Count);

        await followed.OnSourceAsync("FLUSH BINARY LOGS", $"XA ROLLBACK '{id}r'", "INSERT INTO {db}.t VALUES (4, 'd')", $"XA COMMIT '{id}'", "UPDATE {db}.t SET v = 'later' WHERE id = 4");
        await followed.CatchUpAsync();
        Assert.Equal(["xa", "b", "c", "later"], (await followed.TargetRowsAsync("SELECT v FROM {db}.t ORDER BY id")).Select(r => r[0]));
        Assert.Empty((await followed.CheckpointAsync()).Prepared);
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task One_phase_is_a_transaction_like_others(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table);
        await followed.OnSourceAsync("USE {db}", "XA START 'one'", "INSERT INTO t VALUES (1, 'a')", "XA END 'one'", "XA COMMIT 'one' ONE PHASE", "INSERT INTO t VALUES (2, 'b')");
        await followed.CatchUpAsync();
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task A_commit_of_what_was_prepared_before_the_start_is_an_error(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table);
        var id = followed.Database;
        await followed.OnSourceAsync("USE {db}", $"XA START '{id}'", "INSERT INTO t VALUES (1, 'a')", $"XA END '{id}'", $"XA PREPARE '{id}'");
        await followed.StartHereAsync();
        await followed.OnSourceAsync($"XA COMMIT '{id}'");
        var error = await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync);
        Assert.Contains("prepared before", error.Message, StringComparison.Ordinal);
    }
}
