using TiFerry.Dm.Master.Workers;

namespace TiFerry.Dm.Tests.Master;

public sealed class CallRateTests
{
    private readonly Clock _clock = new();

    [Fact]
    public void After_so_many_at_once_each_waits_for_its_turn()
    {
        var rate = new CallRate(10, burst: 3, _clock);

        Assert.Equal([0, 0, 0, 100, 200], Enumerable.Range(0, 5).Select(_ => rate.Take().TotalMilliseconds));
        _clock.Now += TimeSpan.FromMilliseconds(250);
        Assert.Equal([50, 150], Enumerable.Range(0, 2).Select(_ => rate.Take().TotalMilliseconds));
        _clock.Now += TimeSpan.FromHours(1);
        Assert.Equal([0, 0, 0, 100], Enumerable.Range(0, 4).Select(_ => rate.Take().TotalMilliseconds));
    }

    [Fact]
    public void Without_a_limit_nobody_waits()
    {
        var rate = new CallRate(0, burst: 1, _clock);

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Equal(TimeSpan.Zero, rate.Take()));
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
