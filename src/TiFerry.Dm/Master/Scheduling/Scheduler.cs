using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Retry;
using TiFerry.Dm.Master.Http;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;

namespace TiFerry.Dm.Master.Scheduling;

/// <summary>
/// One term of a leader: places sources on workers, and makes the changes that users order. It holds nothing but the cluster's state, so that the next leader goes on where this one stopped.
/// </summary>
/// <param name="store">Where changes are written.</param>
/// <param name="replica">The cluster's state.</param>
/// <param name="term">The right to write; all ends with it.</param>
/// <param name="metrics">Counts failures.</param>
/// <param name="log">What it does.</param>
internal sealed class Scheduler(ClusterStore store, ClusterReplica replica, EtcdLeadership term, MasterMetrics metrics, Log log) : IDisposable
{
    // Each change is planned from what the one before it led to. With two at a time, both could bind the same source.
    private readonly SemaphoreSlim _oneAtATime = new(1);

    /// <summary>The cluster's state at this moment.</summary>
    public ClusterState State => replica.Current;

    /// <summary>The term that this is.</summary>
    public EtcdLeadership Term => term;

    /// <summary>Places sources on workers until the term ends.</summary>
    /// <exception cref="OperationCanceledException">The term has ended, or the process is to end.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(term.Lost, cancellationToken);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        while (true)
        {
            try
            {
                var settled = await ChangeAsync(Placement.Plan, stop.Token);
                backoff.Reset();
                await replica.WaitAsync(state => state.Revision > settled.Revision, stop.Token);
            }
            catch (TiFerryException e) when (e.Code != MetadataErrors.LeadershipLost)
            {
                metrics.CountPlacementError();
                log.Error("sources could not be placed on workers, trying again", ("error", e));
                await backoff.WaitAsync(stop.Token);
            }
        }
    }

    /// <summary>Makes a change. It is planned again when the state has changed meanwhile.</summary>
    /// <param name="plan">Plans it from a state; throws where it is not to be made.</param>
    /// <param name="cancellationToken">Ends the wait; the change may have been made then.</param>
    /// <returns>The state with the change in it.</returns>
    /// <exception cref="TiFerryException">What the plan threw; or this master leads no longer; or etcd can't be reached.</exception>
    /// <exception cref="OperationCanceledException">The term has ended, or the caller is to end.</exception>
    public async Task<ClusterState> ChangeAsync(Func<ClusterState, ClusterChange> plan, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(term.Lost, cancellationToken);
        await _oneAtATime.WaitAsync(stop.Token);
        try
        {
            while (true)
            {
                var seen = State;
                var change = plan(seen);
                if (change.IsEmpty)
                    return seen;
                var committed = await store.CommitAsync(change, term, stop.Token);
                if (committed is { } revision)
                {
                    LogBindings(change);
                    return await replica.WaitAsync(state => state.Revision >= revision, stop.Token);
                }
                await replica.WaitAsync(state => state.Revision > seen.Revision, stop.Token);
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Waits until all sources are where they belong, as far as there are workers.</summary>
    public async Task<ClusterState> SettledAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(term.Lost, cancellationToken);
        return await replica.WaitAsync(state => Placement.Plan(state).IsEmpty, stop.Token);
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();

    private void LogBindings(ClusterChange change)
    {
        foreach (var (worker, source) in change.BindingsAfter)
        {
            if (source is null)
                log.Info("unbound the source from the worker", ("worker", worker), ("source", change.Seen.SourceOf(worker)));
            else
                log.Info("bound the source to worker", ("source", source), ("worker", worker));
        }
    }
}
