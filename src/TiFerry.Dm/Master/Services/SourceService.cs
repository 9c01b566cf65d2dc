using TiFerry.Core.Errors;
using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Master.Scheduling;
using TiFerry.Dm.Master.Workers;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Services;

/// <summary>operate-source and transfer-source.</summary>
internal static class SourceService
{
    private const string NoWorker = "source is added but there is no free worker to bound";

    public static Task<OperateSourceResponse> OperateAsync(LeaderContext leader, OperateSourceRequest request, CancellationToken cancellationToken) => request.Op switch
    {
        SourceOp.StartSource => StartAsync(leader, request, cancellationToken),
        SourceOp.UpdateSource => UpdateAsync(leader, request, cancellationToken),
        SourceOp.StopSource => StopAsync(leader, request, cancellationToken),
        SourceOp.ShowSource => ShowAsync(leader, request, cancellationToken),
        _ => throw ServiceErrors.InvalidOperation(request.Op, "source"),
    };

    public static async Task<TransferSourceResponse> TransferAsync(LeaderContext leader, TransferSourceRequest request, CancellationToken cancellationToken)
    {
        var (source, worker) = (request.Source, request.Worker);
        if (!TransferChanges.MayTransfer(leader.State, source, worker))
            return new TransferSourceResponse { Result = true };
        var running = RunningTasks(leader.State, source);
        if (running.Count > 0 && leader.State.WorkerOf(source) is { } holder)
            await PauseAsync(leader, source, holder, running, cancellationToken);
        try
        {
            await leader.Scheduler.ChangeAsync(state => TransferChanges.Transfer(state, source, worker, running), cancellationToken);
        }
        catch (TiFerryException)
        {
            await ResumeAsync(leader, source, running);
            throw;
        }
        return new TransferSourceResponse { Result = true };
    }

    public static ListSourceConfigsResponse ListConfigs(LeaderContext leader)
    {
        var response = new ListSourceConfigsResponse { Result = true };
        foreach (var source in leader.State.Sources.Values)
            response.SourceConfigs.Add(source.Id, ReadKept(source).ToYaml());
        return response;
    }

    /// <summary>A source's configuration as it is kept, the password encrypted.</summary>
    public static SourceConfig ReadKept(SourceRecord source) => SourceConfig.Parse(source.Id, source.Config) with { EnableRelay = source.EnableRelay };

    private static async Task<OperateSourceResponse> StartAsync(LeaderContext leader, OperateSourceRequest request, CancellationToken cancellationToken)
    {
        var sources = await ReadAsync(leader, request, cancellationToken);
        await leader.Scheduler.ChangeAsync(
            state =>
            {
                var change = new ClusterChange(state);
                foreach (var source in sources)
                    SourceChanges.Add(change, source.SourceId, Kept(leader, source), source.EnableRelay, request.WorkerName);
                return change;
            }, cancellationToken);
        return await AnswerWithNoticesAsync(leader, sources, cancellationToken);
    }

    private static async Task<OperateSourceResponse> UpdateAsync(LeaderContext leader, OperateSourceRequest request, CancellationToken cancellationToken)
    {
        var sources = await ReadAsync(leader, request, cancellationToken);
        await leader.Scheduler.ChangeAsync(
            state =>
            {
                var change = new ClusterChange(state);
                foreach (var source in sources)
                    SourceChanges.Update(change, source.SourceId, Kept(leader, source), source.EnableRelay);
                return change;
            }, cancellationToken);
        return await AnswerWithNoticesAsync(leader, sources, cancellationToken);
    }

    private static async Task<OperateSourceResponse> StopAsync(LeaderContext leader, OperateSourceRequest request, CancellationToken cancellationToken)
    {
        var sources = NamedIn(request);
        var workers = new Dictionary<string, string?>(StringComparer.Ordinal);
        await leader.Scheduler.ChangeAsync(
            state =>
            {
                var change = new ClusterChange(state);
                foreach (var source in sources)
                {
                    workers[source] = state.WorkerOf(source);
                    SourceChanges.Remove(change, source);
                }
                return change;
            }, cancellationToken);

        var response = new OperateSourceResponse { Result = true };
        foreach (var (source, worker) in workers.OrderBy(w => w.Key, StringComparer.Ordinal))
        {
            if (worker is null)
                response.Sources.Add(new CommonWorkerResponse { Result = true, Msg = "source is stopped and hasn't bound to worker before being stopped", Source = source });
            else if (leader.State.StageOf(worker) == WorkerStage.Offline)
                response.Sources.Add(new CommonWorkerResponse { Result = true, Source = source, Worker = worker });
            else
                response.Sources.AddRange(await leader.Orders.FollowAsync(source, [worker], Expectation.SourceReleased(source), cancellationToken));
        }
        return response;
    }

    private static async Task<OperateSourceResponse> ShowAsync(LeaderContext leader, OperateSourceRequest request, CancellationToken cancellationToken)
    {
        var named = NamedIn(request);
        foreach (var source in named)
            SourceChanges.Known(leader.State, source);
        return await AnswerWithWorkersAsync(leader, named.Count > 0 ? named : leader.State.Sources.Keys, cancellationToken);
    }

    private static async Task<OperateSourceResponse> AnswerWithNoticesAsync(LeaderContext leader, IReadOnlyList<SourceConfig> sources, CancellationToken cancellationToken)
    {
        var response = await AnswerWithWorkersAsync(leader, sources.Select(s => s.SourceId), cancellationToken);
        response.Msg = string.Join('\n', sources.SelectMany(s => s.Notices.Select(notice => $"source {s.SourceId}: {notice}")));
        return response;
    }

    private static async Task<OperateSourceResponse> AnswerWithWorkersAsync(LeaderContext leader, IEnumerable<string> sources, CancellationToken cancellationToken)
    {
        // A worker that waits takes a new source at once.
        var state = await leader.Scheduler.SettledAsync(cancellationToken);
        var response = new OperateSourceResponse { Result = true };
        var all = sources.Order(StringComparer.Ordinal).ToList();
        foreach (var source in all.Where(s => state.WorkerOf(s) is null))
            response.Sources.Add(new CommonWorkerResponse { Result = true, Msg = NoWorker, Source = source });
        response.Sources.AddRange(await leader.Orders.FollowAsync(all.Where(s => state.WorkerOf(s) is not null), "", Expectation.SourceTaken, cancellationToken));
        return response;
    }

    private static async Task<List<SourceConfig>> ReadAsync(LeaderContext leader, OperateSourceRequest request, CancellationToken cancellationToken)
    {
        var sources = request.Config.Select(text => SourceConfig.Parse("source", text)).ToList();
        if (sources.GroupBy(s => s.SourceId, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw SchedulerErrors.SourceExists(twice.Key);
        for (var i = 0; i < sources.Count; i++)
            sources[i] = await leader.Databases.InspectSource(sources[i], cancellationToken);
        return sources;
    }

    private static string Kept(LeaderContext leader, SourceConfig source) => source.WithProtectedPassword(leader.Cipher).ToYaml();

    private static List<string> NamedIn(OperateSourceRequest request) =>
        [.. request.SourceID.Concat(request.Config.Select(text => SourceConfig.Parse("source", text).SourceId)).Distinct(StringComparer.Ordinal)];

    private static List<string> RunningTasks(ClusterState state, string source) =>
        [.. state.TasksOf(source).Where(task => state.SubTaskStages.GetValueOrDefault(new SubTaskId(task, source))?.Expect == Stage.Running)];

    // Subtasks write their checkpoints when they pause, so the next worker goes on where they were. Those that still copy or load are not carried about.
    private static async Task PauseAsync(LeaderContext leader, string source, string holder, List<string> tasks, CancellationToken cancellationToken)
    {
        var status = await leader.Workers.CallAsync(holder, WorkerMethods.QueryStatus, new QueryStatusRequest(), cancellationToken);
        if (status.SubTaskStatus.Any(s => tasks.Contains(s.Name) && s.Unit != UnitType.Sync && s.Stage != Stage.Finished))
            throw SchedulerErrors.NotInSyncUnit(tasks, source);
        foreach (var task in tasks)
            await leader.Scheduler.ChangeAsync(state => TaskChanges.Order(state, Stage.Paused, task, [source]), cancellationToken);
        var paused = await Task.WhenAll(tasks.Select(task => leader.Orders.FollowAsync([source], task, _ => PausedOrFinished(task), cancellationToken)));
        if (paused.All(answers => answers.All(a => a.Result)))
            return;
        await ResumeAsync(leader, source, tasks);
        throw SchedulerErrors.CannotPause(tasks);
    }

    private static Func<QueryStatusResponse, Verdict?> PausedOrFinished(string task) => status =>
        status.SubTaskStatus.FirstOrDefault(s => s.Name == task)?.Stage is Stage.Paused or Stage.Finished ? Verdict.Success : null;

    private static async Task ResumeAsync(LeaderContext leader, string source, List<string> tasks)
    {
        foreach (var task in tasks)
            await leader.Scheduler.ChangeAsync(state => TaskChanges.Order(state, Stage.Running, task, [source]), CancellationToken.None);
    }
}
