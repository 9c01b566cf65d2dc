using TiFerry.Core.Errors;
using TiFerry.Sync.OnlineDdl;

namespace TiFerry.Sync.Tests.OnlineDdl;

public sealed class OnlineDdlTablesTests
{
    [Theory]
    [InlineData("_t_gho", OnlineTableKind.Shadow, "t")]
    [InlineData("_t_new", OnlineTableKind.Shadow, "t")]
    [InlineData("__t_new", OnlineTableKind.Shadow, "_t")]
    [InlineData("_t_ghc", OnlineTableKind.Trash, "t")]
    [InlineData("_t_del", OnlineTableKind.Trash, "t")]
    [InlineData("_t_old", OnlineTableKind.Trash, "t")]
    [InlineData("t", OnlineTableKind.Real, "t")]
    [InlineData("t_new", OnlineTableKind.Real, "t_new")]
    [InlineData("__new", OnlineTableKind.Real, "__new")]
    [InlineData("_t_newer", OnlineTableKind.Real, "_t_newer")]
    public void Tables_of_both_tools(string table, OnlineTableKind kind, string realName)
    {
        var tables = new OnlineDdlTables([], []);

        Assert.Equal(kind, tables.KindOf(table));
        Assert.Equal(realName, tables.RealName(table));
    }

    [Fact]
    public void Own_rules_stand_for_whole_names()
    {
        var tables = new OnlineDdlTables(["x_(.+)"], ["^y_(.+)$"]);

        Assert.Equal(OnlineTableKind.Shadow, tables.KindOf("x_t"));
        Assert.Equal(OnlineTableKind.Real, tables.KindOf("ax_t"));
        Assert.Equal(OnlineTableKind.Trash, tables.KindOf("y_t"));
        Assert.Equal(OnlineTableKind.Real, tables.KindOf("_t_gho"));
        Assert.Equal("t", tables.RealName("y_t"));
    }

    [Theory]
    [InlineData("_(.+")]
    [InlineData("_.+_x")]
    [InlineData("_(.+)_(x)")]
    public void Rules_need_one_group(string rule) =>
        Assert.Equal(ConfigErrors.BadOnlineDdlRule, Assert.Throws<TiFerryException>(() => new OnlineDdlTables([rule], [])).Code);
}
