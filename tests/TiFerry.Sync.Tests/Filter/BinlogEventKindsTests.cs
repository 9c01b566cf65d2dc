using System.Text;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Schema.Tracking;
using TiFerry.Sync.Filter;
using static TiFerry.Sync.Filter.BinlogEventKind;

namespace TiFerry.Sync.Tests.Filter;

public sealed class BinlogEventKindsTests
{
    private const string Table =
        "CREATE TABLE t (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, a VARCHAR(20) CHARACTER SET latin1, b DECIMAL(10,2) DEFAULT 1, c ENUM('x','y'), UNIQUE KEY u (a), KEY k (b)) CHARSET=latin1";

    [Theory]
    [InlineData("CREATE DATABASE d", CreateDatabase)]
    [InlineData("ALTER DATABASE d CHARACTER SET latin1", AlterDatabase | ModifySchemaCharsetAndCollate)]
    [InlineData("DROP SCHEMA d", DropDatabase)]
    [InlineData("CREATE TABLE x (a INT)", CreateTable)]
    [InlineData("CREATE TABLE x LIKE t", CreateTable)]
    [InlineData("DROP TABLE t", DropTable)]
    [InlineData("TRUNCATE t", TruncateTable)]
    [InlineData("RENAME TABLE t TO x", RenameTable)]
    [InlineData("CREATE UNIQUE INDEX i ON t (b)", CreateIndex)]
    [InlineData("DROP INDEX k ON t", DropIndex)]
    [InlineData("DROP INDEX u ON t", DropIndex | DropUniqueKey)]
    [InlineData("CREATE VIEW v AS SELECT 1", CreateView)]
    [InlineData("DROP VIEW v", DropView)]
    [InlineData("CREATE PROCEDURE p() BEGIN END", None)]
    [InlineData("CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET @a = 1", None)]
    public void Statements(string sql, BinlogEventKind kinds) => Assert.Equal(kinds, Of(sql));

    [Theory]
    [InlineData("ADD COLUMN d INT", AddColumn)]
    [InlineData("ADD COLUMN d INT, ADD KEY (d)", AddColumn | CreateIndex | MultiSchemaChange)]
    [InlineData("ADD COLUMN d INT, ALGORITHM=INPLACE, LOCK=NONE", AddColumn)]
    [InlineData("ADD (d INT, e INT UNIQUE)", AddColumn | CreateIndex)]
    [InlineData("ADD COLUMN d INT FIRST", AddColumn)]
    [InlineData("DROP COLUMN b", DropColumn)]
    [InlineData("RENAME COLUMN b TO d", RenameColumn)]
    [InlineData("CHANGE b d DECIMAL(10,2) DEFAULT 1", RenameColumn)]
    [InlineData("CHANGE b d DECIMAL(9,2) DEFAULT 1", RenameColumn | ModifyColumn | ValueRangeDecrease)]
    [InlineData("MODIFY b DECIMAL(10,1) DEFAULT 1", ModifyColumn | PrecisionDecrease)]
    [InlineData("MODIFY b DECIMAL(12,2) DEFAULT 1", ModifyColumn)]
    [InlineData("MODIFY b DECIMAL(10,2) DEFAULT 2", ModifyColumn | ModifyDefaultValue)]
    [InlineData("MODIFY b DECIMAL(10,2) DEFAULT 1", ModifyColumn)]
    [InlineData("MODIFY b DECIMAL(10,2) DEFAULT 1 COMMENT 'x'", ModifyColumn)]
    [InlineData("MODIFY b DECIMAL(10,2) DEFAULT 1 FIRST", ModifyColumnsOrder)]
    [InlineData("MODIFY id INT NOT NULL", ModifyColumn | RemoveAutoIncrement)]
    [InlineData("MODIFY a VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", ModifyColumn | ModifyCharset | ModifyCollation)]
    [InlineData("MODIFY a VARCHAR(20) COLLATE latin1_bin", ModifyColumn | ModifyCollation)]
    [InlineData("MODIFY c ENUM('x')", ModifyColumn | ValueRangeDecrease)]
    [InlineData("MODIFY c ENUM('y','x','z')", ModifyColumn)]
    [InlineData("CONVERT TO CHARACTER SET utf8mb4", ModifyTableCharsetAndCollate | ModifyCharset | ModifyCollation)]
    [InlineData("DEFAULT CHARACTER SET utf8mb4", ModifyTableCharsetAndCollate)]
    [InlineData("ALTER b SET DEFAULT 3", SetDefaultValue | ModifyDefaultValue)]
    [InlineData("ALTER b DROP DEFAULT", SetDefaultValue | ModifyDefaultValue)]
    [InlineData("ADD PRIMARY KEY (b)", AddPrimaryKey)]
    [InlineData("DROP PRIMARY KEY, MODIFY id INT NOT NULL", DropPrimaryKey | ModifyColumn | RemoveAutoIncrement | MultiSchemaChange)]
    [InlineData("DROP KEY k", DropIndex)]
    [InlineData("DROP KEY u", DropIndex | DropUniqueKey)]
    [InlineData("RENAME KEY k TO l", RenameIndex)]
    [InlineData("ALTER INDEX k INVISIBLE", AlterIndexVisibility)]
    [InlineData("ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES p (id)", AddForeignKey)]
    [InlineData("ADD CONSTRAINT ck CHECK (b > 0)", ModifyConstraint)]
    [InlineData("RENAME TO x", RenameTable)]
    [InlineData("COMMENT 'x'", ModifyTableComment)]
    [InlineData("AUTO_INCREMENT = 100", RebaseAutoId)]
    [InlineData("ENGINE = MyISAM", ModifyStorageEngine)]
    [InlineData("FORCE", None)]
    [InlineData("PARTITION BY HASH (id) PARTITIONS 2", AlterTablePartitioning)]
    public void Alterations(string specifications, BinlogEventKind kinds) => Assert.Equal(AlterTable | kinds, Of($"ALTER TABLE t {specifications}"));

    [Theory]
    [InlineData("ADD PARTITION (PARTITION p9 VALUES LESS THAN (9))", AddTablePartition)]
    [InlineData("DROP PARTITION p1", DropTablePartition)]
    [InlineData("TRUNCATE PARTITION p1", TruncateTablePartition)]
    [InlineData("COALESCE PARTITION 2", CoalescePartition)]
    [InlineData("REORGANIZE PARTITION p1 INTO (PARTITION p2 VALUES LESS THAN (9))", ReorganizePartition)]
    [InlineData("REBUILD PARTITION p1", RebuildPartition)]
    [InlineData("EXCHANGE PARTITION p1 WITH TABLE x", ExchangePartition)]
    [InlineData("REMOVE PARTITIONING", RemovePartitioning)]
    [InlineData("ANALYZE PARTITION p1", None)]
    [InlineData("DROP FOREIGN KEY f", DropForeignKey)]
    [InlineData("MODIFY a INT AFTER b", ModifyColumn | ModifyColumnsOrder)]
    [InlineData("CHANGE a b INT", ModifyColumn | RenameColumn)]
    public void Without_the_table_the_statement_alone_tells(string specifications, BinlogEventKind kinds) =>
        Assert.Equal(AlterTable | kinds, BinlogEventKinds.Of(Parse($"ALTER TABLE t {specifications}")));

    [Theory]
    [InlineData("VARCHAR(20)", "VARCHAR(10)", true, false)]
    [InlineData("VARCHAR(20)", "TEXT", false, false)]
    [InlineData("VARCHAR(100) CHARACTER SET utf8mb4", "TINYTEXT CHARACTER SET utf8mb4", true, false)]
    [InlineData("TEXT", "VARCHAR(10000) CHARACTER SET utf8mb4", true, false)]
    [InlineData("TEXT", "MEDIUMTEXT", false, false)]
    [InlineData("LONGTEXT", "MEDIUMTEXT", true, false)]
    [InlineData("INT", "BIGINT", false, false)]
    [InlineData("INT", "SMALLINT", true, false)]
    [InlineData("INT", "INT UNSIGNED", true, false)]
    [InlineData("INT UNSIGNED", "INT", true, false)]
    [InlineData("INT UNSIGNED", "BIGINT", false, false)]
    [InlineData("INT", "VARCHAR(20)", false, false)]
    [InlineData("INT", "VARCHAR(5)", true, false)]
    [InlineData("VARCHAR(5)", "INT", true, false)]
    [InlineData("INT", "DECIMAL(10,0)", false, false)]
    [InlineData("INT", "DECIMAL(10,2)", true, false)]
    [InlineData("DECIMAL(10,2)", "INT", false, true)]
    [InlineData("DECIMAL(10,2)", "DECIMAL(10,1)", false, true)]
    [InlineData("DECIMAL(10,2)", "DECIMAL(10,4)", true, false)]
    [InlineData("DECIMAL(10,2)", "DOUBLE", false, false)]
    [InlineData("DECIMAL(20,2)", "DOUBLE", false, true)]
    [InlineData("BIGINT", "DOUBLE", false, true)]
    [InlineData("MEDIUMINT", "FLOAT", false, false)]
    [InlineData("DOUBLE", "FLOAT", true, true)]
    [InlineData("FLOAT", "DOUBLE", false, false)]
    [InlineData("FLOAT", "INT", true, true)]
    [InlineData("DATETIME(6)", "DATETIME(3)", false, true)]
    [InlineData("DATETIME", "DATE", false, true)]
    [InlineData("DATE", "DATETIME", false, false)]
    [InlineData("DATETIME", "TIMESTAMP", true, false)]
    [InlineData("DATETIME", "VARCHAR(19)", false, false)]
    [InlineData("DATETIME(3)", "VARCHAR(19)", true, false)]
    [InlineData("VARCHAR(19)", "DATETIME", true, false)]
    [InlineData("BIT(8)", "BIT(4)", true, false)]
    [InlineData("BIT(8)", "SMALLINT", false, false)]
    [InlineData("ENUM('a','b')", "SET('a','b','c')", false, false)]
    [InlineData("SET('a','b')", "ENUM('a','b')", true, false)]
    [InlineData("ENUM('a','bcd')", "VARCHAR(3)", false, false)]
    [InlineData("ENUM('a','bcd')", "VARCHAR(2)", true, false)]
    [InlineData("YEAR", "SMALLINT", false, false)]
    [InlineData("SMALLINT", "YEAR", true, false)]
    public void Types(string old, string now, bool holdsFewer, bool isLessExact)
    {
        var kinds = Of($"ALTER TABLE t MODIFY a {now}", $"CREATE TABLE t (a {old}) CHARSET=latin1");

        Assert.Equal(holdsFewer, kinds.HasFlag(ValueRangeDecrease));
        Assert.Equal(isLessExact, kinds.HasFlag(PrecisionDecrease));
        Assert.True(kinds.HasFlag(ModifyColumn));
    }

    private static BinlogEventKind Of(string sql, string create = Table)
    {
        var tracker = new SchemaTracker(SqlDialect.MySql, new TrackerSettings());
        tracker.SetSchema("d", "latin1", "latin1_swedish_ci");
        tracker.Apply(Parse(create), "d", StatementContext.Default);
        var statement = Parse(sql);
        var name = new TableName("d", "t");
        var before = tracker.Find(name);
        TableDefinition? after = null;
        if (sql.StartsWith("ALTER TABLE", StringComparison.Ordinal) && !sql.Contains("ADD PRIMARY", StringComparison.Ordinal))
        {
            tracker.Apply(statement, "d", StatementContext.Default);
            after = tracker.Find(name) ?? before;
        }

        return BinlogEventKinds.Of(statement, before, after);
    }

    private static Schema.Ddl.Ast.SqlStatement Parse(string sql) => DdlParser.Parse(Encoding.UTF8.GetBytes(sql), SqlDialect.MySql);
}
