using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Metadata.Etcd.Pb;

namespace TiFerry.Dm.Tests.Etcd;

[Collection(nameof(EtcdCollection))]
public sealed class LeaseTests(EtcdFixture etcd)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task A_lease_is_renewed_and_its_keys_go_when_it_is_given_back()
    {
        var lease = await etcd.Client.GrantLeaseAsync(TimeSpan.FromSeconds(2));
        await etcd.Client.PutAsync("/lease/renewed", "1", lease.Id);
        await Task.Delay(lease.Ttl + TimeSpan.FromSeconds(1.5));
        Assert.True(lease.IsSurelyAlive);
        Assert.NotNull(await etcd.Client.GetAsync("/lease/renewed"));

        await lease.DisposeAsync();
        Assert.True(lease.Lost.IsCancellationRequested);
        Assert.False(lease.IsSurelyAlive);
        Assert.Null(await etcd.Client.GetAsync("/lease/renewed"));
        Assert.Throws<TiFerryException>(lease.ThrowIfLost);
    }

    [SkippableFact]
    public async Task Cut_off_from_etcd_a_lease_is_lost_before_etcd_lets_it_run_out()
    {
        var front = await Front.OpenAsync(etcd.Member);
        using var client = new EtcdClient([front.Address]);
        var lease = await client.GrantLeaseAsync(TimeSpan.FromSeconds(3));
        await etcd.Client.PutAsync("/lease/cut", "1", lease.Id);
        await front.DisposeAsync();

        await CancelledAsync(lease.Lost);
        Assert.NotNull(await etcd.Client.GetAsync("/lease/cut"));
        Assert.False(lease.IsSurelyAlive);
        await lease.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_lease_that_etcd_has_let_run_out_is_lost()
    {
        await using var lease = await etcd.Client.GrantLeaseAsync(TimeSpan.FromSeconds(3));
        await etcd.Client.Channel.CallAsync(EtcdMethods.LeaseRevoke, new LeaseRevokeRequest { ID = lease.Id });
        await CancelledAsync(lease.Lost);
    }

    [SkippableFact]
    public async Task After_a_stop_of_the_process_or_the_machine_the_clock_tells_at_once()
    {
        var time = new SteppedTime();
        using var client = new EtcdClient([etcd.Member.Endpoint], new EtcdClientOptions { Time = time });
        await using var lease = await client.GrantLeaseAsync(TimeSpan.FromSeconds(60));
        Assert.InRange(lease.Remaining, TimeSpan.FromSeconds(40), lease.Ttl - lease.Margin);
        time.Step(TimeSpan.FromSeconds(100));
        Assert.False(lease.IsSurelyAlive);
        await CancelledAsync(lease.Lost);
        time.Step(TimeSpan.FromSeconds(-100));
        Assert.False(lease.IsSurelyAlive);
    }

    [Fact]
    public void The_clock_of_leases_runs()
    {
        var began = BootTime.Instance.GetTimestamp();
        Assert.True(SpinWait.SpinUntil(() => BootTime.Instance.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(20), Patience));
        var awake = TimeProvider.System.GetElapsedTime(0);
        Assert.True(BootTime.Instance.GetElapsedTime(0) >= awake);
    }

    private static async Task CancelledAsync(CancellationToken lost)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lost.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(Patience, CancellationToken.None);
    }

    /// <summary>The machine's clock, which can be put forward as a sleep does: timers don't notice.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private long _step;

        public void Step(TimeSpan by) => Interlocked.Add(ref _step, (long)(by.TotalSeconds * TimestampFrequency));

        public override long GetTimestamp() => base.GetTimestamp() + Interlocked.Read(ref _step);
    }
}
