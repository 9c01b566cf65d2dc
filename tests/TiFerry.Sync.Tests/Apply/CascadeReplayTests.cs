using TiFerry.Sync.Checkpoint;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Apply;

/// <summary>What foreign keys do by way of rows that are gone from the target already when changes are applied again.</summary>
[Collection(Servers.Name)]
public class CascadeReplayTests(ServerFixture servers)
{
    private const string Tree = "CREATE TABLE tree (id INT PRIMARY KEY, p INT, v INT, KEY (p), FOREIGN KEY (p) REFERENCES tree (id) ON DELETE {0})";

    public static TheoryData<ServerKind, int> Kinds
    {
        get
        {
            var data = new TheoryData<ServerKind, int>();
            foreach (var kind in Enum.GetValues<ServerKind>())
            {
                data.Add(kind, 1);
                data.Add(kind, 3);
            }
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_row_that_its_lost_parent_took_away_does_not_come_back(ServerKind kind, int workers)
    {
        var followed = await Followed.CreateAsync(servers, kind, Tree.Replace("{0}", "CASCADE", StringComparison.Ordinal));
        followed.Options = followed.Options with { Workers = workers };
        await followed.OnSourceAsync("USE {db}", "INSERT INTO tree VALUES (1, 1, 0), (2, 1, 0), (3, 2, 0), (9, 9, 0)");
        await followed.CatchUpAsync();
        var point = await followed.CheckpointAsync();
        await followed.OnSourceAsync("USE {db}", "INSERT INTO tree VALUES (4, 3, 0), (5, 4, 0), (6, 9, 0)", "SET foreign_key_checks = 0", "INSERT INTO tree VALUES (7, 70, 0)", "SET foreign_key_checks = 1", "DELETE FROM tree WHERE id = 1");
        await followed.CatchUpAsync();
        await followed.AssertEqualAsync();
        await GoBackAsync(followed, point);
        await followed.CatchUpAsync();
        Assert.Equal(["6", "7", "9"], (await followed.TargetRowsAsync("SELECT id FROM {db}.tree ORDER BY id")).Select(r => r[0]));
        await followed.AssertEqualAsync();
        await followed.OnSourceAsync("UPDATE {db}.tree SET v = 1");
        await followed.CatchUpAsync();
        Assert.Equal((0, 0), (followed.Progress.UnmatchedRows, followed.Progress.SurplusRows));
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task A_row_whose_reference_a_lost_parent_took_away_gets_none(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, "CREATE TABLE a (id VARCHAR(9) PRIMARY KEY)",
            "CREATE TABLE b (id VARCHAR(9) PRIMARY KEY, a VARCHAR(9), FOREIGN KEY (a) REFERENCES a (id) ON DELETE CASCADE)",
            "CREATE TABLE c (id INT PRIMARY KEY, b VARCHAR(9), FOREIGN KEY (b) REFERENCES b (id) ON DELETE SET NULL)");
        await followed.OnSourceAsync("USE {db}", "INSERT INTO a VALUES ('x'), ('y')", "INSERT INTO b VALUES ('bx', 'x'), ('by', 'y')");
        await followed.CatchUpAsync();
        var point = await followed.CheckpointAsync();
        await followed.OnSourceAsync("USE {db}", "INSERT INTO c VALUES (1, 'bx'), (2, 'by')", "DELETE FROM a WHERE id = 'x'");
        await followed.CatchUpAsync();
        await GoBackAsync(followed, point);
        await followed.CatchUpAsync();
        Assert.Equal([null, "by"], (await followed.TargetRowsAsync("SELECT b FROM {db}.c ORDER BY id")).Select(r => r[0]));
        await followed.AssertEqualAsync();
    }

    private static async Task GoBackAsync(Followed followed, SyncCheckpoint point)
    {
        await using var target = await followed.Target.ConnectAsync();
        await followed.Store.WriteAsync(target, point with { IsExact = false }, default);
    }
}
