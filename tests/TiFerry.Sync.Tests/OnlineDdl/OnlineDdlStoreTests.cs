using System.Text;
using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.OnlineDdl;
using TiFerry.TestServers;

namespace TiFerry.Sync.Tests.OnlineDdl;

[Collection(Servers.Name)]
public sealed class OnlineDdlStoreTests(ServerFixture servers)
{
    private static readonly OnlineDdlTables Tables = new([], []);

    public static TheoryData<ServerKind> Kinds => Servers.All;

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Changes_outlive_a_restart(ServerKind kind)
    {
        await using var target = await OpenAsync(kind);
        var schema = await NewSchemaAsync(target);
        var store = new OnlineDdlStore(schema, "my task", "source-1");
        await store.CreateAsync(target, default);
        await store.CreateAsync(target, default);
        var first = new OnlineSchemaChanges(Tables, store);
        Apply(first, "ALTER TABLE `_it's\\_gho` ADD COLUMN a INT", 10);
        Apply(first, "ALTER TABLE `_ü\"_gho` ADD COLUMN a VARCHAR(9) DEFAULT 'it''s \\\\ <é>\U0001F600', ADD INDEX (a)", 20);
        Apply(first, "ALTER TABLE `_ü\"_gho` ADD COLUMN b INT", 30);
        await SaveAsync(first, target);
        Assert.False(first.HasUnsaved);

        var second = new OnlineSchemaChanges(Tables, store);
        await second.LoadAsync(target, default);
        Apply(second, "ALTER TABLE `_ü\"_gho` ADD COLUMN b INT", 30);
        Assert.False(second.HasUnsaved);
        var statements = Apply(second, "RENAME TABLE `_ü\"_gho` TO `ü\"`", 40).Statements;

        Assert.Equal(
            ["ALTER TABLE `db`.`ü\"` ADD COLUMN a VARCHAR(9) DEFAULT 'it''s \\\\ <é>\U0001F600', ADD INDEX (a)", "ALTER TABLE `db`.`ü\"` ADD COLUMN b INT"],
            statements.Select(s => Encoding.UTF8.GetString(s.Text)));
        Assert.All(statements, s => Assert.Equal("SET time_zone = '+00:00'", s.Session));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_change_is_forgotten_when_the_checkpoint_is_behind_the_rename(ServerKind kind)
    {
        await using var target = await OpenAsync(kind);
        var schema = await NewSchemaAsync(target);
        var store = new OnlineDdlStore(schema, "task", "source-1");
        var checkpoints = new CheckpointStore(schema, "task");
        await store.CreateAsync(target, default);
        await checkpoints.CreateAsync(target, default);
        var changes = new OnlineSchemaChanges(Tables, store);
        Apply(changes, "ALTER TABLE _t_gho ADD COLUMN a INT", 10);
        await SaveAsync(changes, target, checkpoints, 10);
        Apply(changes, "RENAME TABLE t TO _t_del", 20);
        Apply(changes, "RENAME TABLE _t_gho TO t", 20);

        // Killed before the checkpoint was written: the rename comes again.
        await changes.LoadAsync(target, default);
        Apply(changes, "RENAME TABLE t TO _t_del", 20);
        Assert.Single(Apply(changes, "RENAME TABLE _t_gho TO t", 20).Statements);
        await SaveAsync(changes, target, checkpoints, 20);

        await changes.LoadAsync(target, default);
        Assert.Equal("0", await target.QueryScalarAsync($"SELECT COUNT(*) FROM `{schema}`.task_onlineddl", default));
        Assert.Equal(20UL, (await checkpoints.ReadAsync(target, default))!.Position.Position);
        Assert.Throws<TiFerryException>(() => Apply(changes, "RENAME TABLE _t_gho TO t", 30));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Sources_do_not_see_each_others_changes(ServerKind kind)
    {
        await using var target = await OpenAsync(kind);
        var schema = await NewSchemaAsync(target);
        var one = new OnlineSchemaChanges(Tables, new OnlineDdlStore(schema, "task", "source-1"));
        var two = new OnlineSchemaChanges(Tables, new OnlineDdlStore(schema, "task", "source-2"));
        await new OnlineDdlStore(schema, "task", "source-1").CreateAsync(target, default);
        Apply(one, "ALTER TABLE _t_gho ADD COLUMN a INT", 10);
        Apply(two, "ALTER TABLE _t_gho ADD COLUMN b INT", 10);
        await SaveAsync(one, target);
        await SaveAsync(two, target);

        await one.LoadAsync(target, default);

        Assert.Equal("ALTER TABLE `db`.`t` ADD COLUMN a INT", Encoding.UTF8.GetString(Assert.Single(Apply(one, "RENAME TABLE _t_gho TO t", 20).Statements).Text));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task What_DM_kept_is_understood(ServerKind kind)
    {
        await using var target = await OpenAsync(kind);
        var schema = await NewSchemaAsync(target);
        var store = new OnlineDdlStore(schema, "task", "mysql-replica-01");
        await store.CreateAsync(target, default);
        await target.ExecuteAsync(
            $$"""
            INSERT INTO `{{schema}}`.task_onlineddl (id, ghost_schema, ghost_table, ddls) VALUES
            ('mysql-replica-01', 'db', '_t_gho', '{"schema":"db","table":"t","ddls":["ALTER TABLE `db`.`_t_gho` ADD COLUMN `c` INT"]}')
            """, default);
        var changes = new OnlineSchemaChanges(Tables, store);
        await changes.LoadAsync(target, default);

        var statement = Assert.Single(Apply(changes, "RENAME TABLE db._t_gho TO db.t", 10).Statements);

        Assert.Equal("ALTER TABLE `db`.`t` ADD COLUMN `c` INT", Encoding.UTF8.GetString(statement.Text));
        Assert.Null(statement.Session);
    }

    [SkippableFact]
    public async Task A_damaged_record_is_named()
    {
        await using var target = await OpenAsync(ServerKind.MariaDb);
        var schema = await NewSchemaAsync(target);
        var store = new OnlineDdlStore(schema, "task", "s");
        await store.CreateAsync(target, default);
        await target.ExecuteAsync($"INSERT INTO `{schema}`.task_onlineddl (id, ghost_schema, ghost_table, ddls) VALUES ('s', 'db', '_t_gho', '[1')", default);

        var error = await Assert.ThrowsAsync<TiFerryException>(async () => await new OnlineSchemaChanges(Tables, store).LoadAsync(target, default));

        Assert.Equal(SyncErrors.OnlineDdlRecordUnusable, error.Code);
        Assert.Contains("`db`.`_t_gho`", error.Message, StringComparison.Ordinal);
    }

    private static OnlineDdlResult Apply(OnlineSchemaChanges changes, string sql, ulong position)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        return changes.Apply(new OnlineDdlPiece(DdlParser.Parse(text, SqlDialect.MySql), text, "db", SqlDialect.MySql, new BinlogPosition("binlog.000001", position), "SET time_zone = '+00:00'"));
    }

    private static async Task SaveAsync(OnlineSchemaChanges changes, MySqlConnection target, CheckpointStore? checkpoints = null, ulong position = 4)
    {
        using var sql = new SqlBuffer();
        sql.Append("BEGIN;"u8);
        var generation = changes.AppendWrites(sql);
        checkpoints?.AppendWrite(sql, new SyncCheckpoint { Position = new BinlogPosition("binlog.000001", position), Gtid = "" });
        sql.Append("COMMIT"u8);
        await target.ExecuteAsync(sql, default);
        changes.MarkSaved(generation);
    }

    private async Task<MySqlConnection> OpenAsync(ServerKind kind) => await Session.OpenForWritingAsync((await servers.TargetAsync(kind)).ConnectionOptions, default);

    private static async Task<string> NewSchemaAsync(MySqlConnection target)
    {
        var schema = ServerFixture.NewDatabaseName("meta");
        await target.ExecuteAsync($"CREATE DATABASE `{schema}`", default);
        return schema;
    }
}
