using TiFerry.Core.Errors;
using TiFerry.Core.Routing;

namespace TiFerry.Core.Tests.Routing;

public sealed class TableRouterTests
{
    private static readonly RouteRule Tables = new() { Name = "tables", SchemaPattern = "test_*", TablePattern = "t_*", TargetSchema = "test", TargetTable = "t" };
    private static readonly RouteRule Schemas = new() { Name = "schemas", SchemaPattern = "test_*", TargetSchema = "test" };

    [Fact]
    public void What_no_rule_fits_keeps_its_name()
    {
        var router = new TableRouter([Tables, Schemas]);

        Assert.Equal(new RoutedTable("Other", "T_1", []), router.Route("Other", "T_1"), Same);
        Assert.Equal("Other", router.RouteSchema("Other"));
    }

    [Fact]
    public void A_rule_of_tables_goes_before_one_of_schemas()
    {
        var router = new TableRouter([Schemas, Tables]);

        Assert.Equal(new RoutedTable("test", "t", []), router.Route("test_1", "t_1"), Same);
        Assert.Equal(new RoutedTable("test", "other", []), router.Route("TEST_1", "other"), Same);
        Assert.Equal("test", router.RouteSchema("test_1"));
    }

    [Fact]
    public void Rules_of_tables_say_nothing_of_the_schema_itself()
    {
        var router = new TableRouter([Tables, Tables with { Name = "all", TablePattern = "*", SchemaPattern = "db" }]);

        Assert.Equal("test_1", router.RouteSchema("test_1"));
        Assert.Equal("db", router.RouteSchema("db"));
    }

    [Fact]
    public void A_table_keeps_its_name_without_a_target_table()
    {
        var router = new TableRouter([Tables with { TargetTable = "" }]);

        Assert.Equal(new RoutedTable("test", "t_7", []), router.Route("test_1", "t_7"), Same);
    }

    [Fact]
    public void Patterns_can_be_regular_expressions()
    {
        var router = new TableRouter([Tables with { SchemaPattern = "~^test_[12]$", TablePattern = "~_\\d+$" }]);

        Assert.Equal("t", router.Route("test_2", "x_20").Table);
        Assert.Equal("x_20", router.Route("test_3", "x_20").Table);
    }

    [Fact]
    public void Letter_case_counts_on_demand()
    {
        var router = new TableRouter([Tables], caseSensitive: true);

        Assert.Equal("T_1", router.Route("test_1", "T_1").Table);
        Assert.Equal("t", router.Route("test_1", "t_1").Table);
    }

    [Fact]
    public void Two_rules_for_one_table_are_an_error_that_names_both()
    {
        var router = new TableRouter([Tables, Tables with { Name = "narrow", SchemaPattern = "test_1_bak", TablePattern = "t_1_bak", TargetTable = "t_bak" }]);

        var error = Assert.Throws<TiFerryException>(() => router.Route("test_1_bak", "t_1_bak"));

        Assert.Equal(ConfigErrors.BadRoute, error.Code);
        Assert.Contains("`test_1_bak`.`t_1_bak` fits more than one route: 'tables', 'narrow'", error.Message, StringComparison.Ordinal);
        Assert.Equal("t", router.Route("test_1_bak", "t_2").Table);
    }

    [Fact]
    public void Two_rules_for_one_schema_are_an_error()
    {
        var router = new TableRouter([Schemas, Schemas with { Name = "more", SchemaPattern = "test_1*" }]);

        Assert.Throws<TiFerryException>(() => router.RouteSchema("test_12"));
        Assert.Throws<TiFerryException>(() => router.Route("test_12", "t"));
        Assert.Equal("test", router.RouteSchema("test_2"));
    }

    // The example of DM's page on table routing.
    [Fact]
    public void Parts_of_names_become_columns()
    {
        var router = new TableRouter(
            [Tables with { ExtractTable = new("t_(.*)", "c_table"), ExtractSchema = new("test_(.*)", "c_schema"), ExtractSource = new("(.*)", "c_source") }, Schemas],
            "mysql-01");

        Assert.Equal([new("c_table", "2"), new("c_schema", "11"), new("c_source", "mysql-01")], router.Route("test_11", "t_2").Extracted);
        Assert.Empty(router.Route("test_11", "other").Extracted);
    }

    [Theory]
    [InlineData("(\\w+)_(\\d+)", "user_07", "user07")]
    [InlineData("(?P<n>\\d)(\\d)", "x12", "12")]
    [InlineData("^(x)?(\\d+)$", "12", "12")]
    [InlineData("(\\d+)", "none", "")]
    [InlineData("t_(a)", "T_A", "")]
    public void The_value_is_what_all_groups_catch(string regexp, string table, string value)
    {
        var router = new TableRouter([new RouteRule { Name = "r", SchemaPattern = "*", TablePattern = "*", TargetSchema = "d", ExtractTable = new(regexp, "c") }]);

        Assert.Equal([new ExtractedColumn("c", value)], router.Route("s", table).Extracted);
    }

    [Fact]
    public void Bad_rules_are_refused_with_their_name()
    {
        AssertBad(Tables with { SchemaPattern = "" }, "schema-pattern is empty");
        AssertBad(Tables with { TargetSchema = "" }, "target-schema is empty");
        AssertBad(Tables with { TablePattern = "a*b" }, "at the end");
        AssertBad(Tables with { ExtractTable = new("t_(", "c") }, "not valid");
        AssertBad(Tables with { ExtractTable = new("t_.*", "c") }, "no group");
        AssertBad(Tables with { ExtractSource = new("(.*)", "") }, "no target-column");

        static void AssertBad(RouteRule rule, string reason)
        {
            var error = Assert.Throws<TiFerryException>(() => new TableRouter([rule]));
            Assert.Equal(ConfigErrors.BadRoute, error.Code);
            Assert.Contains("the route 'tables'", error.Message, StringComparison.Ordinal);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    private static bool Same(RoutedTable a, RoutedTable b) => a.Schema == b.Schema && a.Table == b.Table && a.Extracted.SequenceEqual(b.Extracted);
}
