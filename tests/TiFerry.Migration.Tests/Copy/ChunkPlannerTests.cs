using System.Globalization;
using TiFerry.Core.Errors;
using TiFerry.Migration.Copy;
using TiFerry.Migration.Meta;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;
using TiFerry.TestServers;

namespace TiFerry.Migration.Tests.Copy;

/// <summary>Whatever the key, the chunks hold every row once, and so do the pages that a chunk is read in.</summary>
[Collection(Servers.Name)]
public class ChunkPlannerTests(ServerFixture servers)
{
    private static readonly (string Columns, string Values)[] Keys =
    [
        ("k BIGINT PRIMARY KEY", "(-9223372036854775808),(-5),(-4),(0),(1),(2),(3),(1000000),(9223372036854775806),(9223372036854775807)"),
        ("k BIGINT UNSIGNED PRIMARY KEY", "(0),(1),(2),(3),(9223372036854775807),(9223372036854775808),(18446744073709551613),(18446744073709551614),(18446744073709551615)"),
        ("k TINYINT PRIMARY KEY", "(-128),(-127),(5),(6),(7),(8),(127)"),
        ("k INT PRIMARY KEY", "(7)"),
        ("a INT, b INT, PRIMARY KEY (a, b)", "(1,1),(1,2),(1,3),(1,4),(1,5),(1,6),(1,7),(2,-1),(2,0),(3,9),(-1,2)"),
        ("a VARCHAR(5), b DATE, c DECIMAL(6,2), PRIMARY KEY (a, b, c)", "('x','2024-01-01',1.5),('x','2024-01-01',1.25),('X ','2024-01-02',1.25),('','0000-00-00',-3),('z','1000-01-01',0),('z','9999-12-31',0)"),
        ("k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci PRIMARY KEY", "('a'),('B'),('c'),('D'),(''),('ä1'),('Z'),('z1'),('it''s'),('back\\\\slash')"),
        ("k VARCHAR(20) CHARACTER SET latin1 PRIMARY KEY", "('a'),('B'),(x'e9'),(x'ff'),('z')"),
        ("k CHAR(4) CHARACTER SET ucs2 PRIMARY KEY", "('a'),('B'),('c'),('D'),('')"),
        ("k VARBINARY(20) PRIMARY KEY", "(''),(x'00'),(x'0000'),('a'),('A'),(x'ff'),(x'27'),(x'5c')"),
        ("k BINARY(3) PRIMARY KEY", "(''),(x'0001'),('a'),('ab'),(x'ffffff')"),
        ("k DATETIME(6) PRIMARY KEY", "('0000-00-00 00:00:00'),('2024-01-01 00:00:00.000001'),('2024-01-01 00:00:00.000002'),('9999-12-31 23:59:59.999999')"),
        ("k TIMESTAMP(3) NOT NULL PRIMARY KEY", "('1970-01-02 00:00:00'),('2024-01-01 00:00:00.001'),('2024-01-01 00:00:00.002'),('2037-01-01 00:00:00')"),
        ("k TIME PRIMARY KEY", "('-838:59:59'),('-00:00:01'),('00:00:00'),('838:59:59')"),
        ("k YEAR PRIMARY KEY", "(0),(1901),(1970),(2000),(2155)"),
        ("k DECIMAL(65,30) PRIMARY KEY", "(-99999999999999999999999999999999999.999999999999999999999999999999),(-0.000000000000000000000000000001),(0),(0.1),(12345678901234567890.5)"),
        ("k ENUM('z','a','M') PRIMARY KEY", "('z'),('a'),('M')"),
        ("k SET('b','a','c') PRIMARY KEY", "(''),('a'),('b'),('a,b'),('a,b,c')"),
        ("k BIT(64) PRIMARY KEY", "(0),(1),(b'1111111111111111111111111111111111111111111111111111111111111111'),(255)"),
        ("k DOUBLE PRIMARY KEY", "(-1.7976931348623157e308),(-0.1),(0),(2.2250738585072014e-308),(0.30000000000000004),(1e22)"),
        ("k FLOAT PRIMARY KEY", "(-1.1),(0.1),(1.1),(16777216),(3.4e38)"),
        ("n INT, k INT NOT NULL, UNIQUE KEY `odd ``name` (k)", "(NULL,1),(NULL,2),(5,3),(6,4),(6,5)"),
    ];

    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Chunks_and_pages_hold_every_row_once(ServerKind kind)
    {
        var server = await servers.SourceAsync(kind);
        var database = ServerFixture.NewDatabaseName("chunks");
        await server.RunAsync($"CREATE DATABASE {database}");
        await using var source = await Session.OpenForReadingAsync(server.ConnectionOptions, default);
        await source.ExecuteAsync($"USE {database}", default);
        for (var i = 0; i < Keys.Length; i++)
        {
            var name = new TableName(database, $"t{i}");
            await source.RunAsync("SET NAMES utf8mb4, sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'", $"CREATE TABLE {name} ({Keys[i].Columns})", $"INSERT INTO {name} VALUES {Keys[i].Values}", "SET NAMES binary");
            var table = (await TableReader.ReadAsync(source, name, ErrorScope.Upstream, default))!;
            foreach (var chunkRows in new[] { 1, 2, 3 })
                await AssertCoversAsync(source, table, chunkRows, Keys[i].Columns);
        }
    }

    private static async Task AssertCoversAsync(MySqlConnection source, Table table, int chunkRows, string what)
    {
        var total = int.Parse((await source.QueryScalarAsync($"SELECT COUNT(*) FROM {table.Name}", default))!, CultureInfo.InvariantCulture);
        var plan = new TablePlan(table with { EstimatedRows = total }, table, []);
        var chunks = await ChunkPlanner.PlanAsync(source, plan, chunkRows, default);
        Assert.Equal(Enumerable.Range(0, chunks.Count), chunks.Select(c => c.Number));
        var rows = new List<string>();
        foreach (var chunk in chunks)
            rows.AddRange(await PagesAsync(source, plan, chunk));
        Assert.True(rows.Count == total && rows.Distinct(StringComparer.Ordinal).Count() == total, $"{what}, chunks of {chunkRows}: {rows.Count} of {total} rows: {string.Join(" ", rows)}");
    }

    // Reads a chunk two rows at a time, each page behind the last key of the one before.
    private static async Task<List<string>> PagesAsync(MySqlConnection source, TablePlan plan, CopyChunk chunk)
    {
        var rows = new List<string>();
        string[]? cursor = null;
        while (true)
        {
            List<string> conditions = ["TRUE"];
            if (cursor is not null)
                conditions.Add(KeyRange.After(plan.Key, cursor));
            else if (chunk.Lower is not null)
                conditions.Add(KeyRange.From(plan.Key, chunk.Lower));
            if (chunk.Upper is not null)
                conditions.Add(KeyRange.Before(plan.Key, chunk.Upper));
            var count = 0;
            await using var result = await source.QueryAsync($"{plan.SelectFrom} WHERE {string.Join(" AND ", conditions)} ORDER BY {plan.OrderBy} LIMIT 2", default);
            while (await result.ReadAsync(default))
            {
                count++;
                cursor = new string[plan.Key.Length];
                for (var i = 0; i < cursor.Length; i++)
                    cursor[i] = plan.KeyColumns[i].KeyLiteral(result.GetSpan(plan.KeyCells[i]));
                rows.Add(string.Join(",", cursor));
            }
            if (count < 2)
                return rows;
        }
    }
}
