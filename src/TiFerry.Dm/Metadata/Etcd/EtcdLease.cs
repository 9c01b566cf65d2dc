using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata.Etcd.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>
/// A lease that is renewed every third of its length. What may only be done under it ends when <see cref="Lost"/> is cancelled: before etcd can have let it run out,
/// for it is counted from the moment at which the last successful renewal was sent, on a clock that goes on while the process is stopped or the machine sleeps.
/// Once lost it stays lost. Disposing of it gives it back.
/// </summary>
public sealed class EtcdLease : IAsyncDisposable
{
    private static readonly TimeSpan RevokeTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);

    private readonly EtcdClient _client;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private long _renewed;
    private bool _isLost;
    private Task _working = Task.CompletedTask;

    private EtcdLease(EtcdClient client, long id, TimeSpan ttl, long sent)
    {
        _client = client;
        _time = client.Time;
        Id = id;
        Ttl = ttl;
        Margin = ttl / 5;
        _renewed = sent;
        Lost = _lost.Token;
    }

    /// <summary>The lease's id, for the keys that go away with it.</summary>
    public long Id { get; }

    /// <summary>How long etcd keeps it after a renewal.</summary>
    public TimeSpan Ttl { get; }

    /// <summary>How long before the earliest possible end it counts as lost: the time to stop what may only be done under it. A fifth of its length.</summary>
    public TimeSpan Margin { get; }

    /// <summary>Cancelled when nobody can be sure any more that the lease will still be there after <see cref="Margin"/>, and when it is given back.</summary>
    public CancellationToken Lost { get; }

    /// <summary>How long it would last from now on without a further renewal, the margin taken off; zero once it is lost. Ask right before what must not be done without it.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_lock)
            {
                var left = Ttl - Margin - _time.GetElapsedTime(_renewed);
                return _isLost || left < TimeSpan.Zero ? TimeSpan.Zero : left;
            }
        }
    }

    /// <summary>Whether it can't have run out.</summary>
    public bool IsSurelyAlive => Remaining > TimeSpan.Zero;

    internal static async Task<EtcdLease> GrantAsync(EtcdClient client, TimeSpan ttl, CancellationToken ct)
    {
        var seconds = (long)Math.Ceiling(ttl.TotalSeconds);
        while (true)
        {
            // A grant whose answer was lost leaves a lease behind that nobody renews.
            var sent = client.Time.GetTimestamp();
            var granted = await client.CallAsync(EtcdMethods.LeaseGrant, new LeaseGrantRequest { TTL = seconds }, repeatable: true, "lease grant", ct);
            if (granted.Error.Length > 0)
                throw new TiFerryException(EtcdErrors.LeaseFailed, ErrorScope.Internal, $"fail to do etcd lease operation: {granted.Error}", EtcdErrors.CheckMasters);
            var lease = new EtcdLease(client, granted.ID, TimeSpan.FromSeconds(granted.TTL), sent);
            if (!lease.IsSurelyAlive)
                continue;
            lease._working = Task.WhenAll(lease.RenewAsync(), lease.WatchClockAsync());
            return lease;
        }
    }

    /// <summary>Throws when the lease is lost.</summary>
    /// <exception cref="TiFerryException">It is.</exception>
    public void ThrowIfLost()
    {
        if (!IsSurelyAlive)
            throw new TiFerryException(EtcdErrors.LeaseLost, ErrorScope.Internal, $"fail to keepalive to etcd: the lease {Id:x} of {Ttl.TotalSeconds} s could not be renewed in time", EtcdErrors.CheckMasters);
    }

    /// <summary>Cancels <see cref="Lost"/>, then gives the lease back: its keys go away at once where etcd can be reached, else when it runs out.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested)
            return;
        await _ending.CancelAsync();
        await LoseAsync("it is given back");
        await _working;
        try
        {
            await _client.Channel.CallAsync(EtcdMethods.LeaseRevoke, new LeaseRevokeRequest { ID = Id }, new GrpcCallOptions { Timeout = RevokeTimeout });
        }
        catch (GrpcException e) when (e.Status == GrpcStatus.NotFound)
        {
            // It had run out.
        }
        catch (GrpcException e)
        {
            _client.Log.Warn("an etcd lease could not be given back, it runs out by itself", ("lease", $"{Id:x}"), ("error", e.Message));
        }

        _ending.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync()
    {
        try
        {
            while (!_isLost)
            {
                var due = (Ttl / 3) - _time.GetElapsedTime(_renewed);
                if (due > TimeSpan.Zero)
                    await Task.Delay(due, _time, _ending.Token);
                if (!await TryRenewAsync())
                    await Task.Delay(Ttl / 30, _time, _ending.Token);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The lease is given back.
        }
    }

    private async Task<bool> TryRenewAsync()
    {
        var server = _client.Channel.Current;
        try
        {
            // A stream of its own for each renewal: no answer can be taken for that to a later one.
            await using var call = _client.Channel.Open(EtcdMethods.LeaseKeepAlive, EtcdClient.StreamOptions with { Timeout = Ttl / 6 }, _ending.Token);
            var sent = _time.GetTimestamp();
            await call.WriteAsync(new LeaseKeepAliveRequest { ID = Id });
            call.CompleteWriting();
            var answer = await call.ReadAsync() ?? throw new GrpcException(GrpcStatus.Unavailable, "the server ended the renewal");
            if (answer.TTL <= 0)
                await LoseAsync("etcd has let it run out");
            else
                Renewed(sent);
            return true;
        }
        catch (GrpcException e)
        {
            _client.Log.Warn("an etcd lease could not be renewed, trying again", ("lease", $"{Id:x}"), ("server", server), ("remaining", Remaining), ("error", e.Message));
            _client.Channel.TurnFrom(server);
            return false;
        }
    }

    private void Renewed(long sent)
    {
        lock (_lock)
            _renewed = sent;
    }

    /// <summary>Looks at the clock at least once a second, because timers stand still while the machine sleeps.</summary>
    private async Task WatchClockAsync()
    {
        try
        {
            while (Remaining is { Ticks: > 0 } left)
                await Task.Delay(left < LongestSleep ? left : LongestSleep, _time, _ending.Token);
            await LoseAsync("it could not be renewed in time");
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The lease is given back.
        }
    }

    private async Task LoseAsync(string why)
    {
        lock (_lock)
        {
            if (_isLost)
                return;
            _isLost = true;
        }

        if (!_ending.IsCancellationRequested)
            _client.Log.Error("an etcd lease is lost", ("lease", $"{Id:x}"), ("why", why));
        await _lost.CancelAsync();
    }
}
