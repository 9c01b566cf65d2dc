using TiFerry.Core.Errors;
using TiFerry.Core.Routing;
using TiFerry.Migration.Routes;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Tests.Routes;

/// <summary>Names in definitions follow the routes; all else stays.</summary>
public class RoutedDefinitionTests
{
    private static readonly TargetNames Names = new(new TableRouter(
    [
        new RouteRule { Name = "all", SchemaPattern = "shop", TargetSchema = "new`shop" },
        new RouteRule { Name = "one", SchemaPattern = "shop", TablePattern = "t", TargetSchema = "other", TargetTable = "u" },
        new RouteRule { Name = "same", SchemaPattern = "crm", TablePattern = "a_*", TargetSchema = "crm", TargetTable = "a" },
    ]));

    [Theory]
    [InlineData("plain", "t", "CREATE TABLE `t` (`id` int, CONSTRAINT `t` FOREIGN KEY (`t`) REFERENCES `t` (`t`))", "CREATE TABLE `t` (`id` int, CONSTRAINT `t` FOREIGN KEY (`t`) REFERENCES `t` (`t`))")]
    [InlineData("shop", "t", "CREATE TABLE `t` (`t` int, `references` int DEFAULT '`t`')", "CREATE TABLE `other`.`u` (`t` int, `references` int DEFAULT '`t`')")]
    [InlineData("shop", "t", "CREATE TABLE `t` (FOREIGN KEY (`a`) REFERENCES `p` (`t`))", "CREATE TABLE `other`.`u` (FOREIGN KEY (`a`) REFERENCES `new``shop`.`p` (`t`))")]
    [InlineData("shop", "c", "CREATE TABLE `c` (FOREIGN KEY (`a`) REFERENCES `shop`.`t` (`t`) ON DELETE CASCADE)", "CREATE TABLE `new``shop`.`c` (FOREIGN KEY (`a`) REFERENCES `other`.`u` (`t`) ON DELETE CASCADE)")]
    [InlineData("shop", "t", "CREATE TABLE `t` (FOREIGN KEY (`a`) REFERENCES `plain`.`p` (`t`))", "CREATE TABLE `other`.`u` (FOREIGN KEY (`a`) REFERENCES `plain`.`p` (`t`))")]
    [InlineData("crm", "a_1", "CREATE TABLE `a_1` (FOREIGN KEY (`a`) REFERENCES `b` (`t`), FOREIGN KEY (`a`) REFERENCES `a_1` (`t`))", "CREATE TABLE `crm`.`a` (FOREIGN KEY (`a`) REFERENCES `b` (`t`), FOREIGN KEY (`a`) REFERENCES `crm`.`a` (`t`))")]
    public void Of_a_table(string schema, string table, string definition, string expected) =>
        Assert.Equal(expected, RoutedDefinition.OfTable(definition, new TableName(schema, table), Names.Of, SqlDialect.MySql));

    [Theory]
    [InlineData("CREATE DEFINER=`shop`@`%` SQL SECURITY DEFINER VIEW `plain`.`v` AS select 1 AS `shop`", "CREATE DEFINER=`shop`@`%` SQL SECURITY DEFINER VIEW `plain`.`v` AS select 1 AS `shop`")]
    [InlineData("CREATE DEFINER=`shop`@`%` VIEW `shop`.`v` (`x`) AS select `shop`.`t`.`a` AS `x` from `shop`.`t`", "CREATE DEFINER=`shop`@`%` VIEW `new``shop`.`v` (`x`) AS select `other`.`u`.`a` AS `x` from `other`.`u`")]
    [InlineData("CREATE VIEW `plain`.`v` AS select `b`.`t` AS `shop` from (`shop`.`x` `b` join `plain`.`t` on((`plain`.`t`.`a` = `b`.`t`)))", "CREATE VIEW `plain`.`v` AS select `b`.`t` AS `shop` from (`new``shop`.`x` `b` join `plain`.`t` on((`plain`.`t`.`a` = `b`.`t`)))")]
    [InlineData("CREATE VIEW `plain`.`v` AS select `plain`.`f`(`z`.`a`) AS `q`,'`shop`.`t`' AS `r` from `shop`.`t` `z`", "CREATE VIEW `plain`.`v` AS select `plain`.`f`(`z`.`a`) AS `q`,'`shop`.`t`' AS `r` from `other`.`u` `z`")]
    public void Of_a_view(string definition, string expected) =>
        Assert.Equal(expected, RoutedDefinition.OfView(definition, new TableName("shop", "v"), Names.Of, SqlDialect.MySql));

    [Fact]
    public void An_alias_with_the_name_of_a_routed_database_is_refused()
    {
        var error = Assert.Throws<TiFerryException>(() =>
            RoutedDefinition.OfView("CREATE VIEW `plain`.`v` AS select `shop`.`t` AS `t` from `plain`.`x` `shop`", new TableName("plain", "v"), Names.Of, SqlDialect.MySql));
        Assert.Contains("`shop`", error.Message, StringComparison.Ordinal);
        Assert.Contains("`plain`.`v`", error.Message, StringComparison.Ordinal);
    }
}
