using TiFerry.Core.Progress;

namespace TiFerry.Core.Tests.Progress;

public class ProgressTests
{
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void The_rate_is_that_of_the_window()
    {
        var rate = new RateEstimator(TimeSpan.FromSeconds(10), _time);
        Assert.Equal(0, rate.PerSecond);
        Assert.Null(rate.TimeFor(1));
        rate.Record(0);
        Assert.Equal(0, rate.PerSecond);
        for (var i = 1; i <= 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            rate.Record(i * 100);
        }

        Assert.Equal(100, rate.PerSecond, 3);
        Assert.Equal(TimeSpan.FromSeconds(50), rate.TimeFor(5000));
        Assert.Equal(TimeSpan.Zero, rate.TimeFor(0));

        // Ten seconds of standing still fill the window.
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            rate.Record(2000);
        }

        Assert.Equal(0, rate.PerSecond, 3);
        Assert.Null(rate.TimeFor(1));
    }

    [Fact]
    public void A_total_that_shrinks_starts_again()
    {
        var rate = new RateEstimator(TimeSpan.FromSeconds(10), _time);
        rate.Record(1000);
        _time.Advance(TimeSpan.FromSeconds(1));
        rate.Record(10);
        Assert.Equal(0, rate.PerSecond);
        _time.Advance(TimeSpan.FromSeconds(2));
        rate.Record(30);
        Assert.Equal(10, rate.PerSecond, 3);
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(512, "512 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1310720, "1.25 MiB")]
    [InlineData(13107200, "12.5 MiB")]
    [InlineData(131072000, "125 MiB")]
    [InlineData(1073741823, "1 GiB")]
    [InlineData(5e15, "4.44 PiB")]
    public void Bytes(double bytes, string expected) => Assert.Equal(expected, HumanFormat.Bytes(bytes));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(999.7, "1k")]
    [InlineData(12345, "12.3k")]
    [InlineData(1250000, "1.25M")]
    public void Short_counts(double count, string expected) => Assert.Equal(expected, HumanFormat.ShortCount(count));

    [Fact]
    public void Counts() => Assert.Equal("1,234,567", HumanFormat.Count(1234567));

    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(0.0005, "500µs")]
    [InlineData(0.15, "150ms")]
    [InlineData(12.34, "12.3s")]
    [InlineData(59.99, "59.9s")]
    [InlineData(185, "3m5s")]
    [InlineData(3725, "1h2m")]
    [InlineData(183600, "2d3h")]
    [InlineData(-12.3, "-12.3s")]
    public void Durations(double seconds, string expected) => Assert.Equal(expected, HumanFormat.Duration(TimeSpan.FromSeconds(seconds)));
}
