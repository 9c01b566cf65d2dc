using TiFerry.Core.Retry;

namespace TiFerry.Core.Tests.Retry;

public class BackoffTests
{
    private sealed class Fixed(double value) : Random
    {
        public override double NextDouble() => value;
    }

    [Fact]
    public void Waiting_times_double_up_to_the_maximum()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), random: new Fixed(0));
        Assert.Equal([100, 200, 400, 800, 1000, 1000], Enumerable.Range(0, 6).Select(_ => backoff.Next().TotalMilliseconds));
        Assert.Equal(6, backoff.Attempts);
        backoff.Reset();
        Assert.Equal(100, backoff.Next().TotalMilliseconds);
    }

    [Fact]
    public void Waiting_times_are_shortened_by_up_to_half()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        for (var i = 0; i < 1000; i++)
            Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
    }

    [Fact]
    public async Task Attempts_run_out()
    {
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        var backoff = new Backoff(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), attempts: 2, time, new Fixed(0));
        Assert.True(await backoff.WaitAsync(CancellationToken.None));
        Assert.True(await backoff.WaitAsync(CancellationToken.None));
        Assert.True(backoff.IsExhausted);
        Assert.False(await backoff.WaitAsync(CancellationToken.None));
        Assert.Throws<InvalidOperationException>(() => backoff.Next());
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)], time.Waits);
    }

    [Fact]
    public async Task A_wait_can_be_cancelled()
    {
        var backoff = new Backoff(TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await backoff.WaitAsync(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_long_row_of_failures_does_not_overflow()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        for (var i = 0; i < 5000; i++)
            Assert.InRange(backoff.Next(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }
}
