using TiFerry.Core.Routing;
using TiFerry.Schema.Tables;
using TiFerry.TestServers;

namespace TiFerry.Diff.Tests;

/// <summary>Tables that are merged on the target, and targets with columns of their own.</summary>
[Collection(DiffServers.Name)]
public sealed class RouteTests(ServerFixture servers)
{
    [Fact]
    public async Task A_part_of_the_target_is_compared_by_its_fixed_columns()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t_1 (id INT PRIMARY KEY, v INT)", "INSERT INTO t_1 SELECT seq, seq FROM seq_1_to_50", "CREATE TABLE t_2 LIKE t_1", "INSERT INTO t_2 SELECT seq, -seq FROM seq_1_to_50");
        await sides.RunOnTargetAsync("CREATE TABLE t (shard VARCHAR(9), id INT, v INT, note INT, PRIMARY KEY (shard, id))",
            "INSERT INTO t SELECT '1', seq, seq, 7 FROM seq_1_to_50", "INSERT INTO t SELECT '2', seq, -seq, 7 FROM seq_1_to_50", "UPDATE t SET v = 0 WHERE shard = '2' AND id = 33", "INSERT INTO t VALUES ('2', 99, 99, 7), ('3', 1, 1, 7)");

        var result = await sides.CompareAsync(sides.Options with
        {
            Tables = [Pair("t_1", "1"), Pair("t_2", "2")],
            AllowsExtraColumns = true,
        });

        Assert.True(result.Tables[0].IsEqual, result.Tables[0].ToString());
        Assert.Equal(50, result.Tables[0].TargetRows);
        Assert.Equal(["different: id=33 in v", "only on the target: id=99"], result.Tables[1].Rows.Select(r => r.ToString()).Order(StringComparer.Ordinal));
        Assert.All(result.Tables[1].Definitions, d => Assert.True(d.IsWarning));

        TablePair Pair(string source, string shard) =>
            new(new TableName(sides.Database, source), new TableName(sides.Database, "t")) { Fixed = [new ExtractedColumn("shard", shard)] };
    }

    [Fact]
    public async Task Merged_tables_are_compared_together()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t_1 (id INT PRIMARY KEY, v INT(5) ZEROFILL)", "INSERT INTO t_1 VALUES (1, 1), (2, 2)", "CREATE TABLE t_2 (v INT(5) ZEROFILL, id INT PRIMARY KEY)", "INSERT INTO t_2 VALUES (3, 3), (4, 4)");
        await sides.RunOnTargetAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT(5) ZEROFILL)", "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3), (4, 4)");
        var options = sides.Options with
        {
            Tables = [new TablePair(new TableName(sides.Database, "t_1"), new TableName(sides.Database, "t")) { Merged = [new TableName(sides.Database, "t_2")] }],
        };

        var equal = await sides.CompareTableAsync(options);
        Assert.True(equal.IsEqual, equal.ToString());
        Assert.Equal((4, 4), (equal.SourceRows, equal.TargetRows));

        await sides.RunOnTargetAsync("UPDATE t SET v = 5 WHERE id = 3");
        var different = await sides.CompareTableAsync(options);
        Assert.Equal((TableOutcome.Different, 1, 1), (different.Outcome, different.MissingRows, different.ExtraRows));
        Assert.Equal($"`{sides.Database}`.`t_1` and 1 more (on the target `{sides.Database}`.`t`)", different.Table.ToString());
    }

    [Fact]
    public async Task Columns_that_only_the_target_has_or_generates_can_be_left_alone()
    {
        var sides = await Sides.CreateAsync(servers);
        await sides.RunOnSourceAsync("CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT AS (id + 1) STORED)", "INSERT INTO t (id, a) VALUES (1, 1)");
        await sides.RunOnTargetAsync("CREATE TABLE t (more INT DEFAULT 4, id INT PRIMARY KEY, a INT AS (id * 10) STORED, b INT)", "INSERT INTO t (id, b) VALUES (1, 2)");

        Assert.Equal(TableOutcome.Different, (await sides.CompareTableAsync()).Outcome);
        var lenient = await sides.CompareTableAsync(sides.Options with { AllowsExtraColumns = true });
        Assert.True(lenient.IsEqual, lenient.ToString());

        await sides.RunOnTargetAsync("UPDATE t SET b = 9");
        Assert.Equal("different: id=1 in b", Assert.Single((await sides.CompareTableAsync(sides.Options with { AllowsExtraColumns = true })).Rows).ToString());
    }
}
