using TiFerry.Core.Errors;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>A won election. Disposing of it, or <see cref="ResignAsync"/>, gives it up.</summary>
public sealed class EtcdLeadership : IAsyncDisposable
{
    private readonly EtcdClient _client;
    private readonly CancellationTokenSource _lost;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _watching;

    internal EtcdLeadership(EtcdClient client, EtcdLease lease, string key, long createRevision)
    {
        _client = client;
        Key = key;
        CreateRevision = createRevision;
        _lost = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost);
        Lost = _lost.Token;
        _watching = WatchAsync();
    }

    /// <summary>The leader's key.</summary>
    public string Key { get; }

    /// <summary>The revision that created the key. It grows from leader to leader.</summary>
    public long CreateRevision { get; }

    /// <summary>The condition "I am still leader" for transactions: with it etcd itself keeps a former leader from writing.</summary>
    public EtcdCompare Guard => EtcdCompare.CreateRevision(Key, CreateRevision);

    /// <summary>Cancelled when the leadership may be over: the lease is lost, or someone took the key away.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Gives the leadership up; the next candidate has it at once. The lease stays.</summary>
    public async Task ResignAsync()
    {
        await DisposeAsync();
    }

    /// <summary>As <see cref="ResignAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested)
            return;
        await _ending.CancelAsync();
        await _lost.CancelAsync();
        await _watching;
        await TryDeleteAsync(_client, Key, CreateRevision);
        _ending.Dispose();
        _lost.Dispose();
    }

    internal static async Task TryDeleteAsync(EtcdClient client, string key, long createRevision)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            // A revision that isn't known means that the key may be there all the same.
            var txn = client.Txn().Then(EtcdOp.Delete(key)).Repeatable();
            if (createRevision > 0)
                txn.When(EtcdCompare.CreateRevision(key, createRevision));
            await txn.CommitAsync(limit.Token);
        }
        catch (Exception e) when (e is TiFerryException or OperationCanceledException)
        {
            client.Log.Warn("the key of an election could not be deleted, it goes away with its lease", ("key", key), ("error", e.Message));
        }
    }

    private async Task WatchAsync()
    {
        try
        {
            await foreach (var update in _client.FollowAsync(Key, _ending.Token))
            {
                if (update.Keys.TryGetValue(Key, out var own) && own.CreateRevision == CreateRevision)
                    continue;
                await _lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // It is given up.
        }
        catch (TiFerryException e)
        {
            _client.Log.Error("the key of an election can't be watched, the leadership counts as lost", ("key", Key), ("error", e.Message));
            await _lost.CancelAsync();
        }
    }
}
