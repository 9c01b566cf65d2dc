using System.Text;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Ddl;

/// <summary>Rewritten statements against real servers: they must give the same tables as the originals.</summary>
[Collection(Servers.Name)]
public class ServerDdlTests(ServerFixture servers)
{
    private static readonly string[] Script =
    [
        "CREATE TABLE a (id INT PRIMARY KEY, t VARCHAR(20) CHARACTER SET utf8mb4 DEFAULT 'CHARSET latin1, x', e ENUM('a,b','c''d') CHARSET latin1) CHARSET=utf8mb4",
        "CREATE TABLE b LIKE a",
        "CREATE TABLE c (id INT, v CHAR(5) CHARACTER SET latin1 BINARY, w TEXT CHARSET utf8mb4 COLLATE utf8mb4_bin) DEFAULT CHARACTER SET = latin1 /*!50100 PARTITION BY HASH (id) PARTITIONS 2 */",
        "ALTER TABLE a ADD COLUMN x DECIMAL(10,2) NOT NULL DEFAULT 1.5 COMMENT 'a, (b', ADD COLUMN (y INT, z TEXT CHARSET utf8mb4), ADD KEY k (x, y), DROP COLUMN e",
        "ALTER TABLE a MODIFY t VARCHAR(30) CHARSET utf8mb4 FIRST, DEFAULT CHARSET=latin1, COMMENT='x, y', ENGINE=InnoDB /* , */",
        "ALTER TABLE b RENAME TO b2, ADD COLUMN q INT AFTER id, CHANGE t u TEXT CHARACTER SET latin1, ALGORITHM=COPY",
        "ALTER TABLE b2 CONVERT TO CHARACTER SET utf8mb4, ADD INDEX (q)",
        "ALTER TABLE c ADD PARTITION (PARTITION p2, PARTITION p3)",
        "ALTER TABLE c COALESCE PARTITION 1",
        "CREATE TABLE d (id INT)", "CREATE TABLE f (id INT)", "CREATE TABLE g (id INT)",
        "RENAME TABLE d TO tmp, f TO d, tmp TO f",
        "DROP TABLE IF EXISTS f, g, nothing RESTRICT",
        "CREATE INDEX i ON a (y)", "DROP INDEX k ON a", "TRUNCATE d",
    ];

    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Rewritten_statements_give_the_same_tables(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        var expected = await RunAsync(server, (sql, _) => [sql]);
        Assert.Equal(4, expected.Count);
        Assert.Equal(expected, await RunAsync(server, (sql, d) => [.. DdlText.SplitAlter(sql, d)]));
        Assert.Equal(expected, await RunAsync(server, (sql, d) => [.. DdlText.SplitTables(sql, d)]));
        Assert.Equal(expected, await RunAsync(server, (sql, d) => [DdlText.ResolveVersionComments(sql, d)]));
        Assert.Equal(expected, await RunAsync(server, (sql, d) => [DdlText.WithExplicitCollations(sql, d, s => Collations.DefaultOf(s, d))]));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Every_statement_of_the_binlog_is_recognised(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        await using var connection = await server.ConnectAsync();
        var dialect = SqlDialect.Of(connection.Server);
        await RunAsync(server, (sql, _) => [sql]);
        var statements = 0;
        foreach (var log in await connection.QueryRowsAsync("SHOW BINARY LOGS", CancellationToken.None))
        {
            foreach (var row in await connection.QueryRowsAsync($"SHOW BINLOG EVENTS IN '{log[0]}'", CancellationToken.None))
            {
                // "use `db`; statement" is how the server shows the event's default database.
                if (row[2] != "Query")
                    continue;
                var text = row[5]!;
                if (text.StartsWith("use `", StringComparison.Ordinal))
                    text = text[(text.IndexOf("`; ", StringComparison.Ordinal) + 3)..];
                Assert.NotEqual((text, StatementKind.Unknown), (text, DdlParser.Read(Encoding.UTF8.GetBytes(text), dialect).Kind));
                statements++;
            }
        }

        Assert.InRange(statements, Script.Length, int.MaxValue);
    }

    private static async Task<List<string>> RunAsync(TestServer server, Func<byte[], SqlDialect, IEnumerable<byte[]>> rewrite)
    {
        var database = ServerFixture.NewDatabaseName("ddl");
        await server.RunAsync($"CREATE DATABASE {database}");
        await using var connection = await server.ConnectAsync(database);
        var dialect = SqlDialect.Of(connection.Server);
        foreach (var statement in Script)
        {
            foreach (var piece in rewrite(Encoding.UTF8.GetBytes(statement), dialect))
                await connection.ExecuteAsync(Encoding.UTF8.GetString(piece), CancellationToken.None);
        }

        var definitions = new List<string>();
        foreach (var table in await connection.QueryRowsAsync("SHOW TABLES", CancellationToken.None))
            definitions.Add((await connection.QueryRowsAsync($"SHOW CREATE TABLE `{table[0]}`", CancellationToken.None))[0][1]!);
        return definitions;
    }
}
