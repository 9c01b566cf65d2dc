using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TiFerry.MySql;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Tests.Ddl;

public class DdlParserTests
{
    private static readonly SqlDialect MariaDb = new(ServerFlavour.MariaDb, 101119);

    private static SqlStatement Recognize(string sql, SqlDialect? dialect = null)
        => DdlParser.Read(Encoding.UTF8.GetBytes(sql), dialect ?? MariaDb);

    [Theory]
    [InlineData("BEGIN", StatementKind.Begin)]
    [InlineData("begin work", StatementKind.Begin)]
    [InlineData("START TRANSACTION WITH CONSISTENT SNAPSHOT", StatementKind.Begin)]
    [InlineData("BEGIN NOT ATOMIC SELECT 1; END", StatementKind.Unknown)]
    [InlineData("COMMIT", StatementKind.Commit)]
    [InlineData("commit /* x */", StatementKind.Commit)]
    [InlineData("ROLLBACK", StatementKind.Rollback)]
    [InlineData("ROLLBACK WORK", StatementKind.Rollback)]
    [InlineData("ROLLBACK TO `s`", StatementKind.RollbackToSavepoint)]
    [InlineData("ROLLBACK WORK TO SAVEPOINT s", StatementKind.RollbackToSavepoint)]
    [InlineData("SAVEPOINT `s`", StatementKind.Savepoint)]
    [InlineData("RELEASE SAVEPOINT s", StatementKind.ReleaseSavepoint)]
    [InlineData("XA START X'61',X'',1", StatementKind.XaStart)]
    [InlineData("xa begin 'a'", StatementKind.XaStart)]
    [InlineData("XA END X'61',X'',1", StatementKind.XaEnd)]
    [InlineData("XA PREPARE X'61',X'',1", StatementKind.XaPrepare)]
    [InlineData("XA COMMIT X'61',X'',1", StatementKind.XaCommit)]
    [InlineData("XA ROLLBACK X'61',X'',1", StatementKind.XaRollback)]
    [InlineData("XA RECOVER", StatementKind.Unknown)]
    [InlineData("", StatementKind.Empty)]
    [InlineData("# Dummy event replacing event type 160 that slave cannot handle.", StatementKind.Empty)]
    [InlineData("/* nothing */ -- here", StatementKind.Empty)]
    [InlineData("/*!99999 DROP TABLE t */", StatementKind.Empty)]
    [InlineData("INSERT INTO t VALUES (1)", StatementKind.Insert)]
    [InlineData("/* app */ insert ignore t select 1", StatementKind.Insert)]
    [InlineData("UPDATE t SET a = 1", StatementKind.Update)]
    [InlineData("DELETE FROM t", StatementKind.Delete)]
    [InlineData("REPLACE INTO t VALUES (1)", StatementKind.Replace)]
    [InlineData("WITH c AS (SELECT 1) DELETE FROM t", StatementKind.Delete)]
    [InlineData("WITH RECURSIVE c (a) AS (SELECT 1), d AS (SELECT 2) UPDATE t SET a = 1", StatementKind.Update)]
    [InlineData("WITH c AS (DELETE) SELECT 1", StatementKind.Select)]
    [InlineData("LOAD DATA INFILE 'x' INTO TABLE t", StatementKind.LoadData)]
    [InlineData("LOAD XML INFILE 'x' INTO TABLE t", StatementKind.LoadData)]
    [InlineData("LOAD INDEX INTO CACHE t", StatementKind.Server)]
    [InlineData("CALL p(1)", StatementKind.Call)]
    [InlineData("DO SLEEP(1)", StatementKind.Do)]
    [InlineData("SELECT f(1)", StatementKind.Select)]
    [InlineData("(SELECT 1)", StatementKind.Select)]
    [InlineData("SET @a = 1", StatementKind.Set)]
    [InlineData("SET NAMES utf8", StatementKind.Set)]
    [InlineData("SET PASSWORD FOR 'a'@'b' = 'c'", StatementKind.Account)]
    [InlineData("SET DEFAULT ROLE r FOR u", StatementKind.Account)]
    [InlineData("SET STATEMENT max_statement_time = 10, sort_buffer_size = 10 FOR INSERT INTO t VALUES (1)", StatementKind.Insert)]
    [InlineData("FLUSH TABLES", StatementKind.Flush)]
    [InlineData("FLUSH /*!40101 LOCAL */ TABLES t", StatementKind.Flush)]
    [InlineData("LOCK TABLES t WRITE", StatementKind.LockTables)]
    [InlineData("UNLOCK TABLES", StatementKind.LockTables)]
    [InlineData("GRANT ALL ON *.* TO 'a'@'b'", StatementKind.Account)]
    [InlineData("REVOKE ALL ON *.* FROM 'a'@'b'", StatementKind.Account)]
    [InlineData("CREATE USER 'a'@'%' IDENTIFIED BY 'x'", StatementKind.Account)]
    [InlineData("CREATE OR REPLACE USER a", StatementKind.Account)]
    [InlineData("ALTER USER a", StatementKind.Account)]
    [InlineData("DROP USER IF EXISTS a", StatementKind.Account)]
    [InlineData("RENAME USER a TO b", StatementKind.Account)]
    [InlineData("CREATE ROLE r", StatementKind.Account)]
    [InlineData("CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'h')", StatementKind.Server)]
    [InlineData("CREATE TABLESPACE ts ADD DATAFILE 'x'", StatementKind.Server)]
    [InlineData("CREATE UNDO TABLESPACE ts ADD DATAFILE 'x'", StatementKind.Server)]
    [InlineData("CREATE SPATIAL REFERENCE SYSTEM 4120 NAME 'x'", StatementKind.Server)]
    [InlineData("CREATE RESOURCE GROUP g TYPE = USER", StatementKind.Server)]
    [InlineData("INSTALL PLUGIN x SONAME 'y'", StatementKind.Server)]
    [InlineData("nonsense", StatementKind.Unknown)]
    [InlineData("CREATE TABLE", StatementKind.Unknown)]
    [InlineData("DROP TABLE t; DROP TABLE u", StatementKind.Unknown)]
    [InlineData("ALTER TABLE t ADD a INT; DROP TABLE t", StatementKind.Unknown)]
    [InlineData("DROP TABLE 't'", StatementKind.Unknown)]
    [InlineData("DROP TABLE a,", StatementKind.Unknown)]
    [InlineData("RENAME TABLE a b", StatementKind.Unknown)]
    [InlineData("'CREATE TABLE t'", StatementKind.Unknown)]
    public void Kinds(string sql, StatementKind kind) => Assert.Equal(kind, Recognize(sql).Kind);

    [Theory]
    [InlineData("CREATE DATABASE d", StatementKind.CreateDatabase, "d")]
    [InlineData("CREATE SCHEMA IF NOT EXISTS `d e` CHARACTER SET utf8mb4", StatementKind.CreateDatabase, "d e")]
    [InlineData("CREATE OR REPLACE DATABASE d", StatementKind.CreateDatabase, "d")]
    [InlineData("CREATE DATABASE /*!32312 IF NOT EXISTS*/ `d` /*!40100 DEFAULT CHARACTER SET utf8 */", StatementKind.CreateDatabase, "d")]
    [InlineData("ALTER DATABASE d COLLATE utf8_bin", StatementKind.AlterDatabase, "d")]
    [InlineData("ALTER DATABASE CHARACTER SET utf8", StatementKind.AlterDatabase, null)]
    [InlineData("ALTER SCHEMA DEFAULT COLLATE = utf8_bin", StatementKind.AlterDatabase, null)]
    [InlineData("ALTER DATABASE CHARSET utf8", StatementKind.AlterDatabase, null)]
    [InlineData("ALTER DATABASE charset CHARSET utf8", StatementKind.AlterDatabase, "charset")]
    [InlineData("ALTER DATABASE comment COMMENT 'x'", StatementKind.AlterDatabase, "comment")]
    [InlineData("ALTER DATABASE COMMENT = 'x'", StatementKind.AlterDatabase, null)]
    [InlineData("ALTER DATABASE d READ ONLY = 1", StatementKind.AlterDatabase, "d")]
    [InlineData("DROP DATABASE IF EXISTS d", StatementKind.DropDatabase, "d")]
    [InlineData("DROP SCHEMA d", StatementKind.DropDatabase, "d")]
    [InlineData("USE d", StatementKind.Use, "d")]
    public void Databases(string sql, StatementKind kind, string? database)
    {
        var statement = Recognize(sql);
        Assert.Equal(kind, statement.Kind);
        Assert.Equal(database, statement.Database);
        Assert.Empty(statement.Objects);
    }

    [Theory]
    [InlineData("CREATE TABLE t (a INT)", StatementKind.CreateTable, "`t`")]
    [InlineData("create table d.t (a int)", StatementKind.CreateTable, "`d`.`t`")]
    [InlineData("CREATE TABLE d . t (a int)", StatementKind.CreateTable, "`d`.`t`")]
    [InlineData("CREATE TABLE `d``x`.`t.u` (a INT)", StatementKind.CreateTable, "`d``x`.`t.u`")]
    [InlineData("CREATE TABLE d.1e5 (a INT);", StatementKind.CreateTable, "`d`.`1e5`")]
    [InlineData("CREATE TABLE 2024t (a INT)", StatementKind.CreateTable, "`2024t`")]
    [InlineData("CREATE TABLE _utf8 (a INT)", StatementKind.CreateTable, "`_utf8`")]
    [InlineData("CREATE TABLE t (a TEXT DEFAULT 'AS SELECT', b INT AS (a) STORED) COMMENT='LIKE x'", StatementKind.CreateTable, "`t`")]
    [InlineData("CREATE TABLE t (a INT) WITH SYSTEM VERSIONING", StatementKind.CreateTable, "`t`")]
    [InlineData("CREATE TABLE t (a INT) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (1))", StatementKind.CreateTable, "`t`")]
    [InlineData("CREATE TABLE t (a INT) ENGINE=MERGE UNION=(x,y)", StatementKind.CreateTable, "`t`")]
    [InlineData("CREATE TABLE t (a INT CHECK (a > (SELECT 1)))", StatementKind.CreateTable, "`t`")]
    [InlineData("CREATE TABLE t (a INT) /*!50100 PARTITION BY HASH (a) PARTITIONS 4 */", StatementKind.CreateTable, "`t`")]
    [InlineData("CREATE TABLE t LIKE d.s", StatementKind.CreateTableLike, "`t`")]
    [InlineData("CREATE TABLE t (LIKE s)", StatementKind.CreateTableLike, "`t`")]
    [InlineData("CREATE TABLE t SELECT 1", StatementKind.CreateTableSelect, "`t`")]
    [InlineData("CREATE TABLE t (SELECT 1)", StatementKind.CreateTableSelect, "`t`")]
    [InlineData("CREATE TABLE t AS SELECT 1", StatementKind.CreateTableSelect, "`t`")]
    [InlineData("CREATE TABLE t (a INT) ENGINE=InnoDB IGNORE AS (SELECT 1)", StatementKind.CreateTableSelect, "`t`")]
    [InlineData("CREATE TABLE t (a INT, KEY (a)) SELECT 1", StatementKind.CreateTableSelect, "`t`")]
    [InlineData("CREATE TABLE t WITH c AS (SELECT 1) SELECT * FROM c", StatementKind.CreateTableSelect, "`t`")]
    [InlineData("CREATE TABLE t TABLE s", StatementKind.CreateTableSelect, "`t`")]
    [InlineData("CREATE TABLE t VALUES ROW(1)", StatementKind.CreateTableSelect, "`t`")]
    [InlineData("CREATE TABLE t (VALUES (1))", StatementKind.CreateTableSelect, "`t`")]
    [InlineData("ALTER TABLE t ADD COLUMN a INT", StatementKind.AlterTable, "`t`")]
    [InlineData("ALTER ONLINE IGNORE TABLE IF EXISTS d.t WAIT 10 ADD a INT, DROP b", StatementKind.AlterTable, "`d`.`t`")]
    [InlineData("ALTER TABLE t NOWAIT ENGINE=InnoDB", StatementKind.AlterTable, "`t`")]
    [InlineData("ALTER TABLE wait ADD wait INT", StatementKind.AlterTable, "`wait`")]
    [InlineData("ALTER TABLE t RENAME COLUMN a TO b, RENAME INDEX i TO j, RENAME KEY k TO l", StatementKind.AlterTable, "`t`")]
    [InlineData("ALTER TABLE t RENAME u", StatementKind.AlterTable, "`t` `u`")]
    [InlineData("ALTER TABLE t RENAME TO d.u", StatementKind.AlterTable, "`t` `d`.`u`")]
    [InlineData("ALTER TABLE t RENAME AS u", StatementKind.AlterTable, "`t` `u`")]
    [InlineData("ALTER TABLE t RENAME = u", StatementKind.AlterTable, "`t` `u`")]
    [InlineData("ALTER TABLE t ADD a ENUM('x, RENAME TO y'), RENAME TO u, ADD b DECIMAL(3,2)", StatementKind.AlterTable, "`t` `u`")]
    [InlineData("ALTER TABLE t EXCHANGE PARTITION p WITH TABLE d.u WITHOUT VALIDATION", StatementKind.AlterTable, "`t` `d`.`u`")]
    [InlineData("ALTER TABLE t CONVERT PARTITION p TO TABLE u", StatementKind.AlterTable, "`t` `u`")]
    [InlineData("ALTER TABLE t CONVERT TABLE u TO PARTITION p VALUES LESS THAN (5)", StatementKind.AlterTable, "`t` `u`")]
    [InlineData("ALTER TABLE t CONVERT TO CHARACTER SET utf8", StatementKind.AlterTable, "`t`")]
    [InlineData("DROP TABLE t", StatementKind.DropTable, "`t`")]
    [InlineData("DROP TABLE `t` /* generated by server */", StatementKind.DropTable, "`t`")]
    [InlineData("DROP TABLES IF EXISTS a, d.b,`c` RESTRICT", StatementKind.DropTable, "`a` `d`.`b` `c`")]
    [InlineData("DROP TABLE IF EXISTS /*to save*/ a, b WAIT 5 CASCADE", StatementKind.DropTable, "`a` `b`")]
    [InlineData("DROP /*!40005 TEMPORARY */ TABLE IF EXISTS `t`", StatementKind.DropTable, "`t`")]
    [InlineData("RENAME TABLE a TO b", StatementKind.RenameTable, "`a` `b`")]
    [InlineData("RENAME TABLES IF EXISTS a WAIT 3 TO b, d.c NOWAIT TO e.f", StatementKind.RenameTable, "`a` `b` `d`.`c` `e`.`f`")]
    [InlineData("TRUNCATE t", StatementKind.TruncateTable, "`t`")]
    [InlineData("TRUNCATE TABLE d.t WAIT 1", StatementKind.TruncateTable, "`d`.`t`")]
    [InlineData("CREATE INDEX i ON t (a)", StatementKind.CreateIndex, "`t`")]
    [InlineData("CREATE OR REPLACE UNIQUE INDEX IF NOT EXISTS i USING BTREE ON d.t (a)", StatementKind.CreateIndex, "`d`.`t`")]
    [InlineData("CREATE FULLTEXT INDEX i ON t (a)", StatementKind.CreateIndex, "`t`")]
    [InlineData("CREATE SPATIAL INDEX i ON t (a)", StatementKind.CreateIndex, "`t`")]
    [InlineData("CREATE VECTOR INDEX i ON t (a)", StatementKind.CreateIndex, "`t`")]
    [InlineData("CREATE ONLINE INDEX i ON t (a)", StatementKind.CreateIndex, "`t`")]
    [InlineData("DROP INDEX `PRIMARY` ON t", StatementKind.DropIndex, "`t`")]
    [InlineData("DROP INDEX IF EXISTS i ON d.t ALGORITHM=INPLACE", StatementKind.DropIndex, "`d`.`t`")]
    [InlineData("CREATE VIEW v AS SELECT 1", StatementKind.CreateView, "`v`")]
    [InlineData("CREATE OR REPLACE ALGORITHM=UNDEFINED DEFINER=`root`@`localhost` SQL SECURITY DEFINER VIEW d.v AS SELECT 1", StatementKind.CreateView, "`d`.`v`")]
    [InlineData("CREATE ALGORITHM = MERGE DEFINER = CURRENT_USER() VIEW IF NOT EXISTS v AS SELECT 1", StatementKind.CreateView, "`v`")]
    [InlineData("CREATE DEFINER=root@localhost VIEW v (a) AS SELECT 1", StatementKind.CreateView, "`v`")]
    [InlineData("CREATE DEFINER='r' @ 'h' VIEW v AS SELECT 1", StatementKind.CreateView, "`v`")]
    [InlineData("CREATE DEFINER=view@`view` VIEW v AS SELECT 1", StatementKind.CreateView, "`v`")]
    [InlineData("CREATE JSON RELATIONAL DUALITY VIEW v AS SELECT 1", StatementKind.CreateView, "`v`")]
    [InlineData("ALTER DEFINER=a VIEW v AS SELECT 1", StatementKind.AlterView, "`v`")]
    [InlineData("DROP VIEW IF EXISTS v, d.w", StatementKind.DropView, "`v` `d`.`w`")]
    [InlineData("CREATE OR REPLACE SEQUENCE IF NOT EXISTS s START WITH 1", StatementKind.CreateSequence, "`s`")]
    [InlineData("ALTER SEQUENCE IF EXISTS s RESTART 5", StatementKind.AlterSequence, "`s`")]
    [InlineData("DROP SEQUENCE a, b", StatementKind.DropSequence, "`a` `b`")]
    [InlineData("CREATE DEFINER=`r`@`%` TRIGGER x BEFORE INSERT ON d.t FOR EACH ROW SET @a = 1", StatementKind.CreateTrigger, "`d`.`t`")]
    [InlineData("DROP TRIGGER IF EXISTS d.x", StatementKind.DropTrigger, "`d`.`x`")]
    [InlineData("CREATE DEFINER=`r`@`%` PROCEDURE p() BEGIN SELECT 1; END", StatementKind.CreateRoutine, "`p`")]
    [InlineData("CREATE AGGREGATE FUNCTION f RETURNS INT SONAME 'x'", StatementKind.CreateRoutine, "`f`")]
    [InlineData("CREATE PACKAGE BODY k AS END", StatementKind.CreateRoutine, "`k`")]
    [InlineData("ALTER FUNCTION f COMMENT 'x'", StatementKind.AlterRoutine, "`f`")]
    [InlineData("DROP PROCEDURE IF EXISTS d.p", StatementKind.DropRoutine, "`d`.`p`")]
    [InlineData("CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1", StatementKind.CreateEvent, "`e`")]
    [InlineData("ALTER DEFINER=a EVENT e DISABLE", StatementKind.AlterEvent, "`e`")]
    [InlineData("DROP EVENT e", StatementKind.DropEvent, "`e`")]
    [InlineData("ANALYZE NO_WRITE_TO_BINLOG TABLE a, b", StatementKind.AnalyzeTable, "`a` `b`")]
    [InlineData("OPTIMIZE TABLE t", StatementKind.OptimizeTable, "`t`")]
    [InlineData("REPAIR LOCAL TABLE t QUICK", StatementKind.RepairTable, "`t`")]
    [InlineData("CHECKSUM TABLE t", StatementKind.CheckTable, "`t`")]
    [InlineData("SET STATEMENT lock_wait_timeout=(1) FOR DROP TABLE t", StatementKind.DropTable, "`t`")]
    public void Objects(string sql, StatementKind kind, string objects)
    {
        var statement = Recognize(sql);
        Assert.Equal(kind, statement.Kind);
        Assert.Equal(objects, string.Join(' ', statement.Objects));
    }

    [Fact]
    public void Renames_are_pairs()
    {
        Assert.Equal(
            [new ObjectRename(new(null, "a"), new(null, "t")), new ObjectRename(new("d", "b"), new("e", "a"))],
            Recognize("RENAME TABLE a TO t, d.b TO e.a").Renames);
        Assert.Equal([new ObjectRename(new("d", "a"), new(null, "b"))], Recognize("ALTER TABLE d.a ADD x INT, RENAME b").Renames);
    }

    [Fact]
    public void Flags()
    {
        Assert.True(Recognize("CREATE TEMPORARY TABLE t (a INT)").IsTemporary);
        Assert.True(Recognize("CREATE OR REPLACE TABLE t (a INT)") is CreateTable { OrReplace: true });
        Assert.True(Recognize("CREATE TABLE IF NOT EXISTS t (a INT)") is CreateTable { IfNotExists: true });
        Assert.True(Recognize("DROP TEMPORARY TABLE IF EXISTS t") is DropTable { IsTemporary: true, IfExists: true });
        Assert.Equal(new ObjectName("d", "s"), ((CreateTable)Recognize("CREATE TABLE t LIKE d.s")).LikeSource);
        Assert.True(Recognize("CREATE TABLE t (a INT) START TRANSACTION", SqlDialect.MySql) is CreateTable { StartsTransaction: true });
        Assert.Equal("`x`.`t`", Recognize("DROP TABLE t").Objects[0].InSchema("x").ToString());
        Assert.Equal("`d`.`t`", Recognize("DROP TABLE d.t").Objects[0].InSchema("x").ToString());
    }

    [Fact]
    public void Version_comments_depend_on_the_server()
    {
        Assert.Equal(StatementKind.DropTable, Recognize("/*M!100500 DROP TABLE t */").Kind);
        Assert.Equal(StatementKind.Empty, Recognize("/*M!100500 DROP TABLE t */", SqlDialect.MySql).Kind);
        Assert.Equal(StatementKind.DropTable, Recognize("/*!80000 DROP TABLE t */", SqlDialect.MySql).Kind);
        Assert.Equal(StatementKind.Empty, Recognize("/*!80000 DROP TABLE t */").Kind);
    }

    [Fact]
    public void Ansi_quotes_make_names()
    {
        var ansi = MariaDb with { Mode = SqlMode.AnsiQuotes };
        Assert.Equal(new ObjectName("d", "t\"x"), Recognize("DROP TABLE \"d\".\"t\"\"x\"", ansi).Objects[0]);
    }

    [Fact]
    public void Groups_of_kinds_do_not_overlap()
    {
        foreach (var kind in Enum.GetValues<StatementKind>())
        {
            bool[] groups = [kind.IsTransactionControl, kind.IsSchemaChange, kind.IsStoredProgram, kind.IsRowChange, kind.IsMaintenance];
            var alone = kind is StatementKind.Unknown or StatementKind.Account or StatementKind.Server;
            Assert.Equal(alone ? 0 : 1, groups.Count(g => g));
        }

        Assert.True(StatementKind.AlterTable.IsTableChange);
        Assert.False(StatementKind.CreateView.IsTableChange);
    }

    [Fact]
    public void Any_words_are_recognised_or_unknown()
    {
        var words = Gen.Elements(
            "CREATE", "ALTER", "DROP", "RENAME", "TABLE", "INDEX", "VIEW", "DATABASE", "IF", "NOT", "EXISTS", "TO", "ON", "t", "`a`", ".", ",", "(", ")", ";", "'x'",
            "DEFINER", "=", "@", "SET", "STATEMENT", "FOR", "WITH", "SELECT", "EXCHANGE", "PARTITION", "WAIT", "1", "/*!50000", "*/", "LIKE", "START", "TRANSACTION", "ALGORITHM", "COLLATE");
        Prop.ForAll(words.ArrayOf().ToArbitrary(), text =>
        {
            var sql = Encoding.UTF8.GetBytes(string.Join(' ', text));
            var statement = DdlParser.Read(sql, MariaDb);
            DdlText.SplitAlter(sql, MariaDb);
            DdlText.SplitTables(sql, MariaDb);
            DdlText.WithoutStartTransaction(sql, MariaDb);
            return statement.Objects.All(o => o.Name.Length > 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000).WithEndSize(30));
    }
}
