using System.Text.Json;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;

namespace TiFerry.Dm.Worker.Liveness;

/// <summary>A worker process in the cluster: its keep-alive key, and the lease that the key goes away with.</summary>
internal sealed class WorkerPresence : IAsyncDisposable
{
    private readonly EtcdClient _etcd;
    private readonly Log _log;
    private readonly string _worker;
    private readonly CancellationTokenSource _lost = new();
    private EtcdLease _lease;
    private CancellationTokenRegistration _watch;

    private WorkerPresence(EtcdClient etcd, string worker, EtcdLease lease, WorkerKeepAlive key, Log log)
    {
        _etcd = etcd;
        _log = log;
        _worker = worker;
        _lease = lease;
        Key = key;
        Lost = _lost.Token;
        _watch = lease.Lost.Register(Lose);
    }

    /// <summary>The keep-alive key.</summary>
    public WorkerKeepAlive Key { get; }

    /// <summary>Cancelled before the lease can have run out at etcd, by a margin in which all writing has to end.</summary>
    public CancellationToken Lost { get; }

    /// <summary>How long the lease outlives its last renewal.</summary>
    public TimeSpan Ttl => _lease.Ttl;

    /// <summary>Waits until no other process of the name lives, and enters.</summary>
    /// <param name="etcd">The way to etcd.</param>
    /// <param name="worker">The worker's name.</param>
    /// <param name="ttl">How long the lease outlives its last renewal.</param>
    /// <param name="isGone">Whether the process whose key has this create revision can't be there any more, so that its lease need not be waited for.</param>
    /// <param name="log">The log.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="TiFerryException">etcd can't be reached.</exception>
    public static async Task<WorkerPresence> EnterAsync(EtcdClient etcd, string worker, TimeSpan ttl, Func<long, bool> isGone, Log log, CancellationToken ct)
    {
        var lease = await etcd.GrantLeaseAsync(ttl, ct);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
            var key = await WorkerKeepAlive.ClaimAsync(etcd, worker, lease, log, isGone, either.Token);
            return new WorkerPresence(etcd, worker, lease, key, log);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            lease.ThrowIfLost();
            throw;
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }
    }

    /// <summary>Changes how long the lease outlives its last renewal; the key stays.</summary>
    /// <exception cref="TiFerryException">etcd can't be reached; all is as it was.</exception>
    public async Task ChangeTtlAsync(TimeSpan ttl, CancellationToken ct)
    {
        var next = await _etcd.GrantLeaseAsync(ttl, ct);
        try
        {
            if (!await AttachAsync(next, ct))
            {
                await next.DisposeAsync();
                Lose();
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
        _lease = next;
        _watch = next.Lost.Register(Lose);
        await before.DisposeAsync();
        _log.Info("the lease has another length now", ("ttl", ttl));
    }

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

    private async Task<bool> AttachAsync(EtcdLease lease, CancellationToken ct)
    {
        var key = ClusterKeys.KeepAlive.Key(_worker);
        var value = JsonSerializer.Serialize(new KeepAlive(_worker, DateTimeOffset.UtcNow), ClusterJson.Default.KeepAlive);
        var result = await _etcd.Txn().When(EtcdCompare.CreateRevision(key, Key.Revision)).Then(EtcdOp.Put(key, value, lease.Id)).Repeatable().CommitAsync(ct);
        return result.Succeeded;
    }
}
