using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Scheduling;

/// <summary>Changes of the list of sources.</summary>
internal static class SourceChanges
{
    /// <summary>A new source.</summary>
    /// <param name="change">Takes it.</param>
    /// <param name="id">Its name.</param>
    /// <param name="config">Its file's text, the password encrypted.</param>
    /// <param name="enableRelay">Whether its worker pulls its relay log.</param>
    /// <param name="worker">The worker it is to be bound to; empty for any.</param>
    /// <exception cref="TiFerryException">The source exists; or the worker doesn't, or isn't free.</exception>
    public static ClusterChange Add(ClusterChange change, string id, string config, bool enableRelay, string worker)
    {
        var state = change.Seen;
        if (state.Sources.ContainsKey(id))
            throw SchedulerErrors.SourceExists(id);
        change.PutSource(id, config, enableRelay);
        if (enableRelay)
            change.PutRelayStage(id, Stage.Running);
        if (worker.Length == 0)
            return change;
        if (!state.Workers.ContainsKey(worker))
            throw SchedulerErrors.NoWorker([worker]);
        return state.StageOf(worker) == WorkerStage.Free && !change.BindingsAfter.ContainsKey(worker) ? change.Bind(id, worker) : throw SchedulerErrors.WorkerNotFree(worker);
    }

    /// <summary>Another configuration for a source on which nothing runs.</summary>
    /// <exception cref="TiFerryException">There is no such source, or something runs on it.</exception>
    public static ClusterChange Update(ClusterChange change, string id, string config, bool enableRelay)
    {
        var state = change.Seen;
        var known = Known(state, id);
        var busy = state.SubTaskStages.Values.Any(s => s.Source == id && s.Expect == Stage.Running) || known.EnableRelay || state.RelayWorkersOf(id).Count > 0;
        if (busy)
            throw SchedulerErrors.SourceNotIdle(id);
        change.PutSource(id, config, enableRelay);
        return enableRelay ? change.PutRelayStage(id, Stage.Running) : change;
    }

    /// <summary>A source that is carried no longer.</summary>
    /// <exception cref="TiFerryException">There is no such source, or it has tasks or relay workers.</exception>
    public static ClusterChange Remove(ClusterChange change, string id)
    {
        var state = change.Seen;
        Known(state, id);
        if (state.TasksOf(id) is { Count: > 0 } tasks)
            throw SchedulerErrors.SourceHasTasks(id, tasks);
        if (state.RelayWorkersOf(id) is { Count: > 0 } relays)
            throw SchedulerErrors.SourceHasRelay(id, relays);
        change.DeleteSource(id);
        return state.WorkerOf(id) is { } worker ? change.Unbind(worker) : change;
    }

    /// <summary>A source by its name.</summary>
    /// <exception cref="TiFerryException">There is none.</exception>
    public static SourceRecord Known(ClusterState state, string id) => state.Sources.GetValueOrDefault(id) ?? throw SchedulerErrors.NoSource(id);
}
