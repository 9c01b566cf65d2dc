using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.TestServers;

namespace TiFerry.Import.Tests.Loads;

/// <summary>Tables and views go where the routes say.</summary>
[Collection(Servers.Name)]
public sealed class RouteTests(ServerFixture servers)
{
    [Fact]
    public async Task Shards_become_one_table_with_columns_from_their_names()
    {
        var (source, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        var (from, to) = (ServerFixture.NewDatabaseName("shard"), ServerFixture.NewDatabaseName("merged"));
        await source.RunAsync(
            $"CREATE DATABASE {from}",
            $"USE {from}",
            "CREATE TABLE t_1 (id INT PRIMARY KEY, v VARCHAR(20))",
            "CREATE TABLE t_2 LIKE t_1",
            "INSERT INTO t_1 VALUES (1, 'it''s'), (2, '(a,b)')",
            "INSERT INTO t_2 VALUES (1, NULL), (3, ');')");
        await target.RunAsync($"CREATE DATABASE {to}", $"CREATE TABLE {to}.t (id INT, v VARCHAR(20), shard VARCHAR(10), extra INT DEFAULT 7, PRIMARY KEY (shard, id))");
        using var folder = new DumpFolder();
        await folder.DumpAsync(source, $"{from}.*");
        var route = new RouteRule { Name = "r", SchemaPattern = from, TablePattern = "t_*", TargetSchema = to, TargetTable = "t", ExtractTable = new ColumnExtractor("t_(.*)", "shard") };
        await folder.LoadAsync(target, "merge", o => o with { Router = new TableRouter([route]) });
        var rows = await target.QueryAsync($"SELECT shard, id, v, extra FROM {to}.t ORDER BY shard, id");
        Assert.Equal(["1|1|it's|7", "1|2|(a,b)|7", "2|1||7", "2|3|);|7"], rows.Select(r => string.Join('|', r)));

        // Without the column the rows of the shards could not be told apart.
        await target.RunAsync($"DROP TABLE {to}.t");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => folder.LoadAsync(target, "merge2", o => o with { Router = new TableRouter([route]) }));
        Assert.Equal(LoadErrors.ColumnsDiffer, error.Code);
        Assert.Contains("shard", error.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Foreign_keys_and_views_follow()
    {
        var (source, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        var (from, to) = (ServerFixture.NewDatabaseName("a"), ServerFixture.NewDatabaseName("b"));
        await source.RunAsync(
            $"CREATE DATABASE {from} CHARACTER SET latin1",
            $"USE {from}",
            "CREATE TABLE parent (id INT PRIMARY KEY)",
            "CREATE TABLE child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES parent (id))",
            "INSERT INTO parent VALUES (1), (2)",
            "INSERT INTO child VALUES (1, 2)",
            "CREATE VIEW z_view AS SELECT c.id FROM child c",
            "SET NAMES utf8mb4",
            "CREATE VIEW a_view AS SELECT id, 'ü' AS umlaut FROM z_view");
        using var folder = new DumpFolder();
        await folder.DumpAsync(source, $"{from}.*");
        Assert.True(File.Exists(Path.Combine(folder.Path, $"{from}.a_view-schema.sql")));
        var router = new TableRouter(
        [
            new RouteRule { Name = "schema", SchemaPattern = from, TargetSchema = to },
            new RouteRule { Name = "table", SchemaPattern = from, TablePattern = "parent", TargetSchema = to, TargetTable = "elder" },
        ]);
        await folder.LoadAsync(target, "views", o => o with { Router = router });
        Assert.Equal("2", (await target.QueryAsync($"SELECT COUNT(*) FROM {to}.elder"))[0][0]);
        Assert.Contains("REFERENCES `elder`", (await target.QueryAsync($"SHOW CREATE TABLE {to}.child"))[0][1], StringComparison.Ordinal);
        Assert.Equal("1 ü", string.Join(' ', (await target.QueryAsync($"SELECT * FROM {to}.a_view"))[0]));
        Assert.Equal("latin1", (await target.QueryAsync($"SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '{to}'"))[0][0]);
        Assert.Empty(await target.QueryAsync($"SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '{from}'"));
        // A part of a dump can be loaded.
        await folder.LoadAsync(target, "part", o => o with { Tables = TableFilter.Parse([$"{from}.child"]) });
        Assert.Equal(["child"], (await target.QueryAsync($"SHOW TABLES FROM {from}")).Select(r => r[0]));
    }
}
