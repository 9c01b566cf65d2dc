using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Scheduling;

/// <summary>Gives a source to another worker by the user's order.</summary>
internal static class TransferChanges
{
    /// <summary>Whether a source may go to a worker.</summary>
    /// <returns>False where it is there already.</returns>
    /// <exception cref="TiFerryException">There is no such source or worker, or the worker has something else to do.</exception>
    public static bool MayTransfer(ClusterState state, string source, string worker)
    {
        SourceChanges.Known(state, source);
        if (!state.Workers.ContainsKey(worker))
            throw SchedulerErrors.NoWorker([worker]);
        if (state.WorkerOf(source) == worker)
            return false;
        var stage = state.StageOf(worker);
        if (stage is WorkerStage.Offline or WorkerStage.Bound)
            throw SchedulerErrors.InvalidTransition(worker, stage, WorkerStage.Bound);
        if (state.RelayWorkers.TryGetValue(worker, out var relayed) && relayed != source)
            throw SchedulerErrors.RelayElsewhere(worker, source, relayed);
        return true;
    }

    /// <summary>Unbinds, binds and lets the subtasks that were paused for it go on, all at once.</summary>
    /// <param name="state">The cluster.</param>
    /// <param name="source">The source.</param>
    /// <param name="worker">The worker that gets it.</param>
    /// <param name="resume">The tasks to go on with; those of them that were stopped meanwhile are left so.</param>
    /// <exception cref="TiFerryException">As for <see cref="MayTransfer"/>.</exception>
    public static ClusterChange Transfer(ClusterState state, string source, string worker, IReadOnlyCollection<string> resume)
    {
        var change = new ClusterChange(state);
        if (MayTransfer(state, source, worker))
        {
            if (state.WorkerOf(source) is { } holder)
                change.Unbind(holder);
            change.Bind(source, worker);
        }
        foreach (var task in resume)
        {
            var id = new SubTaskId(task, source);
            if (state.SubTasks.ContainsKey(id))
                change.PutSubTaskStage(id, Stage.Running);
        }
        return change;
    }
}
