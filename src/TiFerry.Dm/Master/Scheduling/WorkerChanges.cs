using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata;

namespace TiFerry.Dm.Master.Scheduling;

/// <summary>Changes of the list of workers.</summary>
internal static class WorkerChanges
{
    /// <summary>A worker says that it exists. Said again, it changes nothing.</summary>
    /// <exception cref="TiFerryException">Another address has the name.</exception>
    public static ClusterChange Register(ClusterState state, string name, string address)
    {
        var change = new ClusterChange(state);
        if (state.Workers.GetValueOrDefault(name) is not { } known)
            return change.PutWorker(name, address);
        return known.Address == address ? change : throw SchedulerErrors.WorkerExists(name, known.Address);
    }

    /// <summary>A worker that is down doesn't come back.</summary>
    /// <exception cref="TiFerryException">There is none of the name, or it lives.</exception>
    public static ClusterChange Forget(ClusterState state, string name)
    {
        if (!state.Workers.ContainsKey(name))
            throw SchedulerErrors.NoWorker([name]);
        if (state.StageOf(name) != WorkerStage.Offline)
            throw SchedulerErrors.WorkerOnline(name);
        return new ClusterChange(state).DeleteWorker(name).RelyOnKeepAlive(name);
    }
}
