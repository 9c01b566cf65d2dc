using TiFerry.Binlog.Gtid;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Tests.Gtid;

public sealed class MariaDbGtidSetTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("0-1-5", "0-1-5")]
    [InlineData(" 7-2-12 , 0-1-5,0-3-4", "0-1-5,7-2-12")]
    public void Text_is_read_and_printed_in_order(string text, string expected) => Assert.Equal(expected, MariaDbGtidSet.Parse(text).ToString());

    [Theory]
    [InlineData("0-1")]
    [InlineData("a-1-1")]
    [InlineData("0-1--1")]
    [InlineData("4294967296-1-1")]
    public void Bad_text_is_refused(string text) => Assert.Throws<TiFerryException>(() => MariaDbGtidSet.Parse(text));

    [Fact]
    public void A_domain_holds_everything_before_its_last_gtid()
    {
        var set = MariaDbGtidSet.Parse("0-1-5,7-2-12");
        Assert.True(set.Contains(new MariaDbGtid(0, 9, 5)));
        Assert.False(set.Contains(new MariaDbGtid(0, 1, 6)));
        Assert.False(set.Contains(new MariaDbGtid(1, 1, 1)));
        Assert.True(set.ContainsAll(MariaDbGtidSet.Parse("7-1-11")));
        Assert.False(set.ContainsAll(MariaDbGtidSet.Parse("7-1-11,8-1-1")));
    }

    [Fact]
    public void Union_takes_the_farther_and_subtract_leaves_what_is_ahead()
    {
        var set = MariaDbGtidSet.Parse("0-1-5,7-2-12");
        set.Union(MariaDbGtidSet.Parse("0-3-9,7-1-1,8-1-1"));
        Assert.Equal("0-3-9,7-2-12,8-1-1", set.ToString());
        set.Subtract(MariaDbGtidSet.Parse("0-3-8,7-2-12,8-5-2"));
        Assert.Equal("0-3-9", set.ToString());
    }

    [Fact]
    public void A_copy_shares_nothing()
    {
        var set = MariaDbGtidSet.Parse("0-1-5");
        var copy = set.Clone();
        set.MoveTo(new MariaDbGtid(0, 2, 3));
        Assert.Equal("0-1-5", copy.ToString());
        Assert.Equal("0-2-3", set.ToString());
        Assert.NotEqual(set, copy);
    }
}
