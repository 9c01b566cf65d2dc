using System.Text.Json;
using TiFerry.Core.Logging;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;

namespace TiFerry.Dm.Worker.Liveness;

/// <summary>
/// A worker process in the cluster: its lease, and the keep-alive key under it, which tells the masters that it lives. The key is created where it doesn't exist only, so two processes never
/// work under one name.
/// </summary>
internal sealed class WorkerPresence : IAsyncDisposable
{
    private readonly EtcdClient _etcd;
    private readonly Log _log;
    private readonly string _key;
    private readonly string _value;
    private readonly CancellationTokenSource _lost = new();
    private EtcdLease _lease;
    private CancellationTokenRegistration _watch;

    private WorkerPresence(EtcdClient etcd, string key, string value, EtcdLease lease, long keepAliveRevision, Log log)
    {
        _etcd = etcd;
        _log = log;
        _key = key;
        _value = value;
        _lease = lease;
        KeepAliveRevision = keepAliveRevision;
        Lost = _lost.Token;
        _watch = lease.Lost.Register(Lose);
    }

    /// <summary>The revision at which this process made its key.</summary>
    public long KeepAliveRevision { get; }

    /// <summary>Cancelled before the lease can have run out at etcd, by a margin in which all writing has to end.</summary>
    public CancellationToken Lost { get; }

    /// <summary>How long the lease outlives its last renewal.</summary>
    public TimeSpan Ttl => _lease.Ttl;

    /// <summary>Waits until no other process of the name lives, and enters.</summary>
    /// <exception cref="Core.Errors.TiFerryException">etcd can't be reached.</exception>
    public static async Task<WorkerPresence> EnterAsync(EtcdClient etcd, string name, TimeSpan ttl, Log log, CancellationToken ct)
    {
        var key = ClusterKeys.KeepAlive.Key(name);
        var value = JsonSerializer.Serialize(new KeepAlive(name, DateTimeOffset.UtcNow), ClusterJson.Default.KeepAlive);
        while (true)
        {
            var lease = await etcd.GrantLeaseAsync(ttl, ct);
            try
            {
                var entry = await etcd.Txn().If(EtcdCompare.Missing(key)).Then(EtcdOp.Put(key, value, lease.Id)).Else(EtcdOp.Get(key)).Repeatable().CommitAsync(ct);
                if (entry.Succeeded)
                    return new WorkerPresence(etcd, key, value, lease, entry.Revision, log);
                // A transaction that was sent again finds what it had done itself.
                if (entry.Reads[0]?.Single is { } there && there.Lease == lease.Id)
                    return new WorkerPresence(etcd, key, value, lease, there.CreateRevision, log);
                await lease.DisposeAsync();
                log.Warn("a process of this name lives, or its lease has not run out yet; waiting", ("worker", name));
                await DeletedAsync(etcd, key, entry.Revision + 1, ct);
            }
            catch
            {
                await lease.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Changes how long the lease outlives its last renewal; the key stays.</summary>
    /// <exception cref="Core.Errors.TiFerryException">etcd can't be reached; all is as it was.</exception>
    public async Task ChangeTtlAsync(TimeSpan ttl, CancellationToken ct)
    {
        var next = await _etcd.GrantLeaseAsync(ttl, ct);
        try
        {
            var change = await _etcd.Txn().If(EtcdCompare.CreateRevision(_key, KeepAliveRevision)).Then(EtcdOp.Put(_key, _value, next.Id)).Repeatable().CommitAsync(ct);
            if (!change.Succeeded)
            {
                Lose();
                await next.DisposeAsync();
                return;
            }
        }
        catch
        {
            await next.DisposeAsync();
            throw;
        }
        var before = _lease;
        await _watch.DisposeAsync();
        _watch = next.Lost.Register(Lose);
        _lease = next;
        await before.DisposeAsync();
        _log.Info("the lease has another length now", ("ttl", ttl));
    }

    /// <summary>A transaction that is only carried out while this process has its key.</summary>
    public EtcdTxn Txn() => _etcd.Txn().If(EtcdCompare.CreateRevision(_key, KeepAliveRevision));

    /// <summary>Notes that the key is gone.</summary>
    public void Lose() => _lost.Cancel();

    /// <summary>Gives the lease back: the key goes, and the source is bound to another worker at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _lease.DisposeAsync();
        await _lost.CancelAsync();
        _lost.Dispose();
    }

    private static async Task DeletedAsync(EtcdClient etcd, string key, long fromRevision, CancellationToken ct)
    {
        try
        {
            await foreach (var batch in etcd.WatchAsync(key, fromRevision, ct))
            {
                if (batch.Events.Any(static e => e.IsDelete))
                    return;
            }
        }
        catch (EtcdCompactedException)
        {
            // Whether it is gone is found out by trying again.
        }
    }
}
