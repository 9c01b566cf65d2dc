using TiFerry.Dm.Metadata;

namespace TiFerry.Dm.Master.Scheduling;

/// <summary>What a worker is doing, as <c>list-member</c> shows it.</summary>
internal enum WorkerStage
{
    /// <summary>It doesn't live.</summary>
    Offline,

    /// <summary>It waits for a source.</summary>
    Free,

    /// <summary>It pulls a relay log and waits for that source.</summary>
    Relay,

    /// <summary>It has a source.</summary>
    Bound,
}

internal static class WorkerStages
{
    /// <summary>A worker's stage in a state of the cluster.</summary>
    public static WorkerStage StageOf(this ClusterState state, string worker) =>
        !state.KeepAlives.ContainsKey(worker) ? WorkerStage.Offline
        : state.Bindings.ContainsKey(worker) ? WorkerStage.Bound
        : state.RelayWorkers.ContainsKey(worker) ? WorkerStage.Relay
        : WorkerStage.Free;

    /// <summary>The stage as DM names it.</summary>
    public static string Text(this WorkerStage stage) => stage switch
    {
        WorkerStage.Free => "free",
        WorkerStage.Relay => "relay",
        WorkerStage.Bound => "bound",
        _ => "offline",
    };

    /// <summary>The stage as the metric <c>dm_master_worker_state</c> gives it.</summary>
    public static double Figure(this WorkerStage stage) => stage switch
    {
        WorkerStage.Free => 1,
        WorkerStage.Relay => 1.5,
        WorkerStage.Bound => 2,
        _ => 0,
    };
}
