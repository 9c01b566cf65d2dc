using FsCheck;
using FsCheck.Fluent;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;

namespace TiFerry.Core.Tests.Filters;

public class TableFilterTests
{
    [Theory]
    [InlineData("db.tbl", "db.tbl", true)]
    [InlineData("db.tbl", "db.tbl2", false)]
    [InlineData("db.tbl", "DB.Tbl", true)]
    [InlineData("  db.tbl\t", "db.tbl", true)]
    [InlineData("*.*", "any.thing", true)]
    [InlineData("d*.t*", "db.tbl", true)]
    [InlineData("d*b.t", "db.t", true)]
    [InlineData("d*b*c.t", "dxbybzc.t", true)]
    [InlineData("d*b*c.t", "dxbybz.t", false)]
    [InlineData("db?.t", "db1.t", true)]
    [InlineData("db?.t", "db.t", false)]
    [InlineData("db?.t", "db🤦.t", true)]
    [InlineData("db[0-9].t[0-9a-f][0-9a-f]", "db7.tAf", true)]
    [InlineData("db[0-9].t", "dbx.t", false)]
    [InlineData("db[!0-9].t", "dbx.t", true)]
    [InlineData("db[!0-9].t", "db3.t", false)]
    [InlineData("db[^0].t", "db^.t", true)]
    [InlineData("db[^0].t", "dbx.t", false)]
    [InlineData("db[-a].t", "db-.t", true)]
    [InlineData("db[a-].t", "db-.t", true)]
    [InlineData("db[\\]].t", "db].t", true)]
    [InlineData("db[.].t", "db..t", true)]
    [InlineData("[ ].t", " .t", true)]
    [InlineData("db\\.x.t", "db.x.t", true)]
    [InlineData("\"db.x\".\"t\\1\"", "db.x.t\\1", true)]
    [InlineData("`db.x`.`t``1`", "db.x.t`1", true)]
    [InlineData("\"foo\"\"bar\".`foo``bar`", "foo\"bar.foo`bar", true)]
    [InlineData("\"*\".*", "db.t", false)]
    [InlineData("/^db\\d{2,}$/./^tbl\\d{2,}$/", "db12.tbl34", true)]
    [InlineData("/^db\\d{2,}$/./^tbl\\d{2,}$/", "db1.tbl34", false)]
    [InlineData("/b/.*", "db01.t", true)]
    [InlineData("/^a\\/b$/.t", "a/b.t", true)]
    [InlineData("/^[\\d_]+$/.*", "12_3.t", true)]
    [InlineData("/^[[:alpha:]]+$/.*", "abc.t", true)]
    [InlineData("/^[[:alpha:]]+$/.*", "ab1.t", false)]
    [InlineData("/^(?P<n>a|b)$/.*", "b.t", true)]
    [InlineData("/^\\Qa.b\\E$/.*", "a.b.t", true)]
    [InlineData("/^\\Qa.b\\E$/.*", "axb.t", false)]
    [InlineData("/^\\d$/.*", "٣.t", false)]
    [InlineData("été.tâble", "ÉTÉ.TÂBLE", true)]
    [InlineData("$a_1.b$", "$a_1.b$", true)]
    [InlineData("# db.t", "db.t", false)]
    [InlineData("", "db.t", false)]
    public void One_rule(string rule, string table, bool expected)
    {
        // The schema is everything before the last dot, so that names with dots can be written.
        var dot = table.LastIndexOf('.');
        Assert.Equal(expected, TableFilter.Parse([rule]).MatchTable(table[..dot], table[(dot + 1)..]));
    }

    [Theory]
    [InlineData("irrelevant", "table", false)]
    [InlineData("employees", "employees", true)]
    [InlineData("employees", "dept_emp", false)]
    [InlineData("employees", "departments", true)]
    [InlineData("else", "departments", true)]
    public void The_last_match_wins(string schema, string table, bool expected)
        => Assert.Equal(expected, TableFilter.Parse(["employees.*", "!*.dep*", "*.departments"]).MatchTable(schema, table));

    [Fact]
    public void Only_exclusions_leave_nothing()
    {
        Assert.False(TableFilter.Parse(["!*.Password"]).MatchTable("db", "t"));
        Assert.True(TableFilter.Parse(["*.*", "!*.Password"]).MatchTable("db", "t"));
        Assert.False(TableFilter.Parse(["*.*", "!*.Password"]).MatchTable("db", "password"));
        Assert.False(TableFilter.Parse([]).MatchTable("db", "t"));
    }

    [Theory]
    [InlineData("db.t", "db", true)]
    [InlineData("db.t", "other", false)]
    [InlineData("*.*|!db.*", "db", false)]
    [InlineData("*.*|!db./.*/", "db", false)]
    [InlineData("*.*|!db.t", "db", true)]
    [InlineData("*.*|!db.*|db.t", "db", true)]
    [InlineData("!db.*", "db", false)]
    public void Schema_might_hold_a_match(string rules, string schema, bool expected)
        => Assert.Equal(expected, TableFilter.Parse(rules.Split('|')).MatchSchema(schema));

    [Fact]
    public void Letter_case_can_matter()
    {
        var filter = TableFilter.Parse(["Db.T*", "/^X/.[a-c]"], caseSensitive: true);
        Assert.True(filter.MatchTable("Db", "T1"));
        Assert.False(filter.MatchTable("db", "T1"));
        Assert.False(filter.MatchTable("Db", "t1"));
        Assert.True(filter.MatchTable("X", "b"));
        Assert.False(filter.MatchTable("x", "b"));
        Assert.False(filter.MatchTable("X", "B"));
    }

    [Fact]
    public void Rules_come_from_a_file()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "# comment\r\n\r\n  employees.*  \n*.WorkOrder\n!employees.salaries");
            var filter = TableFilter.Parse(["@" + path, "x.y"]);
            Assert.True(filter.MatchTable("employees", "e"));
            Assert.True(filter.MatchTable("any", "workorder"));
            Assert.False(filter.MatchTable("employees", "salaries"));
            Assert.True(filter.MatchTable("x", "y"));

            File.WriteAllText(path, "a.b\nc.\n");
            var error = Assert.Throws<TiFerryException>(() => TableFilter.Parse(["@" + path]));
            Assert.Contains($"{path}:2, column 3", error.Message, StringComparison.Ordinal);

            File.WriteAllText(path, "@other");
            Assert.Throws<TiFerryException>(() => TableFilter.Parse(["@" + path]));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains("cannot read the filter file", Assert.Throws<TiFerryException>(() => TableFilter.Parse(["@" + path])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db", 3)]
    [InlineData("db.", 4)]
    [InlineData(".t", 1)]
    [InlineData("!", 2)]
    [InlineData("db.t.x", 5)]
    [InlineData("db.t x", 5)]
    [InlineData("db-1.t", 3)]
    [InlineData("db.t\\", 5)]
    [InlineData("db.\\n", 4)]
    [InlineData("db.[", 4)]
    [InlineData("db.[]", 4)]
    [InlineData("db.[z-a]", 4)]
    [InlineData("db.\"x", 4)]
    [InlineData("db.\"\"", 4)]
    [InlineData("\"this is \"invalid*.*", 11)]
    [InlineData("/x.t", 2)]
    [InlineData("//.t", 2)]
    [InlineData("/(/.t", 2)]
    [InlineData("/(a)\\1/.t", 2)]
    [InlineData("/[[:nope:]]/.t", 2)]
    public void A_bad_rule_names_rule_and_column(string rule, int column)
    {
        var error = Assert.Throws<TiFerryException>(() => TableFilter.Parse(["ok.ok", rule]));
        Assert.Equal(ConfigErrors.BadTableFilter, error.Code);
        Assert.Contains($"'{rule}' is not valid at column {column}:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Default_leaves_out_system_databases()
    {
        var filter = TableFilter.Default("tiferry_meta");
        Assert.True(filter.MatchTable("shop", "orders"));
        foreach (var schema in new[] { "mysql", "sys", "INFORMATION_SCHEMA", "performance_schema", "METRICS_SCHEMA", "tiferry_meta" })
        {
            Assert.False(filter.MatchTable(schema, "t"));
            Assert.False(filter.MatchSchema(schema));
        }
    }

    [Fact]
    public void A_quoted_name_matches_itself_and_nothing_else()
    {
        Prop.ForAll<NonEmptyString, NonEmptyString>((a, b) =>
        {
            var (x, y) = (a.Get.Replace("\n", "", StringComparison.Ordinal) + "x", b.Get + "y");
            var filter = TableFilter.Parse([$"`{x.Replace("`", "``", StringComparison.Ordinal)}`.*"], caseSensitive: true);
            return filter.MatchTable(x, "t") && filter.MatchTable(y, "t") == (x == y);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Any_text_parses_or_is_refused()
    {
        Prop.ForAll<NonNull<string>>(text =>
        {
            try
            {
                TableFilter.Parse([text.Get.Replace("@", "", StringComparison.Ordinal)]).MatchTable("a", "b");
            }
            catch (TiFerryException e) when (e.Code == ConfigErrors.BadTableFilter)
            {
                return true;
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }
}
