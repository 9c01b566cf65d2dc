using TiFerry.Dm.Master.Scheduling;
using TiFerry.Dm.Master.Workers;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Services;

/// <summary>start-relay, stop-relay, pause-relay, resume-relay, purge-relay.</summary>
internal static class RelayService
{
    public static async Task<OperateRelayResponse> OperateAsync(LeaderContext leader, OperateRelayRequest request, CancellationToken cancellationToken)
    {
        var start = request.Op == RelayOpV2.StartRelayV2;
        if (!start && request.Op != RelayOpV2.StopRelayV2)
            throw ServiceErrors.InvalidOperation(request.Op, "relay");
        await leader.Scheduler.ChangeAsync(
            state => start ? RelayChanges.Start(state, request.Source, request.Worker) : RelayChanges.Stop(state, request.Source, request.Worker), cancellationToken);

        var state = leader.State;
        var named = request.Worker.Distinct(StringComparer.Ordinal).ToList();
        if (named.Count == 0 && state.WorkerOf(request.Source) is { } bound)
            named.Add(bound);
        var online = named.FindAll(w => state.StageOf(w) != WorkerStage.Offline);
        var response = new OperateRelayResponse { Result = true };
        foreach (var worker in named.Except(online, StringComparer.Ordinal))
            response.Sources.Add(new CommonWorkerResponse { Result = true, Msg = "source relay is operated but the bound worker is offline", Source = request.Source, Worker = worker });
        response.Sources.AddRange(await leader.Orders.FollowAsync(request.Source, online, start ? Expectation.RelayStarted() : Expectation.RelayStopped(), cancellationToken));
        return response;
    }

    public static async Task<OperateWorkerRelayResponse> OrderAsync(LeaderContext leader, OperateWorkerRelayRequest request, CancellationToken cancellationToken)
    {
        var stage = request.Op switch
        {
            RelayOp.ResumeRelay => Stage.Running,
            RelayOp.PauseRelay => Stage.Paused,
            _ => throw ServiceErrors.InvalidOperation(request.Op, "relay"),
        };
        var sources = request.Sources.Distinct(StringComparer.Ordinal).ToList();
        await leader.Scheduler.ChangeAsync(state => RelayChanges.Order(state, stage, sources), cancellationToken);

        var response = new OperateWorkerRelayResponse { Op = request.Op, Result = true };
        foreach (var source in sources)
        {
            var workers = PullersOf(leader, source);
            if (workers.Count == 0)
                response.Sources.Add(new CommonWorkerResponse { Msg = $"{source} relevant worker-client not found", Source = source });
            response.Sources.AddRange(await leader.Orders.FollowAsync(source, workers, Expectation.RelayIn(stage), cancellationToken));
        }
        return response;
    }

    public static async Task<PurgeWorkerRelayResponse> PurgeAsync(LeaderContext leader, PurgeWorkerRelayRequest request, CancellationToken cancellationToken)
    {
        var purge = new PurgeRelayRequest { Inactive = request.Inactive, Time = request.Time, Filename = request.Filename, SubDir = request.SubDir };
        var answers = new List<Task<CommonWorkerResponse>>();
        foreach (var source in request.Sources.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var workers = PullersOf(leader, source);
            if (workers.Count == 0)
                answers.Add(Task.FromResult(new CommonWorkerResponse { Msg = $"relay worker for source {source} not found, please `start-relay` first", Source = source }));
            foreach (var worker in workers)
                answers.Add(leader.Workers.CallForSourceAsync(worker, source, WorkerMethods.PurgeRelay, purge, cancellationToken));
        }
        var response = new PurgeWorkerRelayResponse { Result = true };
        response.Sources.AddRange(await Task.WhenAll(answers));
        return response;
    }

    /// <summary>The workers that have something of a source's relay log: those by order and the one that has the source.</summary>
    private static List<string> PullersOf(LeaderContext leader, string source)
    {
        var workers = leader.State.RelayWorkersOf(source).ToList();
        if (leader.State.WorkerOf(source) is { } bound && !workers.Contains(bound, StringComparer.Ordinal))
            workers.Add(bound);
        return workers;
    }
}
