using TiFerry.IntegrationTests.Traffic;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Definitions;

/// <summary>Schema changes while the target follows and while the copy runs.</summary>
[Collection(ServerCollection.Name)]
public sealed class SchemaChangeTests(ServerFixture servers)
{
    private static readonly string[] First =
    [
        "CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(20))",
        "INSERT INTO t VALUES (1, 1, 'one'), (2, 2, 'two'), (3, NULL, NULL)",
        "CREATE TABLE u (id INT PRIMARY KEY, v INT)",
        "INSERT INTO u VALUES (1, 1), (2, 2)",
        "CREATE TABLE gone (id INT PRIMARY KEY)",
        "CREATE TABLE heap (a INT, b INT)",
        "INSERT INTO heap VALUES (1, 1), (1, 1), (2, 2)",
        "CREATE VIEW w AS SELECT id, a FROM t",
    ];

    private static readonly string[] Changes =
    [
        "ALTER TABLE t ADD COLUMN c INT NOT NULL DEFAULT 7 AFTER id, ADD COLUMN d VARCHAR(10) FIRST",
        "INSERT INTO t (id, a, b, c, d) VALUES (4, 4, 'four', 8, 'd')",
        "UPDATE t SET a = a + 1, d = 'x'",
        "ALTER TABLE t DROP COLUMN d",
        "ALTER TABLE t MODIFY COLUMN a BIGINT UNSIGNED NULL COMMENT 'it''s more; -- no comment'",
        "UPDATE t SET a = 18446744073709551615 WHERE id = 1",
        "ALTER TABLE t CHANGE b `b b` TEXT",
        "UPDATE t SET `b b` = REPEAT('long', 100) WHERE id = 2",
        "CREATE INDEX i_a ON t (a)",
        "CREATE UNIQUE INDEX i_c ON u (v)",
        "DROP INDEX i_a ON t",
        "CREATE TABLE LikeT LIKE t",
        "INSERT INTO LikeT SELECT * FROM t",
        "RENAME TABLE LikeT TO renamed",
        "INSERT INTO renamed (id) VALUES (99)",
        "CREATE TABLE swap_a (id INT PRIMARY KEY, only_a INT)",
        "CREATE TABLE swap_b (id INT PRIMARY KEY, only_b VARCHAR(5))",
        "INSERT INTO swap_a VALUES (1, 1)",
        "INSERT INTO swap_b VALUES (1, 'b')",
        "RENAME TABLE swap_a TO swap_tmp, swap_b TO swap_a, swap_tmp TO swap_b",
        "INSERT INTO swap_a VALUES (2, 'in a')",
        "INSERT INTO swap_b VALUES (2, 22)",
        "TRUNCATE TABLE u",
        "INSERT INTO u VALUES (5, 5)",
        "DROP TABLE gone",
        "CREATE TABLE gone (id VARCHAR(5) PRIMARY KEY)",
        "INSERT INTO gone VALUES ('back')",
        "DROP TABLE IF EXISTS gone, never_there",
        "ALTER TABLE heap ADD COLUMN c INT DEFAULT 3",
        "UPDATE heap SET c = 4 LIMIT 1",
        "INSERT INTO heap VALUES (1, 1, 3)",
        "DROP VIEW w",
        "CREATE OR REPLACE VIEW w2 AS SELECT id, c FROM t WHERE c > 7",
        "ALTER VIEW w2 AS SELECT id, c + 1 AS c1 FROM t",
        "CREATE TEMPORARY TABLE temporary_t (id INT)",
        "INSERT INTO temporary_t VALUES (1)",
        "DROP TEMPORARY TABLE temporary_t",
        "CREATE TABLE later (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, v INT) AUTO_INCREMENT = 100",
        "INSERT INTO later (v) VALUES (1), (2)",
        "ALTER TABLE later RENAME TO latest, ADD COLUMN w INT",
        "INSERT INTO latest (v, w) VALUES (3, 3)",
        "ALTER TABLE latest DROP PRIMARY KEY, MODIFY id INT NOT NULL",
        "INSERT INTO latest VALUES (100, 1, 1), (100, 1, 1)",
        "ALTER TABLE t CONVERT TO CHARACTER SET latin1",
        "INSERT INTO t (id, `b b`) VALUES (77, 'é')",
    ];

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, 1)]
    [InlineData(ServerKind.MariaDb, 4)]
    [InlineData(ServerKind.MySql56, 4)]
    [InlineData(ServerKind.MySql97, 4)]
    public async Task Changes_are_followed(ServerKind kind, int threads)
    {
        var (source, crossing) = await CreateAsync(kind);
        crossing.Options = crossing.Options with { Threads = threads };
        await crossing.RunAsync();
        await using var session = await source.ConnectAsync(crossing.Databases[0]);
        await session.RunAsync(["SET NAMES utf8mb4", .. Changes]);
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Changes_during_the_copy_are_in_it_or_follow_it(ServerKind kind)
    {
        var (source, crossing) = await CreateAsync(kind);
        crossing.Options = crossing.Options with { Threads = 2, ChunkRows = 2 };
        await using var session = await source.ConnectAsync(crossing.Databases[0]);
        await session.RunAsync("SET NAMES utf8mb4");
        var changing = Task.Run(() => session.RunAsync(Changes));
        await crossing.RunAsync();
        await changing;
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [Fact]
    public async Task A_table_that_is_altered_under_traffic_while_it_is_copied_is_equal_in_the_end()
    {
        var source = await servers.SourceAsync();
        var database = ServerFixture.NewDatabaseName("altered");
        await using var writers = await Writers.CreateAsync(source, database, rows: 3000);
        var crossing = new Crossing(source, await servers.TargetAsync(), database);
        crossing.Options = crossing.Options with { ChunkRows = 50 };
        writers.Start(clients: 2);
        await using (var running = crossing.Start())
        {
            foreach (var alter in new[] { "accounts ADD extra INT DEFAULT 5", "heap_lines ADD extra INT DEFAULT 6", "entries DROP KEY at", "heap_lines DROP extra", "accounts DROP extra" })
            {
                await writers.UntilFurtherAsync(30);
                await source.RunAsync($"ALTER TABLE {database}.{alter}");
                if (running.Completion.IsCompleted)
                    await running.Completion;
            }
        }
        await writers.StopAsync();
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Every_session_setting_that_changes_a_statement_s_meaning_is_followed(ServerKind kind)
    {
        var (source, crossing) = await CreateAsync(kind);
        var database = crossing.Databases[0];
        await crossing.RunAsync();
        await using (var session = await source.ConnectAsync(database))
        {
            await session.RunAsync(
                "SET NAMES utf8mb4", "SET sql_mode = 'ANSI_QUOTES'", """CREATE TABLE "quoted" ("select" INT PRIMARY KEY, "b""c" VARCHAR(5) DEFAULT 'x')""", """INSERT INTO "quoted" VALUES (1, 'y')""",
                "SET sql_mode = 'NO_BACKSLASH_ESCAPES'", @"CREATE TABLE slashes (id INT PRIMARY KEY, v VARCHAR(10) DEFAULT 'a\' COMMENT 'c:\dir\')", "INSERT INTO slashes (id) VALUES (1)",
                "SET sql_mode = ''", "CREATE TABLE plain (id INT PRIMARY KEY, v VARCHAR(10) DEFAULT \"it's\\n\", d DATE DEFAULT '0000-00-00')", "INSERT INTO plain (id) VALUES (1)",
                "SET time_zone = '+05:30'", "CREATE TABLE zoned (id INT PRIMARY KEY, at TIMESTAMP NOT NULL DEFAULT '2020-01-01 05:30:00')", "INSERT INTO zoned (id) VALUES (1)",
                "SET foreign_key_checks = 0", "CREATE TABLE early (id INT PRIMARY KEY, t INT, FOREIGN KEY (t) REFERENCES later_parent (id))", "CREATE TABLE later_parent (id INT PRIMARY KEY)", "INSERT INTO early VALUES (1, 1)",
                "SET SESSION collation_server = latin2_general_ci");
        }
        await using (var noDatabase = await source.ConnectAsync())
        {
            await noDatabase.RunAsync($"CREATE TABLE {database}.from_outside LIKE {database}.t", $"INSERT INTO {database}.from_outside (id) VALUES (1)", $"ALTER TABLE {database}.from_outside ADD z INT", $"INSERT INTO {database}.from_outside (id, z) VALUES (2, 2)");
        }
        await using (var latin = await source.ConnectAsync(database))
        {
            await latin.RunAsync("SET NAMES latin1");
            // The client's bytes are latin1: é and ü.
            using var sql = new TiFerry.MySql.SqlBuffer();
            sql.Append("CREATE TABLE latin_client (id INT PRIMARY KEY, v VARCHAR(10) CHARACTER SET utf8mb4 DEFAULT '"u8);
            sql.Append([0xE9, 0xFC]);
            sql.Append("' COMMENT '"u8);
            sql.Append([0xE9]);
            sql.Append("')"u8);
            await latin.ExecuteAsync(sql, default);
            await latin.RunAsync("INSERT INTO latin_client (id) VALUES (1)");
        }
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Databases_come_and_go(ServerKind kind)
    {
        var source = await servers.SourceAsync(kind);
        var one = ServerFixture.NewDatabaseName("schema");
        var two = ServerFixture.NewDatabaseName("schema");
        await source.RunAsync($"CREATE DATABASE {one} CHARACTER SET latin1", $"CREATE TABLE {one}.t (id INT PRIMARY KEY)", $"INSERT INTO {one}.t VALUES (1)");
        var target = await servers.TargetAsync(kind);
        var crossing = new Crossing(source, target, one, two);
        await crossing.RunAsync();
        await source.RunAsync(
            $"CREATE DATABASE {two} CHARACTER SET utf8mb4", $"CREATE TABLE {two}.t (id INT PRIMARY KEY, v VARCHAR(10))", $"INSERT INTO {two}.t VALUES (1, 'x')",
            $"DROP DATABASE {one}", $"CREATE DATABASE {one}", $"CREATE TABLE {one}.other (id INT PRIMARY KEY)", $"INSERT INTO {one}.other VALUES (5)",
            $"RENAME TABLE {two}.t TO {one}.moved", $"INSERT INTO {one}.moved VALUES (2, 'y')", $"ALTER DATABASE {one} CHARACTER SET utf8mb4");
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
        await source.RunAsync($"DROP DATABASE {two}");
        await crossing.RunAsync();
        Assert.Empty(await target.QueryAsync($"SHOW DATABASES LIKE '{two}'"));
    }

    private async Task<(TestServer Source, Crossing Crossing)> CreateAsync(ServerKind kind)
    {
        var source = await servers.SourceAsync(kind);
        var database = ServerFixture.NewDatabaseName("definitions");
        await source.RunAsync([$"CREATE DATABASE {database} CHARACTER SET utf8mb4", $"USE {database}", .. First]);
        return (source, new Crossing(source, await servers.TargetAsync(kind), database));
    }
}
