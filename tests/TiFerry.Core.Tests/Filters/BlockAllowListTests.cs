using TiFerry.Core.Errors;
using TiFerry.Core.Filters;

namespace TiFerry.Core.Tests.Filters;

public sealed class BlockAllowListTests
{
    // The example of DM's page on block and allow lists.
    [Theory]
    [InlineData("logs", "messages_2018", false)]
    [InlineData("forum_backup_2016", "messages", false)]
    [InlineData("forum", "users", false)]
    [InlineData("forum", "messages", true)]
    [InlineData("forum_backup_2018", "messages", true)]
    public void The_manuals_example(string schema, string table, bool takesPart)
    {
        var list = new BlockAllowList(new BlockAllowListRules
        {
            DoSchemas = ["forum_backup_2018", "forum"],
            IgnoreSchemas = ["~^forum_backup_"],
            DoTables = [new("logs", "~_2018$"), new("~^forum.*", "messages")],
            IgnoreTables = [new("~.*", "^messages.*")],
        });

        Assert.Equal(takesPart, list.MatchTable(schema, table));
    }

    [Fact]
    public void No_rules_let_all_pass_but_the_servers_own_databases()
    {
        var list = new BlockAllowList(new BlockAllowListRules());

        Assert.True(list.MatchTable("a", "t"));
        Assert.True(list.MatchSchema("a"));
        Assert.False(list.MatchTable("mysql", "user"));
        Assert.False(list.MatchSchema("Performance_Schema"));
    }

    [Fact]
    public void Ignored_schemas_count_only_without_schemas_to_do()
    {
        var both = new BlockAllowList(new BlockAllowListRules { DoSchemas = ["a*"], IgnoreSchemas = ["ab"] });
        var ignore = new BlockAllowList(new BlockAllowListRules { IgnoreSchemas = ["ab"] });

        Assert.True(both.MatchSchema("ab"));
        Assert.False(both.MatchSchema("b"));
        Assert.False(ignore.MatchTable("ab", "t"));
        Assert.True(ignore.MatchTable("b", "t"));
    }

    [Fact]
    public void A_table_to_do_stays_in_though_ignored()
    {
        var list = new BlockAllowList(new BlockAllowListRules { DoTables = [new("a", "t?")], IgnoreTables = [new("a", "t1")] });

        Assert.True(list.MatchTable("a", "t1"));
        Assert.False(list.MatchTable("a", "u"));
    }

    [Fact]
    public void Ignored_tables_leave_the_others()
    {
        var list = new BlockAllowList(new BlockAllowListRules { IgnoreTables = [new("a", "~log$")] });

        Assert.False(list.MatchTable("a", "user_log"));
        Assert.True(list.MatchTable("a", "users"));
        Assert.True(list.MatchTable("b", "user_log"));
    }

    [Fact]
    public void A_schema_of_which_no_table_can_take_part_is_left_out()
    {
        var list = new BlockAllowList(new BlockAllowListRules { DoTables = [new("shard_*", "t")] });

        Assert.True(list.MatchSchema("shard_1"));
        Assert.False(list.MatchSchema("other"));
    }

    [Fact]
    public void Patterns_of_one_entry_belong_together()
    {
        var list = new BlockAllowList(new BlockAllowListRules { DoTables = [new("~^a", "t1"), new("~^b", "t2")] });

        Assert.True(list.MatchTable("a", "t1"));
        Assert.False(list.MatchTable("a", "t2"));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Letter_case(bool caseSensitive, bool takesPart)
    {
        var list = new BlockAllowList(new BlockAllowListRules { DoTables = [new("Db", "~^T")] }, caseSensitive);

        Assert.Equal(takesPart, list.MatchTable("DB", "tab"));
        Assert.True(list.MatchTable("Db", "Tab"));
    }

    [Fact]
    public void A_bad_pattern_names_list_and_reason()
    {
        var error = Assert.Throws<TiFerryException>(() => new BlockAllowList(new BlockAllowListRules { IgnoreTables = [new("a*b", "t")] }));

        Assert.Equal(ConfigErrors.BadBlockAllowList, error.Code);
        Assert.Contains("'a*b' in ignore-tables", error.Message, StringComparison.Ordinal);
    }
}
