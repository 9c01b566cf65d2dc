using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.Dump.Arguments;
using TiFerry.Dump.Consistency;
using TiFerry.MySql;

namespace TiFerry.Dump.Tests.Arguments;

public sealed class ExtraArgumentsTests
{
    private static readonly DumpOptions Defaults = new() { Source = new MySqlConnectionOptions(), Directory = "/dump", Tables = TableFilter.Default() };

    [Fact]
    public void None_change_nothing() => Assert.Equal(Defaults, Apply("  "));

    [Fact]
    public void Flags_are_read_in_all_their_forms()
    {
        var options = Apply("-t 8 -r=2000 -F128MiB --statement-size 5000 --consistency=lock --where \"id > 5 and name = 'x y'\" -W");
        Assert.Equal(8, options.Threads);
        Assert.Equal(2000, options.Rows);
        Assert.Equal(128L << 20, options.FileBytes);
        Assert.Equal(5000, options.StatementBytes);
        Assert.Equal(DumpConsistency.Lock, options.Consistency);
        Assert.Equal("id > 5 and name = 'x y'", options.Where);
        Assert.False(options.Views);
    }

    [Theory]
    [InlineData("--no-locks")]
    [InlineData("--consistency none")]
    [InlineData("--no-locks --consistency auto")]
    public void Locks_can_be_left_out(string arguments) => Assert.Equal(DumpConsistency.None, Apply(arguments).Consistency);

    [Fact]
    public void Filters_take_the_place_of_the_tables()
    {
        var tables = Apply("--filter 'shop.*' -f '!shop.secret'").Tables;
        Assert.True(tables.MatchTable("shop", "a"));
        Assert.False(tables.MatchTable("shop", "secret"));
        Assert.False(tables.MatchTable("other", "a"));
        tables = Apply("-T shop.a,shop.b -B shop").Tables;
        Assert.True(tables.MatchTable("shop", "b"));
        Assert.False(tables.MatchTable("shop", "c"));
        tables = Apply("-B shop,crm").Tables;
        Assert.True(tables.MatchTable("crm", "c"));
        Assert.False(tables.MatchSchema("other"));
    }

    [Theory]
    [InlineData("--compress gzip", "--compress")]
    [InlineData("-z", "-z")]
    [InlineData("shop", "shop")]
    [InlineData("-t", "--threads")]
    [InlineData("-t 0", "--threads")]
    [InlineData("-t many", "--threads")]
    [InlineData("-F 5parsecs", "5parsecs")]
    [InlineData("--consistency snapshot", "snapshot")]
    [InlineData("--consistency maybe", "maybe")]
    [InlineData("--snapshot 4711", "--snapshot")]
    [InlineData("--escape-backslash=false", "--escape-backslash")]
    [InlineData("--no-locks --consistency flush", "--no-locks")]
    [InlineData("-T lonely", "lonely")]
    [InlineData("-T a.b -f c.d", "--tables-list")]
    [InlineData("--where 'open", "quote")]
    public void What_can_not_be_obeyed_is_named(string arguments, string named)
    {
        var error = Assert.Throws<TiFerryException>(() => Apply(arguments));
        Assert.Equal(ConfigErrors.BadOption, error.Code);
        Assert.Contains(named, error.Summary, StringComparison.Ordinal);
        Assert.NotNull(error.Workaround);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("64", 64L << 20)]
    [InlineData("64MB", 64L << 20)]
    [InlineData("0.5GiB", 512L << 20)]
    [InlineData("10k", 10240)]
    [InlineData("100B", 100)]
    public void File_sizes(string text, long bytes) => Assert.Equal(bytes, ExtraArguments.FileSize(text));

    private static DumpOptions Apply(string arguments) => ExtraArguments.Apply(Defaults, arguments, caseSensitive: false, Log.None);
}
