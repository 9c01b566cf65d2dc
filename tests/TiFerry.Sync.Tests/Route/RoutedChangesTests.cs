using TiFerry.Core.Errors;
using TiFerry.Core.Routing;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Tests.Proof;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Route;

/// <summary>Schema changes of tables that have other names on the target.</summary>
[Collection(Servers.Name)]
public class RoutedChangesTests(ServerFixture servers)
{
    public static TheoryData<ServerKind, Pace> Runs => new()
    {
        { ServerKind.MariaDb, Pace.InOneGo },
        { ServerKind.MariaDb, Pace.LostAfterEach },
        { ServerKind.MySql56, Pace.InOneGo },
        { ServerKind.MySql97, Pace.LostAfterEach },
    };

    [SkippableTheory]
    [MemberData(nameof(Runs))]
    public async Task Schemas_and_tables_under_new_names(ServerKind kind, Pace pace)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        await followed.OnTargetAsync("DROP DATABASE {db}", "CREATE DATABASE {db}_new", "CREATE DATABASE {db}_other");
        followed.Options = followed.Options with { Router = new TableRouter([Route(followed, "", "{db}_new"), Route(followed, "t", "{db}_other", "people")]) };

        await followed.StepAsync(pace,
            "CREATE TABLE t (id INT PRIMARY KEY, a INT, b VARCHAR(20))", "INSERT INTO t VALUES (1, 1, 'one'), (2, 2, 'two')",
            "CREATE TABLE u LIKE t", "INSERT INTO u SELECT * FROM t",
            "ALTER TABLE t ADD COLUMN c INT NOT NULL DEFAULT 7 AFTER id", "UPDATE t SET b = CONCAT(b, c)",
            "CREATE INDEX i ON {db}.t (b)", "ALTER TABLE u DROP COLUMN a, ADD UNIQUE KEY b (b)", "INSERT INTO u VALUES (3, 'three')",
            "CREATE TABLE child (id INT PRIMARY KEY, t INT, FOREIGN KEY (t) REFERENCES t (id) ON DELETE CASCADE)", "INSERT INTO child VALUES (1, 1), (2, 2)", "DELETE FROM t WHERE id = 2", "DROP TABLE child",
            "CREATE TABLE base (id INT PRIMARY KEY, c INT)", "INSERT INTO base VALUES (1, 1)", "CREATE VIEW w AS SELECT id, c FROM base", "ALTER TABLE t RENAME TO moved", "INSERT INTO moved VALUES (4, 4, 4, 'four')", "RENAME TABLE u TO t", "UPDATE t SET b = CONCAT(b, ' again')",
            "RENAME TABLE t TO tmp, moved TO t, tmp TO moved", "INSERT INTO t VALUES (5, 5, 5, 'five')", "INSERT INTO moved VALUES (5, 'five')",
            "CREATE TABLE gone LIKE moved", "INSERT INTO gone SELECT * FROM moved", "TRUNCATE TABLE gone", "INSERT INTO gone VALUES (9, 'nine')", "DROP TABLE gone, moved",
            "CREATE TABLE chosen (PRIMARY KEY (id)) SELECT id, c FROM t", "DROP INDEX i ON t", "ALTER TABLE t DROP PRIMARY KEY, ADD COLUMN n INT NOT NULL AUTO_INCREMENT PRIMARY KEY");

        await followed.AssertRowsAsync("SELECT * FROM {db}.t", "SELECT * FROM {db}_other.people");
        await followed.AssertRowsAsync("SELECT * FROM {db}.chosen", "SELECT * FROM {db}_new.chosen");
        await followed.AssertRowsAsync("SELECT * FROM {db}.w", "SELECT * FROM {db}_new.w");
        await followed.AssertRowsAsync("SELECT 'people' UNION ALL SELECT 'chosen' UNION ALL SELECT 'w' UNION ALL SELECT 'base'", "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA IN ('{db}_new', '{db}_other', '{db}')");
        Assert.Equal(0, followed.Progress.UnmatchedRows);
    }

    [SkippableTheory]
    [InlineData("CREATE VIEW w AS SELECT id FROM t")]
    [InlineData("CREATE VIEW w AS SELECT o.id FROM other AS o JOIN `t` USING (id)")]
    [InlineData("CREATE VIEW w AS SELECT id FROM {db}.other")]
    [InlineData("CREATE VIEW w AS SELECT {db}.t.id FROM {db}.t")]
    public async Task A_view_of_tables_with_other_names_is_not_guessed(string view)
    {
        var followed = await Followed.CreateAsync(servers, ServerKind.MariaDb, "CREATE TABLE t (id INT PRIMARY KEY)", "CREATE TABLE other (id INT PRIMARY KEY)");
        await followed.OnTargetAsync("CREATE DATABASE {db}_new");
        followed.Options = followed.Options with { Router = new TableRouter([Route(followed, "", "{db}_new"), Route(followed, "t", "{db}_new", "people")]) };
        await followed.OnSourceAsync("USE {db}", view);
        var error = await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync);
        Assert.Equal(SyncErrors.UnsupportedTransaction, error.Code);

        followed.Options = followed.Options with
        {
            EventFilter = new BinlogEventFilter([new BinlogEventRule { Name = "views", SchemaPattern = followed.Database, TablePattern = "*", Events = ["create view"], Action = FilterAction.Ignore }]),
        };
        await followed.CatchUpAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Runs))]
    public async Task Shards_that_become_one_table_change_one_after_the_other(ServerKind kind, Pace pace)
    {
        var followed = await MergedAsync(kind);

        await followed.StepAsync(pace,
            "INSERT INTO {db}_1.t VALUES (1, 'a'), (2, 'b')", "INSERT INTO {db}_2.t VALUES (1, 'c'), (2, 'd')",
            "ALTER TABLE {db}_1.t ADD COLUMN w INT NOT NULL DEFAULT 5", "INSERT INTO {db}_2.t VALUES (3, 'e')", "UPDATE {db}_1.t SET w = 6 WHERE id = 1", "UPDATE {db}_2.t SET v = 'x' WHERE id = 1",
            "ALTER TABLE {db}_2.t ADD COLUMN w INT NOT NULL DEFAULT 5", "UPDATE {db}_2.t SET w = id",
            "CREATE INDEX v ON {db}_1.t (v)", "CREATE INDEX v ON {db}_2.t (v)",
            "ALTER TABLE {db}_1.t MODIFY v VARCHAR(50) NOT NULL DEFAULT ''", "INSERT INTO {db}_1.t VALUES (7, REPEAT('l', 50), 7)", "ALTER TABLE {db}_2.t MODIFY v VARCHAR(50) NOT NULL DEFAULT ''",
            "CREATE DATABASE {db}_3", "CREATE TABLE {db}_3.t LIKE {db}_1.t", "INSERT INTO {db}_3.t SELECT * FROM {db}_1.t",
            "DELETE FROM {db}_1.t WHERE id = 2", "UPDATE {db}_3.t SET id = id + 100",
            "INSERT INTO {db}_2.t VALUES (8, 'i', 8)", "DELETE FROM {db}_1.t WHERE id = 7");

        await followed.AssertRowsAsync(
            "SELECT id, v, w, '1' FROM {db}_1.t UNION ALL SELECT id, v, w, '2' FROM {db}_2.t UNION ALL SELECT id, v, w, '3' FROM {db}_3.t", "SELECT id, v, w, shard FROM {db}.t");
        Assert.Equal(0, followed.Progress.UnmatchedRows);
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task New_names_and_likenesses_within_one_table_of_the_target(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        followed.Options = followed.Options with { Router = new TableRouter([Route(followed, "t_*", "{db}", "t")]) };
        await followed.StepAsync(Pace.LostAfterEach, "CREATE TABLE t_1 (id INT PRIMARY KEY)", "INSERT INTO t_1 VALUES (1)", "RENAME TABLE t_1 TO t_2", "INSERT INTO t_2 VALUES (2)", "CREATE TABLE t_3 LIKE t_2", "INSERT INTO t_3 VALUES (3)");
        await followed.AssertRowsAsync("SELECT id FROM {db}.t_2 UNION ALL SELECT id FROM {db}.t_3", "SELECT id FROM {db}.t");
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, "DROP TABLE {db}_1.t")]
    [InlineData(ServerKind.MariaDb, "TRUNCATE TABLE {db}_1.t")]
    [InlineData(ServerKind.MariaDb, "RENAME TABLE {db}_1.t TO {db}_1.other")]
    [InlineData(ServerKind.MariaDb, "ALTER TABLE {db}_1.t RENAME TO {db}_1.other")]
    [InlineData(ServerKind.MariaDb, "DROP DATABASE {db}_1")]
    [InlineData(ServerKind.MariaDb, "ALTER TABLE {db}_1.t CHANGE v w VARCHAR(20)")]
    [InlineData(ServerKind.MariaDb, "ALTER TABLE {db}_1.t DROP COLUMN v")]
    [InlineData(ServerKind.MariaDb, "CREATE OR REPLACE TABLE {db}_1.t (id INT PRIMARY KEY, v VARCHAR(20))")]
    [InlineData(ServerKind.MySql97, "ALTER TABLE {db}_1.t RENAME COLUMN v TO w")]
    public async Task What_would_take_values_of_other_shards_stops(ServerKind kind, string statement)
    {
        var followed = await MergedAsync(kind);
        await followed.OnSourceAsync("INSERT INTO {db}_1.t VALUES (1, 'a')", "INSERT INTO {db}_2.t VALUES (1, 'c')", statement, "INSERT INTO {db}_2.t VALUES (2, 'kept')");
        var error = await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync);
        Assert.Equal(SyncErrors.UnsupportedTransaction, error.Code);
        Assert.Contains(followed.Named("`{db}`"), error.Message, StringComparison.Ordinal);
        Assert.Equal(["a 1", "c 2"], (await followed.TargetRowsAsync("SELECT CONCAT(v, ' ', shard) FROM {db}.t ORDER BY shard")).Select(r => r[0]));
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task A_filter_leads_past_it(ServerKind kind)
    {
        var followed = await MergedAsync(kind);
        followed.Options = followed.Options with
        {
            EventFilter = new BinlogEventFilter([new BinlogEventRule { Name = "keep", SchemaPattern = followed.Named("{db}_*"), Events = ["drop table", "truncate table", "drop database"], Action = FilterAction.Ignore }]),
        };
        await followed.StepAsync(Pace.InOneGo,
            "INSERT INTO {db}_1.t VALUES (1, 'a')", "INSERT INTO {db}_2.t VALUES (1, 'c')", "TRUNCATE TABLE {db}_1.t", "INSERT INTO {db}_1.t VALUES (3, 'new')", "DROP TABLE {db}_1.t", "DROP DATABASE {db}_1", "INSERT INTO {db}_2.t VALUES (2, 'kept')");
        Assert.Equal(["a 1", "c 2", "kept 2", "new 1"], (await followed.TargetRowsAsync("SELECT CONCAT(v, ' ', shard) FROM {db}.t ORDER BY v")).Select(r => r[0]));
    }

    // What the source has now is not what it had then: both shards are gone when the first of the statements is met.
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task A_shard_that_is_gone_from_the_source_by_now_still_counts(ServerKind kind)
    {
        var followed = await MergedAsync(kind);
        await followed.OnSourceAsync("INSERT INTO {db}_1.t VALUES (1, 'a')", "INSERT INTO {db}_2.t VALUES (1, 'c')", "DROP TABLE {db}_1.t", "INSERT INTO {db}_2.t VALUES (2, 'kept')", "RENAME TABLE {db}_2.t TO {db}_2.not_t");
        var error = await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync);
        Assert.Equal(SyncErrors.UnsupportedTransaction, error.Code);
        Assert.Equal(["a 1", "c 2"], (await followed.TargetRowsAsync("SELECT CONCAT(v, ' ', shard) FROM {db}.t ORDER BY shard")).Select(r => r[0]));
    }

    private async Task<Followed> MergedAsync(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        await followed.OnTargetAsync("CREATE TABLE {db}.t (shard VARCHAR(5), id INT, v VARCHAR(20), PRIMARY KEY (shard, id))");
        followed.Options = followed.Options with
        {
            Router = new TableRouter(
            [
                Route(followed, "", "{db}", schema: "{db}_*"),
                Route(followed, "t", "{db}", "t", "{db}_*") with { ExtractSchema = new ColumnExtractor(@"_(\d+)$", "shard") },
            ]),
        };
        await followed.OnSourceAsync("CREATE DATABASE {db}_1", "CREATE DATABASE {db}_2", "CREATE TABLE {db}_1.t (id INT PRIMARY KEY, v VARCHAR(20))", "CREATE TABLE {db}_2.t LIKE {db}_1.t");
        await followed.CatchUpAsync();
        return followed;
    }

    private static RouteRule Route(Followed followed, string table, string targetSchema, string targetTable = "", string schema = "{db}") => new()
    {
        Name = $"{schema}.{table}",
        SchemaPattern = followed.Named(schema),
        TablePattern = table,
        TargetSchema = followed.Named(targetSchema),
        TargetTable = targetTable,
    };
}
