using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Sources;
using TiFerry.Dm.Worker.Subtasks;
using TiFerry.Grpc;
using TiFerry.MySql;

namespace TiFerry.Dm.Worker.Services;

/// <summary>The service <c>pb.Worker</c>: what masters ask of a worker. Refusals are answers with <c>result: false</c>, as DM's are.</summary>
/// <param name="name">The worker's name.</param>
/// <param name="config">The worker's configuration, for people to look at.</param>
/// <param name="source">The source that it has.</param>
/// <param name="notes">Keeps binlog operations.</param>
/// <param name="log">The log.</param>
internal sealed class WorkerService(string name, Func<string> config, HostedSource source, ISubTaskNotes notes, Log log)
{
    private const string ValidationLater = "continuous validation";

    /// <summary>Serves all methods.</summary>
    public void MapTo(GrpcServer server)
    {
        server.Map(WorkerMethods.QueryStatus, (request, call) => QueryStatusAsync(request, call.Cancellation));
        server.Map(WorkerMethods.PurgeRelay, (request, call) => AnswerAsync("PurgeRelay", () => PurgeRelayAsync(request, call.Cancellation)));
        server.Map(WorkerMethods.OperateSchema, (request, call) => AnswerAsync("OperateSchema", () => SchemaOperations.RunAsync(Own(request.Source), request, call.Cancellation)));
        server.Map(WorkerMethods.HandleError, (request, call) => AnswerAsync("HandleError", () => StatementOperations.RunAsync(Bound(), request, notes, call.Cancellation)));
        server.Map(WorkerMethods.GetWorkerCfg, (_, _) => Task.FromResult(new GetWorkerCfgResponse { Cfg = config() }));
        server.Map(WorkerMethods.CheckSubtasksCanUpdate, (request, _) => Task.FromResult(CheckUpdate(request)));
        server.Map(WorkerMethods.OperateV1Meta, static (_, _) => Task.FromResult(new OperateV1MetaResponse { Result = false, Msg = WorkerErrors.NotYet("taking over tasks of DM 1.0").Message }));
        server.Map(WorkerMethods.GetWorkerValidatorStatus, static (_, _) => Task.FromResult(new GetValidationStatusResponse { Result = false, Msg = WorkerErrors.NotYet(ValidationLater).Message }));
        server.Map(WorkerMethods.GetValidatorError, static (_, _) => Task.FromResult(new GetValidationErrorResponse { Result = false, Msg = WorkerErrors.NotYet(ValidationLater).Message }));
        server.Map(WorkerMethods.OperateValidatorError, static (_, _) => Task.FromResult(new OperateValidationErrorResponse { Result = false, Msg = WorkerErrors.NotYet(ValidationLater).Message }));
        server.Map(WorkerMethods.UpdateValidator, static (_, _) => Task.FromResult(new CommonWorkerResponse { Result = false, Msg = WorkerErrors.NotYet(ValidationLater).Message }));
    }

    /// <summary>Answers <c>QueryStatus</c>.</summary>
    public async Task<QueryStatusResponse> QueryStatusAsync(QueryStatusRequest request, CancellationToken ct)
    {
        var response = new QueryStatusResponse { Result = true, SourceStatus = new SourceStatus { Source = source.Source, Worker = name } };
        if (source.Error is { } error)
            response.SourceStatus.Result = new ProcessResult { Errors = { error } };
        if (source.Worker is not { } worker)
            return Unbound(response);
        var (end, unknown) = await worker.Probe.AskAsync(ct);
        if (worker.Probe.IsDisposed)
            return Unbound(response);
        if (unknown is not null)
            response.SourceStatus.Result = new ProcessResult { Errors = { unknown } };
        response.SourceStatus.RelayStatus = worker.Relay?.Status(end);
        if (request.Name.Length > 0)
        {
            response.SubTaskStatus.Add(worker.Find(request.Name)?.Status(end)
                ?? new SubTaskStatus { Name = request.Name, Msg = $"no sub task with name {request.Name} has started" });
        }
        else
        {
            response.SubTaskStatus.AddRange(worker.SubTasks.Select(t => t.Status(end)));
            if (response.SubTaskStatus.Count == 0)
                response.Msg = "no sub task started";
        }
        return response;
    }

    private static QueryStatusResponse Unbound(QueryStatusResponse response)
    {
        response.Result = false;
        response.Msg = WorkerErrors.Unbound().Message;
        return response;
    }

    private async Task<string> PurgeRelayAsync(PurgeRelayRequest request, CancellationToken ct)
    {
        var relay = Bound().Relay ?? throw WorkerErrors.RelayDisabled(source.Source);
        await relay.PurgeAsync(request, ct);
        return "";
    }

    private CheckSubtasksCanUpdateResponse CheckUpdate(CheckSubtasksCanUpdateRequest request)
    {
        try
        {
            SubTaskUpdates.Check(Bound(), request.SubtaskCfgTomlString);
            return new CheckSubtasksCanUpdateResponse { Success = true };
        }
        catch (TiFerryException error)
        {
            return new CheckSubtasksCanUpdateResponse { Msg = error.Message };
        }
    }

    private async Task<CommonWorkerResponse> AnswerAsync(string method, Func<Task<string>> answer)
    {
        try
        {
            var response = new CommonWorkerResponse { Result = true, Msg = await answer(), Source = source.Source, Worker = name };
            log.Info("carried out a request", ("request", method));
            return response;
        }
        catch (Exception error) when (error is TiFerryException or MySqlServerException or MySqlConnectionLostException)
        {
            log.Error("a request failed", ("request", method), ("error", error));
            return new CommonWorkerResponse { Result = false, Msg = error.Message, Source = source.Source, Worker = name };
        }
    }

    private SourceWorker Bound() => source.Worker ?? throw WorkerErrors.Unbound();

    private SourceWorker Own(string asked) => Bound() is { } worker && (asked.Length == 0 || worker.Source == asked) ? worker : throw WorkerErrors.OtherSource(asked, source.Source);
}
