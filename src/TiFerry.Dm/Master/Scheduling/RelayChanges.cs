using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Scheduling;

/// <summary>Changes of who pulls which relay log.</summary>
internal static class RelayChanges
{
    /// <summary>Workers are to pull a source's relay log: those that are named, else the one that the source is bound to.</summary>
    /// <exception cref="TiFerryException">Source or worker don't exist, or the worker has something else to do.</exception>
    public static ClusterChange Start(ClusterState state, string source, IReadOnlyCollection<string> workers)
    {
        var known = SourceChanges.Known(state, source);
        var started = state.RelayWorkersOf(source);
        if (workers.Count == 0)
        {
            return started.Count > 0
                ? throw SchedulerErrors.StartRelayOnNamed(started)
                : new ClusterChange(state).PutSource(source, known.Config, enableRelay: true).PutRelayStage(source, Stage.Running);
        }
        if (known.EnableRelay)
            throw SchedulerErrors.StartRelayOnBound();
        RequireWorkers(state, workers);
        var bound = workers.Where(w => state.SourceOf(w) is { } other && other != source).ToList();
        if (bound.Count > 0)
            throw SchedulerErrors.RelayWorkersBound(bound, bound.Select(w => state.SourceOf(w)!));
        var busy = workers.Where(w => state.RelayWorkers.GetValueOrDefault(w, source) != source).ToList();
        if (busy.Count > 0)
            throw SchedulerErrors.RelayWorkersBusy(busy, busy.Select(w => state.RelayWorkers[w]));

        var change = new ClusterChange(state).RelyOnSource(source);
        foreach (var worker in workers)
            change.PutRelayWorker(worker, source).RelyOnBinding(worker);
        // A relay that was paused for those who pull it stays so for one more.
        return started.Count == 0 ? change.PutRelayStage(source, Stage.Running) : change;
    }

    /// <summary>Workers are to pull a source's relay log no more.</summary>
    /// <exception cref="TiFerryException">Source or worker don't exist, or the worker pulls another one.</exception>
    public static ClusterChange Stop(ClusterState state, string source, IReadOnlyCollection<string> workers)
    {
        var known = SourceChanges.Known(state, source);
        var started = state.RelayWorkersOf(source);
        if (workers.Count == 0)
        {
            return started.Count > 0
                ? throw SchedulerErrors.StopRelayOnNamed(started)
                : new ClusterChange(state).PutSource(source, known.Config, enableRelay: false).DeleteRelayStage(source);
        }
        if (known.EnableRelay)
            throw SchedulerErrors.StopRelayOnBound();
        RequireWorkers(state, workers);
        var others = workers.Where(w => state.RelayWorkers.GetValueOrDefault(w, source) != source).ToList();
        if (others.Count > 0)
            throw SchedulerErrors.RelayOfOthers(others, others.Select(w => state.RelayWorkers[w]));

        var change = new ClusterChange(state);
        foreach (var worker in workers)
            change.DeleteRelayWorker(worker);
        return started.All(workers.Contains) ? change.DeleteRelayStage(source) : change;
    }

    /// <summary>Relays are to pause or to go on.</summary>
    /// <exception cref="TiFerryException">A source doesn't exist, or the stage is none that can be ordered.</exception>
    public static ClusterChange Order(ClusterState state, Stage stage, IReadOnlyCollection<string> sources)
    {
        if (stage is not (Stage.Running or Stage.Paused))
            throw SchedulerErrors.InvalidRelayStage(stage);
        var missing = sources.Where(s => !state.Sources.ContainsKey(s)).ToList();
        if (missing.Count > 0)
            throw SchedulerErrors.RelaySourcesMissing(missing);
        var change = new ClusterChange(state);
        foreach (var source in sources)
            change.PutRelayStage(source, stage).RelyOnSource(source);
        return change;
    }

    private static void RequireWorkers(ClusterState state, IEnumerable<string> workers)
    {
        var missing = workers.Where(w => !state.Workers.ContainsKey(w)).ToList();
        if (missing.Count > 0)
            throw SchedulerErrors.NoWorker(missing);
    }
}
