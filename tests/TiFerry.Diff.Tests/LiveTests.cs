using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.Diff.Tests;

/// <summary>Comparing while the source is written to. The target's applier is played by the test: what it applies, and when, is decided in WaitUntilApplied.</summary>
[Collection(DiffServers.Name)]
public sealed class LiveTests(ServerFixture servers)
{
    [Fact]
    public async Task What_is_only_on_its_way_is_no_difference()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t SELECT seq, seq FROM seq_1_to_100");
        string[] changes = ["DELETE FROM t WHERE id = 1", "UPDATE t SET v = -v WHERE id = 50", "INSERT INTO t VALUES (101, 101)", "UPDATE t SET id = 200 WHERE id = 99"];
        await sides.RunOnSourceAsync(changes);
        var applied = 0;

        var table = await sides.CompareTableAsync(sides.Options with
        {
            Threads = 1,
            WaitUntilApplied = async _ =>
            {
                if (applied++ == 0)
                    await sides.RunOnTargetAsync(changes);
            },
        });

        Assert.True(table.IsEqual, table.ToString());
        Assert.True(applied > 0);
    }

    [Fact]
    public async Task A_difference_that_stays_is_one()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t SELECT seq, seq FROM seq_1_to_100");
        await sides.RunOnTargetAsync("UPDATE t SET v = 0 WHERE id = 5", "DELETE FROM t WHERE id = 6");
        var waits = 0;

        var table = await sides.CompareTableAsync(sides.Options with
        {
            ChunkRows = 1000,
            Rechecks = 3,
            WaitUntilApplied = _ =>
            {
                Interlocked.Increment(ref waits);
                return default;
            },
        });

        Assert.Equal(["different: id=5 in v", "missing on the target: id=6"], table.Rows.Select(r => r.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(3, waits);
    }

    [Fact]
    public async Task A_row_that_never_rests_is_still_changing()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 1), (2, 2)");
        await sides.RunOnSourceAsync("UPDATE t SET v = v + 1 WHERE id = 2");

        var table = await sides.CompareTableAsync(sides.Options with
        {
            Rechecks = 2,
            WaitUntilApplied = async _ => await sides.RunOnSourceAsync("UPDATE t SET v = v + 1 WHERE id = 2"),
        });

        Assert.Equal((0, 1), (table.DifferentRows, table.ChangingRows));
        Assert.Equal("still changing: id=2", Assert.Single(table.Rows).ToString());
    }

    [Fact]
    public async Task A_table_without_a_key_is_read_again()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (v INT)", "INSERT INTO t SELECT seq FROM seq_1_to_100");
        await sides.RunOnSourceAsync("DELETE FROM t WHERE v = 7");
        var waits = 0;

        var behind = await sides.CompareTableAsync(sides.Options with
        {
            WaitUntilApplied = async _ =>
            {
                if (++waits == 2)
                    await sides.RunOnTargetAsync("DELETE FROM t WHERE v = 7");
            },
        });

        Assert.True(behind.IsEqual, behind.ToString());
        Assert.Equal(2, waits);
    }

    [Fact]
    public async Task A_table_without_a_key_that_never_rests_can_not_be_judged()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (v INT)", "INSERT INTO t SELECT seq FROM seq_1_to_100");
        await sides.RunOnSourceAsync("INSERT INTO t VALUES (1)");

        var table = await sides.CompareTableAsync(sides.Options with
        {
            Rechecks = 2,
            WaitUntilApplied = async _ => await sides.RunOnSourceAsync("INSERT INTO t VALUES (1)"),
        });

        Assert.Equal(TableOutcome.ChangedMeanwhile, table.Outcome);
    }

    [Theory]
    [InlineData("INT", "INT")]
    [InlineData("VARCHAR(10) COLLATE utf8mb4_bin", "VARCHAR(10) COLLATE utf8mb4_general_ci")]
    public async Task A_busy_writer_with_a_lagging_applier_converges(string sourceKey, string targetKey)
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync($"CREATE TABLE t (id {sourceKey} PRIMARY KEY, v INT)");
        await sides.RunOnTargetAsync($"CREATE TABLE t (id {targetKey} PRIMARY KEY, v INT)");
        await sides.RunOnBothAsync("INSERT INTO t SELECT seq, 0 FROM seq_1_to_2000", "ANALYZE TABLE t");
        var statements = new List<string>();
        using var stop = new CancellationTokenSource();
        var writing = WriteAsync(sides, statements, stop.Token);
        var applied = 0;
        using var applier = new SemaphoreSlim(1);

        var result = await sides.CompareAsync(sides.Options with
        {
            ChunkRows = 100,
            Rechecks = 50,
            WaitUntilApplied = async ct =>
            {
                await applier.WaitAsync(ct);
                try
                {
                    string[] todo;
                    lock (statements)
                        todo = [.. statements.Skip(applied)];
                    await sides.RunOnTargetAsync(todo);
                    applied += todo.Length;
                }
                finally
                {
                    applier.Release();
                }
            },
        });
        await stop.CancelAsync();
        await writing;

        Assert.True(result.IsEqual, string.Join('\n', result.Tables.Select(t => t + string.Join(", ", t.Rows))));
        Assert.True(applied > 0);
    }

    private static async Task WriteAsync(Sides sides, List<string> statements, CancellationToken stop)
    {
        await using var connection = await MySqlConnection.ConnectAsync(sides.Source.ConnectionOptions with { Database = sides.Database }, default);
        var random = new Random(7);
        while (!stop.IsCancellationRequested)
        {
            var id = random.Next(1, 2000);
            var sql = random.Next(3) switch
            {
                0 => $"DELETE FROM t WHERE id = '{id}'",
                1 => $"REPLACE INTO t VALUES ('{id}', {random.Next()})",
                _ => $"UPDATE t SET v = {random.Next()} WHERE id IN ({string.Join(", ", Enumerable.Range(id, 20).Select(i => $"'{i}'"))})",
            };
            await connection.ExecuteAsync(sql, default);
            // Whoever waits for the target after he saw a change must find its statement in the list.
            lock (statements)
                statements.Add(sql);
        }
    }
}
