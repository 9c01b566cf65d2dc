using System.Globalization;
using TiFerry.Core.Logging;
using TiFerry.Core.Routing;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Apply;

/// <summary>Several workers, stopped at any moment and begun again: unique values that wander, schema changes in between, tables that become one, columns that only the target has.</summary>
[Collection(Servers.Name)]
public class StoppedRunsTests(ServerFixture servers)
{
    private static readonly string[] Letters = ["ä", "Ä", "a", "A", "ß", "ss", "é", "e ", "字", "i", "J"];

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, 1)]
    [InlineData(ServerKind.MariaDb, 2)]
    [InlineData(ServerKind.MySql56, 3)]
    [InlineData(ServerKind.MySql97, 4)]
    public async Task The_target_ends_equal(ServerKind kind, int seed)
    {
        var random = new Random(seed);
        var followed = await Followed.CreateAsync(servers, kind,
            "CREATE TABLE t (id INT PRIMARY KEY, u INT NULL UNIQUE, k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NULL UNIQUE, v INT)",
            "CREATE TABLE digits (d INT PRIMARY KEY)", "INSERT INTO digits VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)");
        followed.Options = followed.Options with { Workers = 4, WindowRows = 600 };
        for (var round = 0; round < 6; round++)
        {
            await followed.OnSourceAsync(["USE {db}", .. Enumerable.Range(0, 12).Select(_ => Change(random)), random.Next(5) switch
            {
                0 => $"ALTER TABLE t ADD COLUMN c{round} INT DEFAULT {round} AFTER id",
                1 => "TRUNCATE TABLE t",
                2 => "CREATE TABLE other LIKE t",
                _ => "ALTER TABLE t ADD KEY (v)",
            }, .. Enumerable.Range(0, 6).Select(_ => Change(random)), "DROP TABLE IF EXISTS other"]);
            for (var stops = 0; stops < 2; stops++)
            {
                using var stop = new CancellationTokenSource(random.Next(30, 250));
                try
                {
                    await new Synchronizer(followed.Options with { StopAt = (await followed.NowAsync()).Position }, new SyncProgress(), Log.None).RunAsync(stop.Token);
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                }
            }
        }
        await followed.CatchUpAsync();
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Keys_of_tables_that_become_one_are_told_apart_by_what_they_mean(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, "CREATE TABLE m (id BIGINT PRIMARY KEY, v INT, own INT DEFAULT 5)");
        await followed.OnSourceAsync("USE {db}", "DROP TABLE m");
        await followed.StartHereAsync();
        followed.Options = followed.Options with { Router = new TableRouter([new RouteRule { Name = "m", SchemaPattern = followed.Database, TablePattern = "*", TargetSchema = followed.Database, TargetTable = "m" }]) };
        await followed.OnSourceAsync("USE {db}", "CREATE TABLE s (id INT PRIMARY KEY, v INT)", "CREATE TABLE n (id INT UNSIGNED PRIMARY KEY, v INT)",
            "INSERT INTO s VALUES (-1, 1)", "INSERT INTO n VALUES (4294967295, 2)", "INSERT INTO s VALUES (7, 7)", "UPDATE n SET v = 3", "DELETE FROM s WHERE id = -1");
        await followed.CatchUpAsync();
        Assert.Equal(["7|7|5", "4294967295|3|5"], (await followed.TargetRowsAsync("SELECT id, v, own FROM {db}.m ORDER BY id")).Select(r => string.Join('|', r)));
    }

    private static string Change(Random random)
    {
        var from = random.Next(600);
        var letter = Letters[random.Next(Letters.Length)];
        return random.Next(6) switch
        {
            0 => $"UPDATE t SET u = u + 1 WHERE u >= {from} ORDER BY u DESC",
            1 => $"DELETE FROM t WHERE id % 7 = {random.Next(7)} AND id > {from}",
            2 => $"UPDATE IGNORE t SET k = CONCAT('{letter}', id % 50) WHERE id BETWEEN {from} AND {from + 200}",
            3 => $"UPDATE t SET u = NULL, v = v + 1 WHERE id < {from}",
            4 => $"UPDATE IGNORE t SET id = id + {random.Next(1, 4)} WHERE id > {from} ORDER BY id DESC",
            _ => string.Create(CultureInfo.InvariantCulture, $"INSERT IGNORE INTO t (id, u, k, v) SELECT a.d * 100 + b.d * 10 + c.d, a.d + b.d * 10 + c.d * 100, CONCAT('{letter}', a.d, b.d, c.d), {from} FROM digits a, digits b, digits c"),
        };
    }
}
