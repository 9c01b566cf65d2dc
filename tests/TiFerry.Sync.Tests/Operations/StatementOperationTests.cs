using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Operations;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.Operations;

/// <summary>Operations on the statements of real binlogs.</summary>
[Collection(Servers.Name)]
public class StatementOperationTests(ServerFixture servers)
{
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20)) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_general_ci";

    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_refused_statement_is_skipped_and_its_position_is_that_of_the_event(ServerKind kind)
    {
        var followed = await StoppedAtAsync(kind, "ALTER TABLE {db}.t ADD COLUMN extra INT");
        var operations = followed.Options.Operations;
        operations.Skip(null);
        await followed.OnSourceAsync("INSERT INTO {db}.t (id, v) VALUES (2, 'b')");
        await followed.CatchUpAsync();
        Assert.Equal([["1", "a", null], ["2", "b", null]], await followed.TargetRowsAsync("SELECT id, v, extra FROM {db}.t ORDER BY id"));
        Assert.Empty(operations.List());
        Assert.Null(operations.StoppedAt);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_statement_is_replaced_by_others(ServerKind kind)
    {
        var followed = await StoppedAtAsync(kind, "ALTER TABLE {db}.t ADD COLUMN extra INT");
        // What is changed on the target meanwhile must not pass for a statement that ran.
        await followed.OnTargetAsync("ALTER TABLE {db}.t DROP COLUMN extra");
        followed.Options.Operations.Replace(null, [followed.Named("ALTER TABLE `{db}`.`t` ADD COLUMN extra BIGINT DEFAULT 7"), followed.Named("CREATE TABLE `{db}`.`made` (`a` INT)")], DialectOf(kind));
        await followed.OnSourceAsync("INSERT INTO {db}.t (id, v, extra) VALUES (2, 'b', 9)");
        // Kept over a restart by whoever starts the unit.
        followed.Options = followed.Options with { Operations = new BinlogOperations(followed.Options.Operations.List()) };
        await followed.CatchUpAsync();
        Assert.Equal([["1", "7"], ["2", "9"]], await followed.TargetRowsAsync("SELECT id, extra FROM {db}.t ORDER BY id"));
        Assert.Empty(await followed.TargetRowsAsync("SELECT * FROM {db}.made"));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Of_several_statements_those_that_ran_do_not_run_again(ServerKind kind)
    {
        var followed = await StoppedAtAsync(kind, "ALTER TABLE {db}.t ADD COLUMN extra INT");
        followed.Options.Operations.Replace(null, [followed.Named("ALTER TABLE {db}.t ADD COLUMN first INT"), followed.Named("ALTER TABLE {db}.t ADD COLUMN extra INT")], DialectOf(kind));
        Assert.Equal(SyncErrors.DdlFailed, (await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync)).Code);
        await followed.OnTargetAsync("ALTER TABLE {db}.t DROP COLUMN extra");
        await followed.CatchUpAsync();
        Assert.Equal([["1", "a", null, null]], await followed.TargetRowsAsync("SELECT id, v, first, extra FROM {db}.t"));
        // A later statement of its own takes nothing of what the operation left behind.
        await followed.OnSourceAsync("ALTER TABLE {db}.t ADD COLUMN last INT");
        await followed.CatchUpAsync();
        Assert.Equal([["1", null]], await followed.TargetRowsAsync("SELECT id, last FROM {db}.t"));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Statements_are_injected_before_one(ServerKind kind)
    {
        var followed = await StoppedAtAsync(kind, "ALTER TABLE {db}.t ADD COLUMN extra INT");
        followed.Options.Operations.Inject(null, [followed.Named("ALTER TABLE {db}.t DROP COLUMN extra")], DialectOf(kind));
        await followed.OnSourceAsync("INSERT INTO {db}.t (id, v, extra) VALUES (2, 'b', 9)");
        await followed.CatchUpAsync();
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_refused_statement_runs_again_after_the_target_was_changed_by_hand(ServerKind kind)
    {
        var followed = await StoppedAtAsync(kind, "ALTER TABLE {db}.t ADD COLUMN extra INT");
        await followed.OnTargetAsync("ALTER TABLE {db}.t DROP COLUMN extra");
        await followed.CatchUpAsync();
        await followed.AssertEqualAsync();
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task An_operation_is_given_before_the_unit_comes_to_it(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table);
        await followed.OnSourceAsync("CREATE TABLE {db}.u (a INT)", "ALTER TABLE {db}.t COMMENT = 'x'", "INSERT INTO {db}.t VALUES (1, 'a')");
        var operations = followed.Options.Operations;
        operations.Skip(await StartOfAsync(followed, "CREATE TABLE"));
        operations.Skip(await StartOfAsync(followed, "COMMENT = 'x'") with { Position = 5 });
        await followed.CatchUpAsync();
        Assert.Empty(await followed.TargetRowsAsync("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 'u'"));
        Assert.Equal([["x"]], await followed.TargetRowsAsync("SELECT TABLE_COMMENT FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{db}' AND TABLE_NAME = 't'"));
        Assert.Empty(operations.List());
        // The source has the table, so its definition is known all the same.
        Assert.Contains(new TableName(followed.Database, "u"), await new TrackedSchemas(followed.Options).ListAsync(default));
    }

    // Rows can't be skipped, statements can, in a transaction too.
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    public async Task A_change_that_was_logged_as_a_statement_is_skipped(ServerKind kind)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table);
        await followed.OnSourceAsync("USE {db}", "INSERT INTO t VALUES (1, 'a')", "SET SESSION binlog_format = 'STATEMENT'", "INSERT INTO t VALUES (2, 'b')", "SET SESSION binlog_format = 'ROW'", "INSERT INTO t VALUES (3, 'c')");
        Assert.Equal(SyncErrors.StatementFormat, (await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync)).Code);
        followed.Options.Operations.Skip(null);
        await followed.CatchUpAsync();
        Assert.Equal([["1"], ["3"]], await followed.TargetRowsAsync("SELECT id FROM {db}.t ORDER BY id"));
    }

    [SkippableFact]
    public async Task A_replacement_that_touches_nothing_carried_stops()
    {
        var followed = await StoppedAtAsync(ServerKind.MariaDb, "ALTER TABLE {db}.t ADD COLUMN extra INT");
        followed.Options.Operations.Replace(null, ["CREATE TABLE elsewhere.t (a INT)"], SqlDialect.MariaDb);
        var error = await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync);
        Assert.Contains("nothing that is carried", error.Message, StringComparison.Ordinal);
        Assert.NotNull(followed.Options.Operations.StoppedAt);
    }

    // The target has the column already, so it refuses the statement.
    private async Task<Followed> StoppedAtAsync(ServerKind kind, string statement)
    {
        var followed = await Followed.CreateAsync(servers, kind, Table);
        await followed.OnTargetAsync("ALTER TABLE {db}.t ADD COLUMN extra INT");
        using var tracked = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await new TrackedSchemas(followed.Options).SetFromSourceAsync(new TableName(followed.Database, "t"), tracked.Token);
        await followed.OnSourceAsync("INSERT INTO {db}.t VALUES (1, 'a')", statement);
        var error = await Assert.ThrowsAsync<TiFerryException>(followed.CatchUpAsync);
        Assert.Equal(SyncErrors.DdlFailed, error.Code);
        var start = await StartOfAsync(followed, "ADD COLUMN extra");
        Assert.Equal(start, followed.Options.Operations.StoppedAt);
        Assert.Contains(start.ToString(), error.Workaround, StringComparison.Ordinal);
        Assert.Null((await followed.CheckpointAsync()).Ddl);
        Assert.Equal(1, followed.Progress.FinalExits);
        return followed;
    }

    private static async Task<BinlogPosition> StartOfAsync(Followed followed, string part)
    {
        var file = (await followed.NowAsync()).Position.File;
        var rows = await followed.SourceRowsAsync($"SHOW BINLOG EVENTS IN '{file}'");
        var row = rows.Last(r => r[2] == "Query" && r[5]!.Contains(followed.Database, StringComparison.Ordinal) && r[5]!.Contains(part, StringComparison.Ordinal));
        return BinlogPosition.Parse($"{row[0]}:{row[1]}");
    }

    private static SqlDialect DialectOf(ServerKind kind) => kind == ServerKind.MariaDb ? SqlDialect.MariaDb : SqlDialect.MySql;
}
