using System.Text;
using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.Sync.OnlineDdl;

namespace TiFerry.Sync.Tests.OnlineDdl;

public sealed class OnlineSchemaChangesTests
{
    private readonly OnlineSchemaChanges _changes = new(new OnlineDdlTables([], []), new OnlineDdlStore("meta", "task", "source"));
    private ulong _position = 4;

    [Fact]
    public void Other_tables_are_left_alone()
    {
        AssertAsItIs("CREATE TABLE t (a INT)");
        AssertAsItIs("ALTER TABLE t ADD COLUMN b INT");
        AssertAsItIs("RENAME TABLE t TO u");
        AssertAsItIs("DROP TABLE t");
        AssertAsItIs("CREATE VIEW _v_new AS SELECT 1");
        AssertAsItIs("CREATE DATABASE _d_new");
        Assert.False(_changes.HasUnsaved);
    }

    [Fact]
    public void Ghost()
    {
        AssertSkipped("create /* gh-ost */ table `db`.`_t_ghc` (id bigint auto_increment, primary key(id)) auto_increment=256");
        AssertSkipped("create /* gh-ost */ table `db`.`_t_gho` like `db`.`t`");
        AssertSkipped("alter /* gh-ost */ table `db`.`_t_gho` add column cl1 varchar(20) not null, add index i (cl1)");
        AssertSkipped("create /* gh-ost */ table `db`.`_t_del` (id int auto_increment primary key) engine=InnoDB comment='ghost-cut-over-sentry'");
        AssertSkipped("drop /* gh-ost */ table if exists `db`.`_t_del`");
        AssertSkipped("rename /* gh-ost */ table `db`.`t` to `db`.`_t_del`");
        AssertReplaced("rename /* gh-ost */ table `db`.`_t_gho` to `db`.`t`", "alter /* gh-ost */ table `db`.`t` add column cl1 varchar(20) not null, add index i (cl1)");
        AssertSkipped("drop /* gh-ost */ table if exists `db`.`_t_ghc`");
        AssertSkipped("drop table `db`.`_t_del`");
    }

    [Fact]
    public void PerconaToolkit()
    {
        AssertSkipped("CREATE TABLE `db`.`_t_new` (id int NOT NULL, PRIMARY KEY (id)) ENGINE=InnoDB");
        AssertSkipped("ALTER TABLE `db`.`_t_new` add column c3 int");
        AssertSkipped("RENAME TABLE `db`.`t` TO `db`.`_t_old`");
        AssertReplaced("RENAME TABLE `db`.`_t_new` TO `db`.`t`", "ALTER TABLE `db`.`t` add column c3 int");
        AssertSkipped("DROP TABLE IF EXISTS `db`.`_t_old`");
    }

    [Fact]
    public void Names_without_a_schema_get_that_of_their_own_session()
    {
        AssertSkipped("ALTER TABLE _t_new ADD FOREIGN KEY (a) REFERENCES parent (a), ADD FOREIGN KEY (b) REFERENCES _t_new (a)");
        AssertSkipped("CREATE INDEX i ON _t_new (a)");

        AssertReplaced("RENAME TABLE db.`_t_new` TO db.t", "other",
            "ALTER TABLE `db`.`t` ADD FOREIGN KEY (a) REFERENCES `db`.`parent` (a), ADD FOREIGN KEY (b) REFERENCES `db`.`t` (a)",
            "CREATE INDEX i ON `db`.`t` (a)");
    }

    [Fact]
    public void Each_change_brings_its_sessions_settings()
    {
        var ansi = SqlDialect.MySql with { Mode = SqlMode.AnsiQuotes };
        Apply("ALTER TABLE \"_t_gho\" ADD COLUMN \"a b\" INT", "db", ansi, "SET x = 1");

        var result = Apply("RENAME TABLE _t_gho TO t", "db", SqlDialect.MySql, "SET y = 1");

        var statement = Assert.Single(result.Statements);
        Assert.Equal("ALTER TABLE `db`.`t` ADD COLUMN \"a b\" INT", Encoding.UTF8.GetString(statement.Text));
        Assert.Equal(SqlMode.AnsiQuotes, statement.Mode);
        Assert.Equal("SET x = 1", statement.Session);
    }

    [Fact]
    public void What_the_servers_version_made_it_ignore_is_gone()
    {
        AssertSkipped("ALTER TABLE _t_gho ADD COLUMN a INT /*!80023 INVISIBLE */ /*!990000 NONSENSE */");

        AssertReplaced("RENAME TABLE _t_gho TO t", "ALTER TABLE `db`.`t` ADD COLUMN a INT INVISIBLE");
    }

    [Fact]
    public void A_new_shadow_table_forgets_the_changes_of_the_last()
    {
        AssertSkipped("ALTER TABLE _t_gho ADD COLUMN a INT");
        AssertSkipped("DROP TABLE IF EXISTS _t_gho");
        AssertSkipped("CREATE TABLE _t_gho LIKE t");
        AssertSkipped("ALTER TABLE _t_gho ADD COLUMN b INT");
        AssertReplaced("RENAME TABLE _t_gho TO t", "ALTER TABLE `db`.`t` ADD COLUMN b INT");
    }

    [Fact]
    public void Shadow_tables_of_two_schemas_are_two()
    {
        AssertSkipped("ALTER TABLE a._t_gho ADD COLUMN a INT");
        AssertSkipped("ALTER TABLE b._t_gho ADD COLUMN b INT");
        AssertReplaced("RENAME TABLE b._t_gho TO b.t", "ALTER TABLE `b`.`t` ADD COLUMN b INT");
        AssertReplaced("ALTER TABLE a._t_gho RENAME TO a.t", "ALTER TABLE `a`.`t` ADD COLUMN a INT");
    }

    [Fact]
    public void Emptying_a_shadow_table_does_not_empty_the_real_one()
    {
        AssertSkipped("ALTER TABLE _t_gho ADD COLUMN a INT");
        AssertSkipped("TRUNCATE TABLE _t_gho");
        AssertReplaced("RENAME TABLE _t_gho TO t", "ALTER TABLE `db`.`t` ADD COLUMN a INT");
    }

    [Fact]
    public void A_change_that_is_met_twice_is_made_once()
    {
        AssertSkipped("ALTER TABLE _t_gho ADD COLUMN a INT");
        AssertSkipped("ALTER TABLE _t_gho ADD COLUMN b INT");
        _position = 4;
        AssertSkipped("ALTER TABLE _t_gho ADD COLUMN a INT");
        AssertSkipped("ALTER TABLE _t_gho ADD COLUMN b INT");
        AssertReplaced("RENAME TABLE _t_gho TO t", "ALTER TABLE `db`.`t` ADD COLUMN a INT", "ALTER TABLE `db`.`t` ADD COLUMN b INT");
    }

    [Fact]
    public void The_same_change_made_twice_is_made_twice()
    {
        AssertSkipped("ALTER TABLE _t_gho ADD INDEX (a)");
        AssertSkipped("ALTER TABLE _t_gho ADD INDEX (a)");
        AssertReplaced("RENAME TABLE _t_gho TO t", "ALTER TABLE `db`.`t` ADD INDEX (a)", "ALTER TABLE `db`.`t` ADD INDEX (a)");
    }

    [Fact]
    public void A_shadow_table_without_known_changes_cannot_take_a_tables_place()
    {
        AssertSkipped("CREATE TABLE _t_gho LIKE t");
        AssertFails(SyncErrors.NoOnlineDdl, "RENAME TABLE _t_gho TO t", "the shadow table `db`.`_t_gho` takes the place of `db`.`t`");
    }

    [Fact]
    public void A_shadow_table_thrown_away_is_forgotten()
    {
        AssertSkipped("ALTER TABLE _t_gho ADD COLUMN a INT");
        AssertSkipped("RENAME TABLE _t_gho TO _t_del");
        AssertFails(SyncErrors.NoOnlineDdl, "RENAME TABLE _t_gho TO t", "`db`.`_t_gho`");
    }

    [Fact]
    public void Renames_that_cannot_be_followed_stop()
    {
        AssertFails(SyncErrors.RenameToShadowTable, "RENAME TABLE t TO _t_gho", "shadow table's name");
        AssertFails(SyncErrors.RenameOfShadowTable, "RENAME TABLE _t_gho TO _u_gho", "can't be followed");
        AssertFails(SyncErrors.RenameOfShadowTable, "RENAME TABLE _t_old TO t", "can't be followed");
        AssertFails(SyncErrors.RenameOfShadowTable, "RENAME TABLE _t_old TO _t_new", "can't be followed");
        AssertFails(SyncErrors.RenameOfShadowTable, "ALTER TABLE _t_gho ADD COLUMN a INT, RENAME TO t", "can't be followed");
    }

    [Fact]
    public void A_real_table_may_come_back_when_the_tool_gives_up()
    {
        AssertSkipped("RENAME TABLE t TO _t_del");
        AssertSkipped("RENAME TABLE _t_del TO t");
    }

    [Fact]
    public void The_old_table_does_not_come_back_after_the_swap()
    {
        AssertSkipped("ALTER TABLE _t_gho ADD COLUMN a INT");
        AssertSkipped("RENAME TABLE t TO _t_del");
        AssertReplaced("RENAME TABLE _t_gho TO t", "ALTER TABLE `db`.`t` ADD COLUMN a INT");
        AssertFails(SyncErrors.RenameOfShadowTable, "RENAME TABLE _t_del TO t", "can't be followed");
    }

    [Fact]
    public void Letter_case_of_names_on_demand()
    {
        var changes = new OnlineSchemaChanges(new OnlineDdlTables([], []), new OnlineDdlStore("meta", "task", "source"), ignoreNameCase: true);
        changes.Apply(Piece("ALTER TABLE _T_gho ADD COLUMN a INT", "db", SqlDialect.MySql, ""));

        var result = changes.Apply(Piece("RENAME TABLE _t_gho TO t", "DB", SqlDialect.MySql, ""));

        Assert.Equal("ALTER TABLE `DB`.`t` ADD COLUMN a INT", Encoding.UTF8.GetString(Assert.Single(result.Statements).Text));
    }

    [Theory]
    [InlineData("RENAME TABLE t TO _t_del, _t_gho TO t", null)]
    [InlineData("RENAME TABLE t TO _t_del, u TO t", "`u` fits none of shadow-table-rules")]
    [InlineData("RENAME TABLE t TO t_bak, _t_new TO t", "`t_bak` fits none of trash-table-rules")]
    [InlineData("RENAME TABLE t TO u, v TO t", null)]
    [InlineData("RENAME TABLE t TO _t_del", null)]
    public void Half_an_online_change_is_refused(string sql, string? reason)
    {
        var statement = DdlParser.Parse(Encoding.UTF8.GetBytes(sql), SqlDialect.MySql);
        var error = Record.Exception(() => _changes.Check(statement));

        if (reason is null)
            Assert.Null(error);
        else
            Assert.Contains(reason, Assert.IsType<TiFerryException>(error).Message, StringComparison.Ordinal);
    }

    private void AssertAsItIs(string sql) => Assert.Equal(OnlineDdlDecision.AsItIs, Apply(sql, "db", SqlDialect.MySql, "").Decision);

    private void AssertSkipped(string sql) => Assert.Equal(OnlineDdlDecision.Skip, Apply(sql, "db", SqlDialect.MySql, "").Decision);

    private void AssertReplaced(string sql, params string[] statements)
    {
        var schema = statements[0].Contains(' ', StringComparison.Ordinal) ? "db" : statements[0];
        var result = Apply(sql, schema, SqlDialect.MySql, "");
        Assert.Equal(OnlineDdlDecision.Replace, result.Decision);
        Assert.Equal(statements.Where(s => s.Contains(' ', StringComparison.Ordinal)).Select(Plain), result.Statements.Select(s => Plain(Encoding.UTF8.GetString(s.Text))));
    }

    private void AssertFails(ErrorCode code, string sql, string reason)
    {
        var error = Assert.Throws<TiFerryException>(() => Apply(sql, "db", SqlDialect.MySql, ""));
        Assert.Equal(code, error.Code);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private OnlineDdlResult Apply(string sql, string schema, SqlDialect dialect, string session) => _changes.Apply(Piece(sql, schema, dialect, session));

    private OnlineDdlPiece Piece(string sql, string schema, SqlDialect dialect, string session)
    {
        var text = Encoding.UTF8.GetBytes(sql);
        return new OnlineDdlPiece(DdlParser.Parse(text, dialect), text, schema, dialect, new BinlogPosition("binlog.000001", ++_position), session);
    }

    private static string Plain(string sql) => string.Join(' ', sql.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
