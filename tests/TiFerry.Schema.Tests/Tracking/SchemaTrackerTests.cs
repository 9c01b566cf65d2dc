using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;
using TiFerry.Schema.Tracking;

namespace TiFerry.Schema.Tests.Tracking;

/// <summary>What needs no server to be known: names, errors, and definitions as text.</summary>
public sealed class SchemaTrackerTests
{
    private static readonly SqlDialect Dialect = SqlDialect.MySql;

    [Theory]
    [InlineData(0, false, "A", "T")]
    [InlineData(1, true, "a", "t")]
    [InlineData(2, true, "A", "T")]
    public void Names_follow_lower_case_table_names(int setting, bool findsLowerCase, string schema, string table)
    {
        var tracker = new SchemaTracker(Dialect, new TrackerSettings { LowerCaseTableNames = setting });
        Run(tracker, "CREATE DATABASE A CHARSET latin1", "");
        Assert.Equal([new TableName(schema, table)], Run(tracker, "CREATE TABLE A.T (a INT)", ""));
        Assert.Equal([new TableName(schema, table)], tracker.Tables("A"));
        Assert.NotNull(tracker.Find(new("A", "T")));
        Assert.Equal(findsLowerCase, tracker.Find(new("a", "t")) is not null);
    }

    [Theory]
    [InlineData("ALTER TABLE nope ADD a INT", "`d`.`nope`")]
    [InlineData("CREATE INDEX i ON nope (a)", "`d`.`nope`")]
    [InlineData("CREATE TABLE n LIKE nope", "`d`.`nope`")]
    [InlineData("ALTER TABLE t DROP COLUMN x", "`x`")]
    [InlineData("ALTER TABLE t ADD x INT AFTER y", "`y`")]
    [InlineData("ALTER TABLE t MODIFY x INT", "MODIFY COLUMN")]
    [InlineData("ALTER TABLE t RENAME COLUMN x TO y", "RENAME COLUMN")]
    [InlineData("ALTER TABLE t DROP KEY k", "`k`")]
    [InlineData("ALTER TABLE t DROP FOREIGN KEY f", "`f`")]
    [InlineData("ALTER TABLE t ADD KEY (x)", "`x`")]
    [InlineData("ALTER TABLE t ADD a INT", "`a`")]
    [InlineData("ALTER TABLE t DROP PARTITION p", "partitions")]
    [InlineData("CREATE TABLE n AS SELECT 1", "SELECT")]
    public void What_cannot_be_followed_is_an_error_that_says_where_and_changes_nothing(string sql, string names)
    {
        var tracker = Tracker();
        Run(tracker, "CREATE TABLE t (a INT, b INT)", "d");
        var before = tracker.Find(new("d", "t"));
        var error = Assert.Throws<TiFerryException>(() => Run(tracker, sql, "d"));
        Assert.Equal(SchemaErrors.CannotTrack, error.Code);
        Assert.Contains(names, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, tracker.Find(new("d", "t")));
        Assert.Single(tracker.Tables(null));
    }

    [Fact]
    public void A_table_of_an_unknown_database_needs_a_character_set()
    {
        var tracker = new SchemaTracker(Dialect, new TrackerSettings());
        Assert.Throws<TiFerryException>(() => Run(tracker, "CREATE TABLE t (a CHAR(1))", "d"));
        Run(tracker, "CREATE TABLE t (a CHAR(1)) COLLATE latin1_bin", "d");
        tracker.Apply(Parse("CREATE TABLE u (a CHAR(1))"), "d", new StatementContext { DatabaseCollation = "latin2_bin" });
        Assert.Equal("latin1_bin", tracker.Find(new("d", "t"))!.ToTable(new("d", "t")).Columns[0].Collation);
        Assert.Equal("latin2_bin", tracker.Find(new("d", "u"))!.ToTable(new("d", "u")).Columns[0].Collation);
    }

    [Fact]
    public void Temporary_tables_and_other_statements_change_nothing()
    {
        var tracker = Tracker();
        Assert.Empty(Run(tracker, "CREATE TEMPORARY TABLE t (a INT)", "d"));
        Assert.Empty(Run(tracker, "CREATE VIEW v AS SELECT 1", "d"));
        Assert.Empty(Run(tracker, "RENAME TABLE v TO w", "d"));
        Assert.Empty(Run(tracker, "DROP TABLE IF EXISTS t", "d"));
        Assert.Empty(Run(tracker, "BEGIN", "d"));
        Assert.Empty(tracker.Tables(null));
    }

    [Fact]
    public void A_definition_is_equal_to_the_one_read_from_its_text()
    {
        var tracker = Tracker();
        Run(tracker,
            """
            CREATE TABLE t (id SERIAL PRIMARY KEY, a VARCHAR(10) DEFAULT 'it''s', b INT AS (id + 1) STORED, c ENUM('x', 'y') CHARACTER SET latin1 NOT NULL DEFAULT 'y', d BIT(3) DEFAULT b'1',
              e DATETIME(3) DEFAULT NOW(3) ON UPDATE NOW(3), f DECIMAL(5,2) INVISIBLE COMMENT 'hid', g TEXT, h TIMESTAMP NULL, KEY k (a(3), b DESC), UNIQUE ((id + b)), FULLTEXT KEY (g), CHECK (b > 3)) COMMENT 'x' ROW_FORMAT=COMPACT
              PARTITION BY RANGE (id) (PARTITION p VALUES LESS THAN (5), PARTITION q VALUES LESS THAN MAXVALUE)
            """, "d");
        var definition = tracker.Find(new("d", "t"))!;
        Assert.Equal(definition, TableDefinition.Parse(Encoding.UTF8.GetBytes(definition.ToSql()), Dialect));
    }

    [Fact]
    public void Setting_replaces_and_removing_forgets()
    {
        var tracker = Tracker();
        Run(tracker, "CREATE TABLE t (a INT)", "d");
        tracker.Set(new("d", "t"), TableDefinition.Parse("CREATE TABLE other (b INT) CHARSET latin1"u8, Dialect));
        Assert.Equal("t", tracker.Find(new("d", "t"))!.Name);
        Assert.Equal("b", Assert.Single(tracker.Find(new("d", "t"))!.Columns).Name);
        Assert.True(tracker.Remove(new("d", "t")));
        Assert.False(tracker.Remove(new("d", "t")));
        Assert.Null(tracker.Find(new("d", "t")));
    }

    [Theory]
    [InlineData("DROP TABLE t")]
    [InlineData("CREATE TABLE t LIKE u")]
    [InlineData("CREATE TABLE t (a INT")]
    public void Only_a_written_out_table_is_a_definition(string sql) =>
        Assert.Throws<TiFerryException>(() => TableDefinition.Parse(Encoding.UTF8.GetBytes(sql), Dialect));

    private static SchemaTracker Tracker()
    {
        var tracker = new SchemaTracker(Dialect, new TrackerSettings());
        tracker.SetSchema("d", "utf8mb4", "utf8mb4_0900_ai_ci");
        return tracker;
    }

    private static IReadOnlyList<TableName> Run(SchemaTracker tracker, string sql, string schema) => tracker.Apply(Parse(sql), schema, StatementContext.Default);

    private static TiFerry.Schema.Ddl.Ast.SqlStatement Parse(string sql) => DdlParser.Parse(Encoding.UTF8.GetBytes(sql), Dialect);
}
