using TiFerry.TestServers;

namespace TiFerry.Diff.Tests;

[Collection(DiffServers.Name)]
public sealed class RowTests(ServerFixture servers)
{
    private const string HundredRows = "INSERT INTO t SELECT seq, CONCAT('v', seq) FROM seq_1_to_100";

    [Theory]
    [InlineData("DELETE FROM t WHERE id IN (1, 10, 11, 55, 100)", 5, 0, 0)]
    [InlineData("INSERT INTO t VALUES (-5, 'x'), (0, 'x'), (101, 'x'), (5000, 'x')", 0, 4, 0)]
    [InlineData("UPDATE t SET v = 'changed' WHERE id IN (1, 10, 50, 91, 100)", 0, 0, 5)]
    [InlineData("UPDATE t SET id = id + 1000 WHERE id BETWEEN 30 AND 60", 31, 31, 0)]
    [InlineData("DELETE FROM t", 100, 0, 0)]
    [InlineData("UPDATE t SET v = NULL WHERE id = 7", 0, 0, 1)]
    [InlineData("UPDATE t SET v = UPPER(v) WHERE id = 7", 0, 0, 1)]
    [InlineData("UPDATE t SET v = CONCAT(v, ' ') WHERE id = 7", 0, 0, 1)]
    public async Task Differing_rows_are_counted_by_kind(string change, int missing, int extra, int different)
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))", HundredRows);
        await sides.RunOnTargetAsync(change);

        var table = await sides.CompareTableAsync();

        Assert.Equal(TableOutcome.Different, table.Outcome);
        Assert.Equal((missing, extra, different, 0), (table.MissingRows, table.ExtraRows, table.DifferentRows, table.ChangingRows));
        Assert.Equal(100, table.SourceRows);
        Assert.Equal(Math.Min(10, missing + extra + different), table.Rows.Count);
    }

    [Fact]
    public async Task A_difference_names_key_and_columns_and_no_other_values()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync(
            "CREATE TABLE t (a INT, b VARCHAR(20), secret VARCHAR(20), other INT, PRIMARY KEY (b, a))",
            "INSERT INTO t VALUES (1, 'x''y', 'secret', 1), (2, 'z', 'secret', 2)");
        await sides.RunOnTargetAsync("UPDATE t SET secret = 'hidden', other = NULL WHERE a = 1");

        var row = Assert.Single((await sides.CompareTableAsync()).Rows);

        Assert.Equal(RowDifferenceKind.Different, row.Kind);
        Assert.Equal("b='x''y', a=1", row.Key);
        Assert.Equal(["secret", "other"], row.Columns);
        Assert.Equal("different: b='x''y', a=1 in secret, other", row.ToString());
    }

    [Fact]
    public async Task A_key_in_other_letter_case_is_one_row_with_a_different_key()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (k VARCHAR(20) PRIMARY KEY, v INT)", "INSERT INTO t VALUES ('a', 1), ('b', 2), ('c', 3)");
        await sides.RunOnTargetAsync("UPDATE t SET k = 'B ' WHERE v = 2");

        var table = await sides.CompareTableAsync();

        Assert.Equal((0, 0, 1), (table.MissingRows, table.ExtraRows, table.DifferentRows));
        Assert.Equal(["k"], Assert.Single(table.Rows).Columns);
    }

    [Fact]
    public async Task Each_copy_of_a_row_without_a_key_counts()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (a INT, b VARCHAR(20))");
        await sides.RunOnSourceAsync("INSERT INTO t VALUES (1, 'x'), (1, 'x'), (1, 'x'), (2, NULL), (2, ''), (3, 'y')");
        await sides.RunOnTargetAsync("INSERT INTO t VALUES (3, 'y'), (2, ''), (2, NULL), (1, 'x'), (1, 'x'), (4, 'z'), (4, 'z')");

        var table = await sides.CompareTableAsync();

        Assert.Equal((1, 2, 0), (table.MissingRows, table.ExtraRows, table.DifferentRows));
        Assert.Equal((6, 7), (table.SourceRows, table.TargetRows));

        await sides.RunOnTargetAsync("DELETE FROM t WHERE a = 4", "INSERT INTO t VALUES (1, 'x')");
        Assert.True((await sides.CompareTableAsync()).IsEqual);
    }

    [Fact]
    public async Task Keys_with_different_collations_are_compared_by_their_bytes()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t (k VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY, v INT)");
        await sides.RunOnTargetAsync("CREATE TABLE t (k VARCHAR(20) COLLATE utf8mb4_general_ci PRIMARY KEY, v INT)");
        await sides.RunOnBothAsync("INSERT INTO t SELECT CONCAT(IF(seq % 2, 'a', 'B'), seq), seq FROM seq_1_to_500");
        Assert.True((await sides.CompareTableAsync()).IsEqual);

        await sides.RunOnTargetAsync("DELETE FROM t WHERE v = 3", "UPDATE t SET v = -1 WHERE v = 4", "INSERT INTO t VALUES ('new', 0)");
        var table = await sides.CompareTableAsync();

        Assert.Equal((1, 1, 1), (table.MissingRows, table.ExtraRows, table.DifferentRows));
        Assert.Contains(table.Rows, r => r.ToString() == "missing on the target: k='a3'");
        Assert.Contains(table.Rows, r => r.ToString() == "different: k='B4' in v");
        Assert.Contains(table.Rows, r => r.ToString() == "only on the target: k='new'");
    }

    [Fact]
    public async Task Keys_with_different_collations_are_joined_in_as_many_passes_as_memory_asks_for()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t (k VARCHAR(20) COLLATE utf8mb4_bin PRIMARY KEY, v INT)");
        await sides.RunOnTargetAsync("CREATE TABLE t (k VARCHAR(20) COLLATE utf8mb4_general_ci PRIMARY KEY, v INT)");
        await sides.RunOnBothAsync("INSERT INTO t SELECT CONCAT('k', seq), seq FROM seq_1_to_1000");
        await sides.RunOnTargetAsync("UPDATE t SET v = -v");

        var all = await sides.CompareTableAsync(sides.Options with { HeldRows = 500 });
        var some = await sides.CompareTableAsync(sides.Options with { HeldRows = 50 });

        Assert.Equal((1000, false), (all.DifferentRows, all.HasMore));
        Assert.InRange(some.DifferentRows, 8 * 20, 8 * 25);
        Assert.True(some.HasMore);
    }

    [Fact]
    public async Task Values_are_the_same_in_another_character_set()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t (k VARCHAR(20) CHARACTER SET latin1 PRIMARY KEY, v TEXT CHARACTER SET utf16, e ENUM('ä','b') CHARACTER SET latin1)");
        await sides.RunOnTargetAsync("CREATE TABLE t (k VARCHAR(20) CHARACTER SET utf8mb4 PRIMARY KEY, v TEXT CHARACTER SET utf8mb4, e ENUM('b','ä') CHARACTER SET utf8mb4)");
        await sides.RunOnBothAsync("INSERT INTO t VALUES ('käse', '漢字', 'ä'), ('x', NULL, 'b'), ('ÿ', '', NULL)");
        Assert.True((await sides.CompareTableAsync()).IsEqual);

        await sides.RunOnTargetAsync("UPDATE t SET e = 'b' WHERE k = 'käse'", "UPDATE t SET v = 'é' WHERE k = 'ÿ'");
        var table = await sides.CompareTableAsync();

        Assert.Equal(2, table.DifferentRows);
        Assert.Contains(table.Rows, r => r.ToString() == "different: k='käse' in e");
    }

    [Fact]
    public async Task Many_threads_and_chunks_see_each_row_once()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync(
            "CREATE TABLE ints (id BIGINT UNSIGNED PRIMARY KEY, v INT)",
            "INSERT INTO ints SELECT seq * seq * seq, seq FROM seq_1_to_5000",
            "CREATE TABLE texts (k VARCHAR(40) COLLATE utf8mb4_general_ci, n INT, PRIMARY KEY (k, n))",
            "INSERT INTO texts SELECT MD5(seq DIV 7), seq FROM seq_1_to_5000",
            "ANALYZE TABLE ints, texts");
        await sides.RunOnTargetAsync("DELETE FROM ints WHERE v % 1000 = 0", "UPDATE texts SET k = UPPER(k) WHERE n = 777");
        var comparison = new Comparison(sides.Options with { Threads = 4, ChunkRows = 50 });

        var result = await comparison.RunAsync(default);

        Assert.Equal(10_000, result.Rows);
        Assert.Equal(10_000, comparison.Progress.Rows);
        Assert.Equal((2, 2), (comparison.Progress.TablesDone, comparison.Progress.Tables));
        Assert.Equal([5, 1], result.Tables.Select(t => t.Differences));
        Assert.Equal(6, comparison.Progress.Differences);
    }

    [Theory]
    [InlineData("DELETE FROM t WHERE id > 100", 900, 0, 0)]
    [InlineData("UPDATE t SET id = id + 5000", 1000, 1000, 0)]
    [InlineData("INSERT INTO t SELECT -seq, 'x' FROM seq_1_to_900", 0, 900, 0)]
    [InlineData("UPDATE t SET v = 'x'", 0, 0, 1000)]
    [InlineData("UPDATE t SET id = IF(id % 2, id + 2000, -id)", 1000, 1000, 0)]
    public async Task A_chunk_with_more_differences_than_may_be_held_is_divided(string change, int missing, int extra, int different)
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))", "INSERT INTO t SELECT seq, CONCAT('v', seq) FROM seq_1_to_1000");
        await sides.RunOnTargetAsync(change);

        var table = await sides.CompareTableAsync(sides.Options with { ChunkRows = 100_000, HeldRows = 100 });

        Assert.Equal((missing, extra, different, false), (table.MissingRows, table.ExtraRows, table.DifferentRows, table.HasMore));
        Assert.Equal(1000, table.SourceRows);
    }

    [Fact]
    public async Task A_table_without_a_key_counts_only_as_many_differences_as_may_be_held()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t (v INT)", "INSERT INTO t SELECT seq FROM seq_1_to_1000");
        await sides.RunOnTargetAsync("CREATE TABLE t (v INT)");

        var table = await sides.CompareTableAsync(sides.Options with { HeldRows = 100 });

        Assert.True(table.HasMore);
        Assert.InRange(table.MissingRows, 90, 100);
        Assert.Contains("at least", table.ToString(), StringComparison.Ordinal);
    }
}
