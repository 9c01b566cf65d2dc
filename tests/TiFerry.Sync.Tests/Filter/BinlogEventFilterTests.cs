using TiFerry.Core.Errors;
using TiFerry.Sync.Filter;

namespace TiFerry.Sync.Tests.Filter;

public sealed class BinlogEventFilterTests
{
    private const BinlogEventKind DropColumn = BinlogEventKind.AlterTable | BinlogEventKind.DropColumn;

    [Fact]
    public void Without_rules_everything_passes() =>
        Assert.Equal(FilterAction.Do, new BinlogEventFilter([]).Decide("s", "t", BinlogEventKind.DropTable, "DROP TABLE t"));

    // DM's page: filter out all sharding deletion operations.
    [Fact]
    public void Ignored_kinds_of_tables_and_schemas()
    {
        var filter = new BinlogEventFilter(
        [
            Rule("test_*", "t_*", FilterAction.Ignore, "truncate table", "drop table", "delete"),
            Rule("test_*", "", FilterAction.Ignore, "drop database"),
        ]);

        Assert.Equal(FilterAction.Ignore, filter.Decide("Test_1", "T_1", BinlogEventKind.Delete, ""));
        Assert.Equal(FilterAction.Do, filter.Decide("test_1", "t_1", BinlogEventKind.Insert, ""));
        Assert.Equal(FilterAction.Do, filter.Decide("test_1", "other", BinlogEventKind.Delete, ""));
        Assert.Equal(FilterAction.Ignore, filter.Decide("test_1", "t_1", BinlogEventKind.DropTable, "DROP TABLE t_1"));
        Assert.Equal(FilterAction.Ignore, filter.Decide("test_1", "", BinlogEventKind.DropDatabase, "DROP DATABASE test_1"));
        Assert.Equal(FilterAction.Do, filter.Decide("other", "t_1", BinlogEventKind.Delete, ""));
    }

    // DM's page: only migrate sharding DML statements.
    [Fact]
    public void A_rule_that_does_leaves_out_the_rest_of_its_tables()
    {
        var filter = new BinlogEventFilter(
        [
            Rule("test_*", "t_*", FilterAction.Do, "create table", "all dml"),
            Rule("test_*", "x", FilterAction.Do, "Create Schema"),
        ]);

        Assert.Equal(FilterAction.Do, filter.Decide("test_1", "t_1", BinlogEventKind.Update, ""));
        Assert.Equal(FilterAction.Do, filter.Decide("test_1", "t_1", BinlogEventKind.CreateTable, "CREATE TABLE t_1 (a INT)"));
        Assert.Equal(FilterAction.Ignore, filter.Decide("test_1", "t_1", DropColumn, "ALTER TABLE t_1 DROP COLUMN a"));
        Assert.Equal(FilterAction.Do, filter.Decide("test_1", "other", DropColumn, "ALTER TABLE other DROP COLUMN a"));
        Assert.Equal(FilterAction.Do, filter.Decide("test_1", "x", BinlogEventKind.CreateDatabase, ""));
        Assert.Equal(FilterAction.Ignore, filter.Decide("test_1", "x", BinlogEventKind.DropDatabase, ""));
    }

    // DM's page: statements of which no object is known need a rule for all schemas.
    [Fact]
    public void Statements_by_their_text()
    {
        var filter = new BinlogEventFilter(
            [new BinlogEventRule { Name = "p", SchemaPattern = "*", SqlPatterns = [@"^DROP\s+PROCEDURE", @"ADD\s+PARTITION"], Action = FilterAction.Ignore }]);

        Assert.Equal(FilterAction.Ignore, filter.Decide("", "", BinlogEventKind.None, "drop  procedure p"));
        Assert.Equal(FilterAction.Ignore, filter.Decide("s", "t", BinlogEventKind.AlterTable | BinlogEventKind.AddTablePartition, "ALTER TABLE t\nADD PARTITION (x)"));
        Assert.Equal(FilterAction.Do, filter.Decide("", "", BinlogEventKind.None, "/* */ DROP PROCEDURE p"));
        Assert.Equal(FilterAction.Do, filter.Decide("s", "t", BinlogEventKind.Insert, ""));
    }

    [Fact]
    public void A_rule_for_some_schemas_does_not_meet_statements_of_none()
    {
        var filter = new BinlogEventFilter([new BinlogEventRule { Name = "p", SchemaPattern = "test_*", SqlPatterns = ["PROCEDURE"], Action = FilterAction.Ignore }]);

        Assert.Equal(FilterAction.Do, filter.Decide("", "", BinlogEventKind.None, "DROP PROCEDURE p"));
    }

    [Fact]
    public void A_text_to_do_leaves_out_other_statements_but_no_rows()
    {
        var filter = new BinlogEventFilter([new BinlogEventRule { Name = "p", SchemaPattern = "*", Events = ["all"], SqlPatterns = ["ADD COLUMN"], Action = FilterAction.Do }]);

        Assert.Equal(FilterAction.Do, filter.Decide("s", "t", BinlogEventKind.AlterTable | BinlogEventKind.AddColumn, "ALTER TABLE t ADD COLUMN c INT"));
        Assert.Equal(FilterAction.Ignore, filter.Decide("s", "t", DropColumn, "ALTER TABLE t DROP COLUMN c"));
        Assert.Equal(FilterAction.Do, filter.Decide("s", "t", BinlogEventKind.Insert, ""));
    }

    [Theory]
    [InlineData(FilterAction.Ignore, FilterAction.Error, FilterAction.Ignore)]
    [InlineData(FilterAction.Error, FilterAction.Ignore, FilterAction.Ignore)]
    [InlineData(FilterAction.Do, FilterAction.Error, FilterAction.Error)]
    [InlineData(FilterAction.Error, FilterAction.Do, FilterAction.Error)]
    [InlineData(FilterAction.Do, FilterAction.Do, FilterAction.Ignore)]
    public void Of_several_rules_ignore_goes_before_error_before_do(FilterAction first, FilterAction second, FilterAction decision)
    {
        string[] Events(FilterAction action) => action == FilterAction.Do ? ["insert"] : ["drop table"];
        var filter = new BinlogEventFilter([Rule("s", "t", first, Events(first)), Rule("*", "", second, Events(second))]);

        Assert.Equal(decision, filter.Decide("s", "t", BinlogEventKind.DropTable, "DROP TABLE t"));
    }

    [Theory]
    [InlineData("all ddl", BinlogEventKind.AlterTable | BinlogEventKind.AddColumn, true)]
    [InlineData("all ddl", BinlogEventKind.Insert, false)]
    [InlineData("incompatible ddl changes", BinlogEventKind.TruncateTable, true)]
    [InlineData("incompatible ddl changes", DropColumn, true)]
    [InlineData("incompatible ddl changes", BinlogEventKind.AlterTable | BinlogEventKind.AddColumn, false)]
    [InlineData("incompatible ddl changes", BinlogEventKind.CreateTable, false)]
    [InlineData("none|insert", BinlogEventKind.Insert, false)]
    [InlineData("insert|none", BinlogEventKind.Insert, true)]
    [InlineData("none ddl|all", BinlogEventKind.Insert, true)]
    [InlineData("none ddl|all", BinlogEventKind.CreateTable, false)]
    [InlineData("none dml|all", BinlogEventKind.Delete, false)]
    [InlineData("alter table", DropColumn, true)]
    [InlineData("drop column", DropColumn | BinlogEventKind.AddColumn, true)]
    public void Lists_of_events(string events, BinlogEventKind kind, bool named)
    {
        var filter = new BinlogEventFilter([Rule("s", "t", FilterAction.Error, events.Split('|'))]);

        Assert.Equal(named ? FilterAction.Error : FilterAction.Do, filter.Decide("s", "t", kind, ""));
    }

    [Theory]
    [InlineData("add column", BinlogEventKind.AlterTable | BinlogEventKind.AddColumn, true)]
    [InlineData("add column", BinlogEventKind.AlterTable | BinlogEventKind.MultiSchemaChange | BinlogEventKind.AddColumn, true)]
    [InlineData("add column", BinlogEventKind.AlterTable | BinlogEventKind.AddColumn | BinlogEventKind.DropColumn, false)]
    [InlineData("alter table", DropColumn, true)]
    [InlineData("insert", BinlogEventKind.AlterTable, false)]
    public void A_statement_passes_when_all_it_does_is_named(string events, BinlogEventKind kind, bool passes)
    {
        var filter = new BinlogEventFilter([Rule("s", "t", FilterAction.Do, events)]);

        Assert.Equal(passes ? FilterAction.Do : FilterAction.Ignore, filter.Decide("s", "t", kind, ""));
    }

    [Fact]
    public void Letter_case_counts_on_demand()
    {
        var filter = new BinlogEventFilter([Rule("S", "T", FilterAction.Ignore, "all")], caseSensitive: true);

        Assert.Equal(FilterAction.Ignore, filter.Decide("S", "T", BinlogEventKind.Insert, ""));
        Assert.Equal(FilterAction.Do, filter.Decide("s", "T", BinlogEventKind.Insert, ""));
    }

    [Fact]
    public void Bad_rules_are_refused_with_their_name()
    {
        AssertBad(Rule("", "", FilterAction.Do), "schema-pattern '': the pattern is empty");
        AssertBad(Rule("a*b", "", FilterAction.Do), "at the end");
        AssertBad(Rule("a", "", FilterAction.Do, "drop tables"), "no event 'drop tables'");
        AssertBad(Rule("a", "", FilterAction.Do) with { SqlPatterns = ["("] }, "sql-pattern '('");

        static void AssertBad(BinlogEventRule rule, string reason)
        {
            var error = Assert.Throws<TiFerryException>(() => new BinlogEventFilter([rule]));
            Assert.Equal(ConfigErrors.BadBinlogFilter, error.Code);
            Assert.Contains("the binlog event filter 'rule'", error.Message, StringComparison.Ordinal);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    private static BinlogEventRule Rule(string schema, string table, FilterAction action, params string[] events) =>
        new() { Name = "rule", SchemaPattern = schema, TablePattern = table, Events = events, Action = action };
}
