using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Dump.Layout;

namespace TiFerry.Dump.Tests.Layout;

public sealed class DumpMetadataTests
{
    private static readonly DumpMetadata Full = new()
    {
        Started = new DateTime(2026, 11, 21, 6, 0, 1, DateTimeKind.Utc),
        Finished = new DateTime(2026, 11, 21, 6, 2, 3, DateTimeKind.Utc),
        Position = new BinlogPosition("binlog.000003", 1234),
        Gtid = "0-1-5,1-2-9",
        SafeModeExit = new BinlogPosition("binlog.000003", 2345),
        SafeModeExitGtid = "0-1-7",
        ServerVersion = "10.11.14-MariaDB",
        Mark = new DumpMark("task shop, source mysql-01", "17-4711"),
    };

    [Fact]
    public void It_is_written_as_DM_reads_it() => Assert.Equal(
        "Started dump at: 2026-11-21 06:00:01\nSHOW MASTER STATUS:\n\tLog: binlog.000003\n\tPos: 1234\n\tGTID:0-1-5,1-2-9\n\n"
        + "SHOW MASTER STATUS: /* AFTER CONNECTION POOL ESTABLISHED */\n\tLog: binlog.000003\n\tPos: 2345\n\tGTID:0-1-7\n\n"
        + "Server version: 10.11.14-MariaDB\nTiFerry dump of: task shop, source mysql-01\nTiFerry run: 17-4711\nFinished dump at: 2026-11-21 06:02:03\n",
        Full.ToString());

    [Fact]
    public void It_comes_back() => Assert.Equal(Full, DumpMetadata.Parse(Full.ToString(), "metadata"));

    [Fact]
    public void That_of_other_tools_is_read()
    {
        const string text = """
            Started dump at: 2018-12-28 07:20:49
            SHOW BINARY LOG STATUS:
            	Log: bin.000001
            	Pos: 2479
            	GTID:97b5142f-e19c-11e8-808c-0242ac110005:1-13,
            97b5142f-e19c-11e8-808c-0242ac110006:1-14

            SHOW SLAVE STATUS:
            	Host: 192.168.1.100
            	Log: mysql-bin.000003
            	Pos: 4
            	GTID:

            Finished dump at: 2018-12-28 07:20:51
            """;
        var read = DumpMetadata.Parse(text, "metadata");
        Assert.Equal(new BinlogPosition("bin.000001", 2479), read.Position);
        Assert.Equal("97b5142f-e19c-11e8-808c-0242ac110005:1-13,97b5142f-e19c-11e8-808c-0242ac110006:1-14", read.Gtid);
        Assert.Null(read.ServerVersion);
        Assert.Null(read.SafeModeExit);
        Assert.NotNull(read.Finished);
    }

    [Fact]
    public void Times_may_stand_as_comments() => Assert.NotNull(DumpMetadata.Parse("# Started dump at: 2026-12-28 07:20:49\n# Finished dump at: 2026-12-28 07:20:51\n", "metadata").Finished);

    [Fact]
    public void An_unfinished_one_says_so() => Assert.Null(DumpMetadata.Parse("Started dump at: 2018-12-28 07:20:49\n", "metadata").Finished);

    [Theory]
    [InlineData("Started dump at: yesterday\n")]
    [InlineData("SHOW MASTER STATUS:\n\tPos: 4\n")]
    [InlineData("SHOW MASTER STATUS:\n\tLog: bin.1\n\tPos: four\n")]
    public void Nonsense_names_the_file(string text)
    {
        var error = Assert.Throws<TiFerryException>(() => DumpMetadata.Parse(text, "/dump/metadata"));
        Assert.Equal(LoadErrors.BadDataFile, error.Code);
        Assert.Contains("/dump/metadata", error.Message, StringComparison.Ordinal);
    }
}
