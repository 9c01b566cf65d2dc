using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.TestServers;

namespace TiFerry.Schema.Tests.Ddl;

/// <summary>A definition without its plain indexes, and these added later, give the definition that there was.</summary>
[Collection(Servers.Name)]
public class DeferredIndexesTests(ServerFixture servers)
{
    private static readonly (string Sql, int Deferred)[] Tables =
    [
        ("(id INT PRIMARY KEY)", 0),
        ("(id INT PRIMARY KEY, a INT, b VARCHAR(300), KEY (a), KEY `two, (of)` (b(10), a), UNIQUE KEY u (a, id))", 2),
        ("(id INT AUTO_INCREMENT, a INT, PRIMARY KEY (a, id), KEY (id), KEY other (a))", 1),
        ("(id INT AUTO_INCREMENT, `key` INT, KEY (id), KEY `key` (`key`) USING BTREE COMMENT 'KEY x (y), it''s')", 1),
        ("(id INT PRIMARY KEY, t TEXT, FULLTEXT KEY f (t), KEY p (t(5))) ENGINE=InnoDB", 1),
        ("(id INT PRIMARY KEY, `a``b` INT COMMENT 'a \\\\ b, KEY', KEY `q``r` (`a``b`)) COMMENT 'KEY (x)' ROW_FORMAT=DYNAMIC", 1),
        ("(id INT, a ENUM('KEY','),(') NOT NULL DEFAULT '),(', KEY k (a, id)) PARTITION BY HASH (id) PARTITIONS 3", 1),
        ("(id INT, d DATE, KEY k (d)) PARTITION BY RANGE (TO_DAYS(d)) (PARTITION p0 VALUES LESS THAN (100), PARTITION p1 VALUES LESS THAN MAXVALUE)", 1),
        ("(id INT PRIMARY KEY, p INT, a INT, KEY (p), KEY (a), CONSTRAINT f{0} FOREIGN KEY (p) REFERENCES t0 (id))", 0),
    ];

    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Definition_and_indexes_give_the_table(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        var database = ServerFixture.NewDatabaseName("deferred");
        await server.RunAsync($"CREATE DATABASE {database}");
        await using var connection = await server.ConnectAsync(database);
        var dialect = SqlDialect.Of(connection.Server);
        for (var i = 0; i < Tables.Length; i++)
        {
            await connection.RunAsync($"CREATE TABLE t{i} {Tables[i].Sql.Replace("{0}", $"{i}", StringComparison.Ordinal)}");
            var definition = (await connection.QueryRowsAsync($"SHOW CREATE TABLE t{i}", default))[0][1]!;
            var deferred = DeferredIndexes.Of(definition, dialect);
            Assert.True(Tables[i].Deferred == deferred.Definitions.Count, $"{definition}\ngave {string.Join('\n', deferred.Definitions)}");
            if (deferred.Definitions.Count == 0)
            {
                Assert.Equal(definition, deferred.Create);
                continue;
            }
            await connection.RunAsync($"DROP TABLE t{i}", deferred.Create);
            var known = (await connection.QueryRowsAsync($"SHOW INDEX FROM t{i}", default)).Select(r => r[2]).ToHashSet();
            Assert.DoesNotContain(deferred.Definitions, d => known.Contains(DeferredIndexes.NameOf(d)));
            await connection.RunAsync($"ALTER TABLE t{i} ADD {string.Join(", ADD ", deferred.Definitions)}");
            known = [.. (await connection.QueryRowsAsync($"SHOW INDEX FROM t{i}", default)).Select(r => r[2])];
            Assert.All(deferred.Definitions, d => Assert.Contains(DeferredIndexes.NameOf(d), known));
            Assert.Equal(Lines(definition), Lines((await connection.QueryRowsAsync($"SHOW CREATE TABLE t{i}", default))[0][1]!));
        }
    }

    // Kept indexes may come before added ones.
    private static List<string> Lines(string definition) => [.. definition.Split('\n').Select(l => l.TrimEnd(',')).Order(StringComparer.Ordinal)];
}
