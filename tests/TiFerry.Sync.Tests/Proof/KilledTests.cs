using TiFerry.MySql.Sessions;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Target;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Proof;

/// <summary>Runs that end at any command they send to the target, like a process that is killed there.</summary>
[Collection(Servers.Name)]
public class KilledTests(ServerFixture servers)
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, 1, 1)]
    [InlineData(ServerKind.MariaDb, 4, 2)]
    [InlineData(ServerKind.MySql56, 4, 3)]
    [InlineData(ServerKind.MySql97, 1, 4)]
    [InlineData(ServerKind.MySql97, 4, 5)]
    public async Task Rows_and_schema_changes_arrive_once(ServerKind kind, int workers, int seed)
    {
        var followed = await Followed.CreateAsync(servers, kind,
            "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(200), u INT UNIQUE)", "CREATE TABLE heap (v INT, line VARCHAR(10))", "CREATE TABLE small (id INT PRIMARY KEY)", "CREATE TABLE other LIKE small");
        followed.Options = followed.Options with { Workers = workers, OnlineTables = new OnlineDdlTables([], []) };
        var orderly = followed.Options;
        var random = new Random(seed);
        for (var round = 1; round <= 6; round++)
        {
            await followed.OnSourceAsync(["USE {db}", .. Round(round)]);
            for (var kill = 0; kill < 4; kill++)
            {
                await using var link = CuttableLink.To(followed.Target);
                followed.Options = orderly with { Slots = new TargetSlots(followed.Target.ConnectionOptions with { Port = link.Port }, followed.Store.MetaSchema, followed.Database) };
                link.CloseAfter(random.Next(1, 160));
                try
                {
                    await followed.CatchUpAsync();
                }
                catch (Exception error) when (TransientErrors.IsTransient(error))
                {
                }
            }
            followed.Options = orderly;
            await followed.CatchUpAsync();
            await followed.AssertEqualAsync();
        }
    }

    // Leaves the definitions as they were, but for an index.
    private static string[] Round(int round) =>
    [
        $"INSERT INTO t VALUES ({round}1, 'a', {round}1), ({round}2, 'b', {round}2), ({round}3, 'c', NULL)",
        $"INSERT INTO heap VALUES ({round}, 'one'), ({round}, 'one')", "DELETE FROM heap WHERE v % 2 = 1 LIMIT 1",
        $"ALTER TABLE t ADD COLUMN w INT NOT NULL DEFAULT {round} AFTER id",
        "UPDATE t SET w = w + 1, v = CONCAT(v, 'x') WHERE id % 2 = 0",
        "BEGIN", $"INSERT INTO heap VALUES ({round}, 'two')", "UPDATE t SET u = NULL WHERE id % 10 = 1", "UPDATE heap SET line = CONCAT(line, '+') WHERE line = 'one' LIMIT 1", $"UPDATE t SET u = {round}2, w = w + 1 WHERE id = {round}1 AND u IS NULL AND 1 = 0", "COMMIT",
        "CREATE TABLE n LIKE t", "INSERT INTO n SELECT * FROM t", "RENAME TABLE t TO x, n TO t, x TO n", $"UPDATE t SET v = 'swapped {round}' WHERE id = {round}1", "DROP TABLE n",
        "RENAME TABLE small TO x, other TO small, x TO other", $"INSERT INTO small VALUES ({round})",
        "TRUNCATE TABLE heap", $"INSERT INTO heap VALUES ({round}, 'new')",
        "CREATE TABLE _t_gho LIKE t", $"ALTER TABLE _t_gho ADD KEY k{round} (w)", "INSERT INTO _t_gho SELECT * FROM t", "RENAME TABLE t TO _t_del, _t_gho TO t", "DROP TABLE _t_del",
        "ALTER TABLE t DROP COLUMN w", $"DELETE FROM t WHERE id = {round}3",
    ];
}
