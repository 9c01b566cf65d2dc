using TiFerry.Migration.Checks;

namespace TiFerry.Migration.Tests.Checks;

public sealed class GrantsTests
{
    [Fact]
    public void All_privileges_hold_everything_everywhere()
    {
        var grants = Grants.Parse("GRANT ALL PRIVILEGES ON *.* TO `root`@`%` WITH GRANT OPTION");

        Assert.True(grants.HasGlobal("REPLICATION SLAVE"));
        Assert.True(grants.HasSchema("SELECT", "any"));
        Assert.True(grants.HasTable("INSERT", "any", "t"));
    }

    [Fact]
    public void A_database_s_name_is_a_pattern()
    {
        var grants = Grants.Parse(@"GRANT SELECT, LOCK TABLES ON `shop\_%`.* TO `u`@`%`");

        Assert.True(grants.HasSchema("LOCK TABLES", "shop_eu"));
        Assert.False(grants.HasSchema("SELECT", "shopXeu"));
        Assert.False(grants.HasSchema("INSERT", "shop_eu"));
        Assert.False(grants.HasGlobal("SELECT"));
    }

    [Fact]
    public void A_table_s_privileges_are_not_its_database_s()
    {
        var grants = Grants.Parse("GRANT SELECT, SELECT (a, b), INSERT (c) ON `d``x`.`t` TO `u`@`%`");

        Assert.True(grants.HasTable("SELECT", "d`x", "t"));
        Assert.False(grants.HasTable("INSERT", "d`x", "t"));
        Assert.False(grants.HasSchema("SELECT", "d`x"));
    }

    [Fact]
    public void A_partial_revoke_takes_a_database_out()
    {
        var grants = Grants.Parse("GRANT SELECT, INSERT ON *.* TO `u`@`%`", "REVOKE INSERT ON `secret`.* FROM `u`@`%`");

        Assert.True(grants.HasSchema("INSERT", "other"));
        Assert.False(grants.HasSchema("INSERT", "secret"));
        Assert.True(grants.HasSchema("SELECT", "secret"));
    }

    [Fact]
    public void Roles_proxies_and_routines_give_nothing_by_themselves()
    {
        var grants = Grants.Parse(
            "GRANT `reader on db`@`%` TO `u`@`%`", "GRANT PROXY ON ''@'%' TO 'root'@'localhost' WITH GRANT OPTION",
            "GRANT EXECUTE ON PROCEDURE `d`.`p` TO `u`@`%`", "GRANT USAGE ON *.* TO `u`@`%`");

        Assert.False(grants.HasGlobal("SELECT", "PROXY", "EXECUTE"));
        Assert.False(grants.HasSchema("EXECUTE", "d"));
    }

    [Fact]
    public void Dynamic_privileges_are_read_without_spaces()
    {
        var grants = Grants.Parse("GRANT BACKUP_ADMIN,SET_ANY_DEFINER,REPLICATION_APPLIER ON *.* TO `u`@`%`");

        Assert.True(grants.HasGlobal("SET_ANY_DEFINER"));
    }
}
