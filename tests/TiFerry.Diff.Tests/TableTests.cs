using TiFerry.Core.Errors;
using TiFerry.Schema.Tables;
using TiFerry.TestServers;

namespace TiFerry.Diff.Tests;

[Collection(DiffServers.Name)]
public sealed class TableTests(ServerFixture servers)
{
    [Fact]
    public async Task Tables_of_one_side_are_differences()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE b (id INT PRIMARY KEY)");
        await sides.RunOnSourceAsync("CREATE TABLE a (id INT PRIMARY KEY)");
        await sides.RunOnTargetAsync("CREATE TABLE c (id INT PRIMARY KEY)");

        var result = await sides.CompareAsync();

        Assert.False(result.IsEqual);
        Assert.Equal([TableOutcome.MissingOnTarget, TableOutcome.Equal, TableOutcome.ExtraOnTarget], result.Tables.Select(t => t.Outcome));
        Assert.Equal($"`{sides.Database}`.`a`: missing on the target", result.Tables[0].ToString());
    }

    [Fact]
    public async Task Tables_can_be_named_and_have_other_names_on_the_target()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)", "CREATE TABLE ignored (id INT)");
        await sides.RunOnTargetAsync("CREATE TABLE `odd ``name` (id INT PRIMARY KEY)", "INSERT INTO `odd ``name` VALUES (1)");

        var table = await sides.CompareTableAsync(sides.Options with
        {
            Tables = [new TablePair(new TableName(sides.Database, "a"), new TableName(sides.Database, "odd `name"))],
        });

        Assert.True(table.IsEqual);
        Assert.Equal(1, table.TargetRows);
    }

    [Fact]
    public async Task A_column_of_one_side_is_a_difference_and_the_others_are_compared()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT, s INT)", "INSERT INTO t VALUES (1, 1, 1), (2, 2, 2)");
        await sides.RunOnTargetAsync("CREATE TABLE t (v INT, x INT, id INT PRIMARY KEY)", "INSERT INTO t VALUES (1, 1, 1), (3, 3, 2)");

        var table = await sides.CompareTableAsync();

        Assert.Equal(TableOutcome.Different, table.Outcome);
        Assert.Equal(["column `s` is missing on the target", "column `x` is only on the target"], table.Definitions.Where(d => !d.IsWarning).Select(d => d.Text));
        Assert.Equal("different: id=2 in v", Assert.Single(table.Rows).ToString());
    }

    [Fact]
    public async Task Definitions_that_do_not_touch_the_rows_are_warnings()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t (id INT(11) PRIMARY KEY, n INT, t VARCHAR(10) COLLATE utf8mb4_bin, w INT NOT NULL, UNIQUE KEY u (w))");
        await sides.RunOnTargetAsync("CREATE TABLE t (id INT(5) PRIMARY KEY, n BIGINT, t VARCHAR(10) COLLATE utf8mb4_general_ci, w INT)");
        await sides.RunOnBothAsync("INSERT INTO t VALUES (1, 1, 'a', 1)");

        var table = await sides.CompareTableAsync();

        Assert.True(table.IsEqual);
        Assert.All(table.Definitions, d => Assert.True(d.IsWarning));
        Assert.Equal(
            [
                "column `n` is int(11) on the source and bigint(20) on the target",
                "column `t` has collation utf8mb4_bin on the source and utf8mb4_general_ci on the target",
                "column `w` is NOT NULL on the source and NULL on the target",
                "unique key `u` (`w`) is missing on the target",
            ],
            table.Definitions.Select(d => d.Text));
    }

    [Fact]
    public async Task A_target_without_the_key_is_compared_as_a_bag_of_rows()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 1), (2, 2)");
        await sides.RunOnTargetAsync("CREATE TABLE t (id INT, v INT)", "INSERT INTO t VALUES (2, 2), (1, 1), (1, 1)");

        Assert.Equal((0, 1), await sides.CompareTableAsync() is var table ? (table.MissingRows, table.ExtraRows) : default);
    }

    [Fact]
    public async Task A_lost_connection_is_made_again()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT)", "INSERT INTO t SELECT seq, REPEAT('x', 20000) FROM seq_1_to_2000", "ANALYZE TABLE t");
        await using var link = CuttableLink.To(sides.Target);
        var comparison = new Comparison(sides.Options with { Target = sides.Target.ConnectionOptions with { Port = link.Port } });

        var running = comparison.RunAsync(default);
        while (comparison.Progress.Rows == 0 && !running.IsCompleted)
            await Task.Delay(1);
        link.Close();
        await Task.Delay(50);
        link.Open();
        var result = await running;

        Assert.True(result.IsEqual);
        Assert.Equal(2000, result.Rows);
    }

    [Fact]
    public async Task A_server_that_stays_away_fails_the_comparison()
    {
        var sides = await Sides.CreateAsync(servers);
        await using var link = CuttableLink.To(sides.Target);
        link.Close();
        var comparison = new Comparison(sides.Options with { Target = sides.Target.ConnectionOptions with { Port = link.Port }, Patience = TimeSpan.Zero });

        var error = await Assert.ThrowsAsync<TiFerryException>(() => comparison.RunAsync(default));

        Assert.Equal((DatabaseErrors.BadConnection, ErrorScope.Downstream), (error.Code, error.Scope));
    }

    [Fact]
    public async Task A_table_that_may_not_be_read_fails_the_comparison_with_its_name()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
        await sides.RunOnSourceAsync($"CREATE USER {sides.Database}", $"GRANT SELECT (id) ON t TO {sides.Database}", $"GRANT INSERT ON t TO {sides.Database}");

        var error = await Assert.ThrowsAsync<TiFerryException>(
            () => sides.CompareAsync(sides.Options with { Source = sides.Source.ConnectionOptions with { User = sides.Database } }));

        Assert.Contains($"`{sides.Database}`.`t`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_dropped_meanwhile_is_not_judged()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnBothAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t SELECT seq, seq FROM seq_1_to_100");
        await sides.RunOnSourceAsync("UPDATE t SET v = 0 WHERE id = 50");

        var table = await sides.CompareTableAsync(sides.Options with
        {
            WaitUntilApplied = async _ => await sides.RunOnTargetAsync("DROP TABLE IF EXISTS t"),
        });

        Assert.Equal(TableOutcome.ChangedMeanwhile, table.Outcome);
        Assert.Contains("doesn't exist", table.Reason, StringComparison.Ordinal);
    }
}
