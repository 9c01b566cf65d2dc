using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Tests;

public sealed class BinlogPositionTests
{
    [Fact]
    public void Files_are_ordered_by_their_number()
    {
        Assert.True(new BinlogPosition("binlog.999999", 10) < new BinlogPosition("binlog.1000000", 4));
        Assert.True(new BinlogPosition("binlog.000002", 10) > new BinlogPosition("binlog.000002", 9));
        Assert.True(new BinlogPosition("a.b.000002", 10) <= new BinlogPosition("a.b.000002", 10));
    }

    [Fact]
    public void Text_reads_back() => Assert.Equal(new BinlogPosition("my:log.000001", 5_000_000_000), BinlogPosition.Parse("my:log.000001:5000000000"));

    [Theory]
    [InlineData("binlog.000001")]
    [InlineData(":4")]
    [InlineData("binlog.000001:x")]
    public void Bad_text_is_refused(string text) => Assert.Throws<TiFerryException>(() => BinlogPosition.Parse(text));
}
