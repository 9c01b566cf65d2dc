using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Retry;
using TiFerry.Dm.Metadata.Etcd;

namespace TiFerry.Dm.Metadata;

/// <summary>The cluster's state as this process knows it, a moment behind etcd. Safe to use from many threads.</summary>
public sealed class ClusterReplica
{
    private readonly Lock _lock = new();
    private ClusterState _current = ClusterState.Empty;
    private TaskCompletionSource _changed = NewSignal();
    private TiFerryException? _fault;

    /// <summary>The state at this moment.</summary>
    public ClusterState Current => Volatile.Read(ref _current);

    /// <summary>Waits for a state.</summary>
    /// <param name="until">Whether it is the one that is waited for. Called again with each change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">It didn't come in time.</exception>
    /// <exception cref="TiFerryException">etcd holds something that can't be read.</exception>
    public async Task<ClusterState> WaitAsync(Func<ClusterState, bool> until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(until);
        while (true)
        {
            Task changed;
            ClusterState state;
            TiFerryException? fault;
            lock (_lock)
                (changed, state, fault) = (_changed.Task, _current, _fault);
            if (until(state))
                return state;
            if (fault is not null)
                throw new TiFerryException(fault.Code, fault.Scope, fault.Summary, fault.Workaround, fault.InnerException);
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Follows etcd. Lost connections and forgotten revisions are dealt with; the state stands still meanwhile.</summary>
    /// <param name="etcd">The way to etcd.</param>
    /// <param name="log">Gets lines about what can't be read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FollowAsync(EtcdClient etcd, Log log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(etcd);
        ArgumentNullException.ThrowIfNull(log);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(5));
        while (true)
        {
            try
            {
                await foreach (var update in etcd.FollowAsync(ClusterKeys.All, cancellationToken))
                {
                    Publish(Next(update), fault: null);
                    backoff.Reset();
                }
            }
            catch (TiFerryException e)
            {
                log.Error("the cluster's state can't be followed, trying again", ("error", e));
                Publish(Current, e);
                await backoff.WaitAsync(cancellationToken);
            }
        }
    }

    private ClusterState Next(PrefixUpdate update) => update.IsFresh
        ? ClusterState.Empty.With(update.Revision, update.Keys.Values.Select(k => new KeyChange(k.Key, k.Value, k.CreateRevision, k.ModRevision)))
        : Current.With(update.Revision, update.Events.Select(e => new KeyChange(e.Key, e.IsDelete ? null : e.Item.Value, e.Item.CreateRevision, e.Item.ModRevision)));

    private void Publish(ClusterState next, TiFerryException? fault)
    {
        TaskCompletionSource signal;
        lock (_lock)
        {
            (_current, _fault) = (next, fault);
            signal = _changed;
            _changed = NewSignal();
        }
        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
