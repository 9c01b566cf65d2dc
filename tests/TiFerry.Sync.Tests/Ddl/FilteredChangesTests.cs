using TiFerry.Core.Errors;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Tests.Proof;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Ddl;

/// <summary>What a binlog event filter does to statements and rows of the stream.</summary>
[Collection(Servers.Name)]
public class FilteredChangesTests(ServerFixture servers)
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Kinds_that_are_ignored(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        followed.Options = followed.Options with { EventFilter = FilterOf(followed, FilterAction.Ignore, "truncate table", "drop table", "delete", "rename table", "drop index") };
        await followed.StepAsync(Pace.LostAfterEach,
            "CREATE TABLE t (id INT PRIMARY KEY, v INT, KEY v (v))", "CREATE TABLE gone (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1, 1), (2, 2)", "INSERT INTO gone VALUES (1)",
            "DELETE FROM t WHERE id = 1", "UPDATE t SET v = 3 WHERE id = 2", "ALTER TABLE t DROP INDEX v", "TRUNCATE TABLE t", "INSERT INTO t VALUES (5, 5)", "DROP TABLE gone");
        Assert.Equal(["1 1", "2 3", "5 5"], (await followed.TargetRowsAsync("SELECT CONCAT(id, ' ', v) FROM {db}.t ORDER BY id")).Select(r => r[0]));
        Assert.Equal(["1"], (await followed.TargetRowsAsync("SELECT id FROM {db}.gone")).Select(r => r[0]));
        Assert.NotEmpty(await followed.TargetRowsAsync("SHOW INDEX FROM {db}.t WHERE Key_name = 'v'"));
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task A_kind_that_stops_and_the_way_past_it(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        followed.Options = followed.Options with { EventFilter = FilterOf(followed, FilterAction.Error, "truncate table", "drop column") };
        await followed.OnSourceAsync("USE {db}", "CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 1)", "TRUNCATE TABLE t", "INSERT INTO t VALUES (2, 2)");
        for (var run = 0; run < 2; run++)
        {
            var error = await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync);
            Assert.Equal(SyncErrors.EventFiltered, error.Code);
            Assert.Contains("truncate table", error.Message, StringComparison.Ordinal);
            Assert.Equal(["1"], (await followed.TargetRowsAsync("SELECT id FROM {db}.t")).Select(r => r[0]));
        }
        followed.Options = followed.Options with { EventFilter = FilterOf(followed, FilterAction.Error, "drop column") };
        await followed.CatchUpAsync();
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Only_what_is_named(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        followed.Options = followed.Options with { EventFilter = FilterOf(followed, FilterAction.Do, "create table", "insert", "update", "add column") };
        await followed.StepAsync(Pace.StoppedAfterEach,
            "CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 1), (2, 2)", "DELETE FROM t WHERE id = 1", "ALTER TABLE t ADD COLUMN w INT DEFAULT 4", "CREATE INDEX v ON t (v)", "UPDATE t SET w = 5", "TRUNCATE TABLE t", "INSERT INTO t VALUES (3, 3, 3)");
        Assert.Equal(["1 1 4", "2 2 5", "3 3 3"], (await followed.TargetRowsAsync("SELECT CONCAT_WS(' ', id, v, w) FROM {db}.t ORDER BY id")).Select(r => r[0]));
        Assert.Empty(await followed.TargetRowsAsync("SHOW INDEX FROM {db}.t WHERE Key_name = 'v'"));
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Statements_by_their_text(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        followed.Options = followed.Options with
        {
            EventFilter = new BinlogEventFilter([new BinlogEventRule { Name = "text", SchemaPattern = followed.Database, TablePattern = "*", SqlPatterns = [@"COMMENT\s*=", @"^\s*RENAME"], Action = FilterAction.Ignore }]),
        };
        await followed.StepAsync(Pace.StoppedAfterEach,
            "CREATE TABLE t (id INT PRIMARY KEY)", "ALTER TABLE t COMMENT = 'not here'", "ALTER TABLE t ADD COLUMN v INT", "INSERT INTO t VALUES (1, 1)", "ALTER TABLE t ADD COLUMN w INT, COMMENT='nor this'", "ALTER TABLE t DROP COLUMN w, COMMENT = 'gone again'", "INSERT INTO t VALUES (2, 2)");
        await followed.AssertEqualAsync();
        Assert.Equal("", (await followed.TargetRowsAsync("SELECT TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{db}'"))[0][0]);
    }

    private static BinlogEventFilter FilterOf(Followed followed, FilterAction action, params string[] events) =>
        new([new BinlogEventRule { Name = "rule", SchemaPattern = followed.Database, TablePattern = "*", Events = events, Action = action }]);
}
