using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Traffic;

/// <summary>A client that changes definitions while others write rows: columns and indexes come and go, tables are swapped and emptied, both online schema change tools work.</summary>
/// <param name="server">The source.</param>
/// <param name="database">A database of <see cref="Writers"/>, whose statements go on whatever happens here.</param>
internal sealed class SchemaWriter(TestServer server, string database)
{
    private static readonly string[] Setup =
    [
        "CREATE TABLE side_a (id INT PRIMARY KEY, v INT)", "CREATE TABLE side_b LIKE side_a", "INSERT INTO side_a VALUES (1, 1), (2, 2)", "INSERT INTO side_b VALUES (3, 3)",
    ];

    private int _round;

    /// <summary>Creates the tables that only this client uses.</summary>
    public Task CreateAsync() => server.RunAsync([$"USE {database}", .. Setup]);

    /// <summary>Goes through all kinds of changes once.</summary>
    /// <param name="betweenAsync">Called between two statements, for what else is to happen.</param>
    public async Task RunAsync(Func<Task> betweenAsync)
    {
        _round++;
        foreach (var statement in Round(_round))
        {
            while (!await TryAsync(statement))
            {
            }
            await betweenAsync();
        }
    }

    // InnoDB may find a key twice when others change rows during an ALTER TABLE (MySQL manual, "Online DDL Limitations"); the statement is then made again.
    private async Task<bool> TryAsync(string statement)
    {
        try
        {
            await server.RunAsync($"USE {database}", statement);
            return true;
        }
        catch (InvalidOperationException error) when (error.InnerException is MySqlServerException { Code: 1062 or 1205 or 1213 })
        {
            return false;
        }
    }

    // Leaves the columns as they were: the writers name most of theirs.
    private static IEnumerable<string> Round(int round) =>
    [
        $"ALTER TABLE accounts ADD COLUMN extra INT NOT NULL DEFAULT {round} AFTER id", "UPDATE accounts SET extra = id WHERE id % 9 = 0", "ALTER TABLE heap_lines ADD COLUMN more VARCHAR(5) DEFAULT 'm'",
        "ALTER TABLE accounts CHANGE extra renamed BIGINT NULL", "CREATE INDEX note ON accounts (note(10))", "UPDATE accounts SET renamed = NULL WHERE id % 2 = 0",
        "RENAME TABLE side_a TO side_t, side_b TO side_a, side_t TO side_b", $"INSERT INTO side_a VALUES ({round * 10}, 1)", "TRUNCATE TABLE side_b", $"INSERT INTO side_b VALUES ({round}, {round})",
        "ALTER TABLE accounts DROP COLUMN renamed, DROP INDEX note", "ALTER TABLE heap_lines DROP COLUMN more",
        $"CREATE TABLE made_{round} LIKE entries", $"INSERT INTO made_{round} SELECT * FROM entries LIMIT 50", $"ALTER TABLE made_{round} RENAME TO kept_{round}",
        .. GhOst(round), .. PtOsc(round),
    ];

    // On tables that only this client writes, so that the copy needs no triggers.
    private static IEnumerable<string> GhOst(int round) =>
    [
        "CREATE /* gh-ost */ TABLE _side_a_ghc (id BIGINT AUTO_INCREMENT PRIMARY KEY, hint VARCHAR(64))", "CREATE /* gh-ost */ TABLE _side_a_gho LIKE side_a", $"ALTER /* gh-ost */ TABLE _side_a_gho ADD COLUMN g{round} INT DEFAULT {round}",
        "INSERT /* gh-ost */ IGNORE INTO _side_a_gho (id, v) SELECT id, v FROM side_a", "INSERT INTO _side_a_ghc (hint) VALUES ('state')",
        "RENAME /* gh-ost */ TABLE side_a TO _side_a_del, _side_a_gho TO side_a", $"UPDATE side_a SET g{round} = id WHERE id % 20 = 0", "DROP TABLE _side_a_ghc", "DROP TABLE _side_a_del",
        $"ALTER TABLE side_a DROP COLUMN g{round}",
    ];

    private static IEnumerable<string> PtOsc(int round) =>
    [
        "CREATE TABLE _side_b_new LIKE side_b", $"ALTER TABLE _side_b_new ADD INDEX p{round} (v)", "INSERT LOW_PRIORITY IGNORE INTO _side_b_new SELECT * FROM side_b LOCK IN SHARE MODE",
        "RENAME TABLE side_b TO _side_b_old, _side_b_new TO side_b", "DROP TABLE IF EXISTS _side_b_old", $"ALTER TABLE side_b DROP INDEX p{round}",
    ];
}
