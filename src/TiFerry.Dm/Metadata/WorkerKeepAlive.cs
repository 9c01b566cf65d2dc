using System.Text.Json;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Metadata;

/// <summary>
/// A worker process's place in the cluster: the keep-alive key under its lease. Of two processes with one name, only one has it. What a worker writes, it writes only while it has it.
/// </summary>
public sealed class WorkerKeepAlive
{
    private readonly EtcdClient _etcd;
    private readonly string _worker;

    private WorkerKeepAlive(EtcdClient etcd, string worker, long revision) => (_etcd, _worker, Revision) = (etcd, worker, revision);

    /// <summary>The create revision of the key; tells this process from others of the same name (see <see cref="WorkerOrders.For"/>).</summary>
    public long Revision { get; }

    /// <summary>Creates the key. Where another process has it, waits until that one's lease is over.</summary>
    /// <param name="etcd">The way to etcd.</param>
    /// <param name="worker">The worker's name.</param>
    /// <param name="lease">The key goes away with it.</param>
    /// <param name="log">Says what is waited for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TiFerryException">etcd can't be reached.</exception>
    public static Task<WorkerKeepAlive> ClaimAsync(EtcdClient etcd, string worker, EtcdLease lease, Log log, CancellationToken cancellationToken) =>
        ClaimAsync(etcd, worker, lease, log, static _ => false, cancellationToken);

    /// <summary>Creates the key. Where another process has it, waits until that one's lease is over.</summary>
    /// <param name="etcd">The way to etcd.</param>
    /// <param name="worker">The worker's name.</param>
    /// <param name="lease">The key goes away with it.</param>
    /// <param name="log">Says what is waited for.</param>
    /// <param name="isGone">
    /// Whether the process that made the key, at this create revision, can't be there any more, because this one listens where the name is registered. Then the key is taken away at once, whatever is left of its lease.
    /// Should that process write to a target all the same, the fencing token keeps it out.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TiFerryException">etcd can't be reached.</exception>
    public static async Task<WorkerKeepAlive> ClaimAsync(EtcdClient etcd, string worker, EtcdLease lease, Log log, Func<long, bool> isGone, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(etcd);
        ArgumentNullException.ThrowIfNull(lease);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(isGone);
        var key = ClusterKeys.KeepAlive.Key(worker);
        var value = JsonSerializer.Serialize(new KeepAlive(worker, DateTimeOffset.UtcNow), ClusterJson.Default.KeepAlive);
        while (true)
        {
            var result = await etcd.Txn().When(EtcdCompare.Missing(key)).Then(EtcdOp.Put(key, value, lease.Id)).Else(EtcdOp.Get(key)).Repeatable().CommitAsync(cancellationToken);
            if (result.Succeeded)
                return new WorkerKeepAlive(etcd, worker, result.Revision);
            var holder = result.Reads[0]!.Single!;
            // An attempt whose answer was lost.
            if (holder.Lease == lease.Id)
                return new WorkerKeepAlive(etcd, worker, holder.CreateRevision);
            if (isGone(holder.CreateRevision))
            {
                log.Info("the key of a process that is gone is taken away", ("worker", worker));
                await etcd.Txn().When(EtcdCompare.CreateRevision(key, holder.CreateRevision)).Then(EtcdOp.Delete(key)).Repeatable().CommitAsync(cancellationToken);
                continue;
            }
            log.Warn("another process of this worker's name lives, waiting until its lease is over", ("worker", worker));
            await WaitForDeletionAsync(etcd, key, result.Reads[0]!.Revision + 1, cancellationToken);
        }
    }

    /// <summary>Keeps what is done about single statements of the binlog of a subtask; nothing takes all away.</summary>
    /// <exception cref="TiFerryException">The key is not this process's any more, and nothing was written; or etcd can't be reached.</exception>
    public Task PutBinlogOperationsAsync(SubTaskId subTask, IReadOnlyList<BinlogOperation> operations, CancellationToken cancellationToken) =>
        WriteAsync(new ClusterChange(ClusterState.Empty).PutBinlogOperations(subTask, operations), ClusterKeys.BinlogOperations.Key(subTask.Task, subTask.Source), cancellationToken);

    /// <summary>Notes that this worker has the dump files of a subtask, or has them no longer.</summary>
    /// <exception cref="TiFerryException">As for <see cref="PutBinlogOperationsAsync"/>.</exception>
    public Task PutLoadTaskAsync(SubTaskId subTask, bool hasFiles, CancellationToken cancellationToken) =>
        WriteAsync(new ClusterChange(ClusterState.Empty).PutLoadTask(subTask, hasFiles ? _worker : null), ClusterKeys.LoadTask.Key(subTask.Task, subTask.Source), cancellationToken);

    private static async Task WaitForDeletionAsync(EtcdClient etcd, string key, long from, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in etcd.WatchAsync(key, from, cancellationToken))
            {
                if (batch.Events.Any(e => e.IsDelete))
                    return;
            }
        }
        catch (EtcdCompactedException)
        {
            // The caller reads anew.
        }
    }

    // The key is this subtask's alone, and its worker is the only one that writes it: it need not be as it was.
    private async Task WriteAsync(ClusterChange change, string key, CancellationToken cancellationToken)
    {
        var step = change.IsEmpty ? EtcdOp.Delete(key) : ClusterStore.Steps(change).Single();
        var result = await _etcd.Txn().When(EtcdCompare.CreateRevision(ClusterKeys.KeepAlive.Key(_worker), Revision)).Then(step).Repeatable().CommitAsync(cancellationToken);
        if (!result.Succeeded)
        {
            throw new TiFerryException(
                MetadataErrors.KeepAliveLost, ErrorScope.Internal, $"the worker {_worker} has lost its place in the cluster, nothing was written", "it joins the cluster again by itself; repeat the command then");
        }
    }
}
