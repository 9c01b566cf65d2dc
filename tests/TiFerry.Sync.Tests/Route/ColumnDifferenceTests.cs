using TiFerry.Sync.Filter;
using TiFerry.Sync.Tests.Proof;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Route;

/// <summary>Tables that don't look the same on both sides.</summary>
[Collection(Servers.Name)]
public class ColumnDifferenceTests(ServerFixture servers)
{
    private static readonly string[] Changes =
    [
        "INSERT INTO t (id, a, e, s, n) VALUES (1, 'one', 'x', 'p', 1), (2, 'two', 'y', 'p,r', 2), (3, NULL, NULL, NULL, NULL), (4, 'é ü', 'z', '', 4)",
        "UPDATE t SET a = 'new', e = 'z' WHERE id = 1",
        "UPDATE t SET id = 30, s = 'q,r' WHERE id = 3",
        "DELETE FROM t WHERE id = 2",
        "INSERT INTO t (id, a, e, s, n) VALUES (2, 'back', 'x', 'r', 18446744073709551615)",
    ];

    public static TheoryData<ServerKind, Pace> Runs => new()
    {
        { ServerKind.MariaDb, Pace.InOneGo },
        { ServerKind.MariaDb, Pace.LostAfterEach },
        { ServerKind.MySql56, Pace.LostAfterEach },
        { ServerKind.MySql97, Pace.InOneGo },
        { ServerKind.MySql97, Pace.LostAfterEach },
    };

    [SkippableTheory]
    [MemberData(nameof(Runs))]
    public async Task Columns_go_by_name_and_members_by_text(ServerKind kind, Pace pace)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        await followed.OnSourceAsync("CREATE TABLE {db}.t (id INT PRIMARY KEY, a VARCHAR(20) CHARACTER SET latin1, e ENUM('x','y','z'), s SET('p','q','r'), n BIGINT UNSIGNED)");
        await followed.OnTargetAsync("CREATE TABLE {db}.t (n BIGINT UNSIGNED, s SET('o','p','q','r'), more INT NOT NULL DEFAULT 5, a VARCHAR(20) CHARACTER SET utf8mb4, e ENUM('w','z','y','x'), id INT PRIMARY KEY, last VARCHAR(5) DEFAULT 'def')");
        await followed.StartHereAsync();
        await followed.TellAsync("t");

        await followed.StepAsync(pace, [.. Changes]);
        await followed.AssertRowsAsync("SELECT id, a, e, s, n, 5, 'def' FROM {db}.t", "SELECT id, a, e, s, n, more, last FROM {db}.t");

        // What only the target has stays as it is, whatever is written to the row.
        await followed.OnTargetAsync("UPDATE {db}.t SET more = id, last = 'mine'");
        await followed.StepAsync(pace, "UPDATE t SET a = CONCAT('upd', id)", "UPDATE t SET n = NULL WHERE id = 1");
        await followed.AssertRowsAsync("SELECT id, a, e, s, n, id, 'mine' FROM {db}.t", "SELECT id, a, e, s, n, more, last FROM {db}.t");
        Assert.Equal(0, followed.Progress.UnmatchedRows);
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, Pace.InOneGo)]
    [InlineData(ServerKind.MariaDb, Pace.LostAfterEach)]
    [InlineData(ServerKind.MySql97, Pace.InOneGo)]
    [InlineData(ServerKind.MySql97, Pace.LostAfterEach)]
    public async Task Generated_columns_of_either_side(ServerKind kind, Pace pace)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        await followed.OnSourceAsync("CREATE TABLE {db}.t (id INT PRIMARY KEY, v INT AS (n + 1) VIRTUAL, n INT, st INT AS (n * 2) STORED, plain INT)");
        await followed.OnTargetAsync("CREATE TABLE {db}.t (id INT PRIMARY KEY, n INT, st INT, v INT, plain INT AS (n - 1) STORED, own INT AS (id + n) VIRTUAL)");
        await followed.StartHereAsync();
        await followed.TellAsync("t");
        await followed.StepAsync(pace, "INSERT INTO t (id, n, plain) VALUES (1, 1, 0), (2, 2, 1), (3, NULL, NULL)", "UPDATE t SET n = 10, plain = 9 WHERE id = 1", "UPDATE t SET id = 5 WHERE id = 3", "DELETE FROM t WHERE id = 2", "INSERT INTO t (id, n, plain) VALUES (2, 7, 6)");
        await followed.AssertRowsAsync("SELECT id, n, st, plain, id + n, v FROM {db}.t", "SELECT id, n, st, plain, own, v FROM {db}.t");
        Assert.Equal(0, followed.Progress.UnmatchedRows);
    }

    [SkippableTheory]
    [MemberData(nameof(Runs))]
    public async Task A_dropped_column_that_a_filter_keeps_on_the_target(ServerKind kind, Pace pace)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        followed.Options = followed.Options with { EventFilter = FilterOf(followed, FilterAction.Ignore, "drop column") };
        await followed.StepAsync(pace,
            "CREATE TABLE t (id INT PRIMARY KEY, keep INT DEFAULT 7, v VARCHAR(10))", "INSERT INTO t VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c')",
            "ALTER TABLE t DROP COLUMN keep", "UPDATE t SET v = 'A' WHERE id = 1", "INSERT INTO t VALUES (4, 'd')", "DELETE FROM t WHERE id = 2",
            "ALTER TABLE t ADD COLUMN z INT NOT NULL DEFAULT 0 FIRST", "UPDATE t SET z = id");
        await followed.AssertRowsAsync("SELECT z, id, v, CASE id WHEN 3 THEN 3 WHEN 1 THEN 1 ELSE 7 END FROM {db}.t", "SELECT z, id, v, keep FROM {db}.t");
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Columns_that_were_dropped_while_the_task_stood_still(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind);
        await followed.StepAsync(Pace.InOneGo, "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT)", "INSERT INTO t VALUES (1, 1, 1)");
        // The events are read with the definition of their time, not with that of now.
        await followed.StepAsync(Pace.InOneGo,
            "INSERT INTO t VALUES (2, 2, 22)", "ALTER TABLE t DROP COLUMN a", "INSERT INTO t VALUES (3, 33)", "ALTER TABLE t ADD COLUMN c INT FIRST", "INSERT INTO t VALUES (44, 4, 444)", "ALTER TABLE t MODIFY COLUMN b INT FIRST", "INSERT INTO t VALUES (5, 55, 555)");
        await followed.AssertEqualAsync();
    }

    private static BinlogEventFilter FilterOf(Followed followed, FilterAction action, params string[] events) =>
        new([new BinlogEventRule { Name = "rule", SchemaPattern = followed.Database, TablePattern = "*", Events = events, Action = action }]);
}
