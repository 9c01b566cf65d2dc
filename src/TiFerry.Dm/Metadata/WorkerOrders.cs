using TiFerry.Dm.Pb;
using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Metadata;

/// <summary>What a worker is to do, as of one revision: everything in it belongs together.</summary>
/// <param name="Revision">The revision it was read at.</param>
/// <param name="Source">The source that is bound to it, with its subtasks; null for none.</param>
/// <param name="Relay">The relay log that it pulls; null for none.</param>
public sealed record WorkerOrders(long Revision, SourceOrder? Source, RelayOrder? Relay)
{
    /// <summary>The orders for one worker process.</summary>
    /// <param name="state">The cluster.</param>
    /// <param name="worker">The worker's name.</param>
    /// <param name="keepAliveRevision">The create revision of the keep-alive key that this process made. Where the key is gone or another process's, there is nothing to do.</param>
    public static WorkerOrders For(ClusterState state, string worker, long keepAliveRevision)
    {
        if (state.KeepAlives.GetValueOrDefault(worker)?.CreateRevision != keepAliveRevision)
            return new WorkerOrders(state.Revision, null, null);
        var bound = state.Bindings.GetValueOrDefault(worker);
        var source = bound is null ? null : SourceOrder.For(state, bound, keepAliveRevision);
        return new WorkerOrders(state.Revision, source, RelayOrder.For(state, worker, source));
    }
}

/// <summary>A source in a worker's hands.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Config">Its file's text (YAML), the password encrypted.</param>
/// <param name="ConfigRevision">The revision of the configuration's last change.</param>
/// <param name="EnableRelay">Whether its subtasks read from the relay log that the worker pulls.</param>
/// <param name="FencingToken">Higher than that of every earlier owner: the later of the binding and the worker's keep-alive key (docs/cluster.md, "Who may write to the target").</param>
/// <param name="SubTasks">Its subtasks, sorted by task.</param>
public sealed record SourceOrder(string Source, string Config, long ConfigRevision, bool EnableRelay, long FencingToken, IReadOnlyList<SubTaskOrder> SubTasks)
{
    internal static SourceOrder? For(ClusterState state, Binding binding, long keepAliveRevision)
    {
        // A binding whose source is gone is about to go, too.
        if (state.Sources.GetValueOrDefault(binding.Source) is not { } source)
            return null;
        return new SourceOrder(
            source.Id, source.Config, source.ModRevision, source.EnableRelay, Math.Max(binding.ModRevision, keepAliveRevision),
            [.. state.TasksOf(source.Id).Select(task => SubTaskOrder.For(state, new SubTaskId(task, source.Id)))]);
    }
}

/// <summary>A subtask in a worker's hands.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Config">The subtask's configuration (JSON), passwords encrypted.</param>
/// <param name="ConfigRevision">The revision of the configuration's last change.</param>
/// <param name="Stage">The wanted stage.</param>
/// <param name="StageRevision">The revision of the last order; the same stage at a higher revision is to be carried out again (a task that paused by an error is resumed so).</param>
/// <param name="Arguments">The arguments of <c>start-task</c> (JSON); null for none.</param>
/// <param name="Operations">What is done about single statements of the binlog.</param>
/// <param name="DumpFilesAt">The worker that has the subtask's dump files; null where none has.</param>
public sealed record SubTaskOrder(
    string Task, string Config, long ConfigRevision, Stage Stage, long StageRevision, string? Arguments, IReadOnlyList<BinlogOperation> Operations, string? DumpFilesAt)
{
    /// <summary>The revision at which the arguments were given.</summary>
    public long ArgumentsRevision { get; init; }

    internal static SubTaskOrder For(ClusterState state, SubTaskId id)
    {
        var config = state.SubTasks[id];
        var stage = state.SubTaskStages.GetValueOrDefault(id);
        var arguments = state.TaskArguments.GetValueOrDefault(id);
        return new SubTaskOrder(
            id.Task, config.Text, config.ModRevision, stage?.Expect ?? Stage.Stopped, stage?.ModRevision ?? 0,
            arguments.Text, state.BinlogOperations.GetValueOrDefault(id) ?? [], state.LoadTasks.GetValueOrDefault(id))
        { ArgumentsRevision = arguments.ModRevision };
    }
}

/// <summary>A relay log that a worker pulls.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Config">Its file's text (YAML), the password encrypted.</param>
/// <param name="Stage">The wanted stage.</param>
/// <param name="StageRevision">The revision of the last order; see <see cref="SubTaskOrder"/>.</param>
public sealed record RelayOrder(string Source, string Config, Stage Stage, long StageRevision)
{
    internal static RelayOrder? For(ClusterState state, string worker, SourceOrder? bound)
    {
        var name = state.RelayWorkers.GetValueOrDefault(worker) ?? (bound is { EnableRelay: true } ? bound.Source : null);
        if (name is null || state.Sources.GetValueOrDefault(name) is not { } source)
            return null;
        var stage = state.RelayStages.GetValueOrDefault(name);
        return new RelayOrder(name, source.Config, stage?.Expect ?? Stage.Running, stage?.ModRevision ?? 0);
    }
}
