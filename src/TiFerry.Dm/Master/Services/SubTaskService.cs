using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Services;

/// <summary>binlog and binlog-schema: what a subtask's worker does, passed on to it.</summary>
internal static class SubTaskService
{
    public static async Task<OperateSchemaResponse> OperateSchemaAsync(LeaderContext leader, OperateSchemaRequest request, CancellationToken cancellationToken)
    {
        if (request.Sources.Count == 0)
            throw ServiceErrors.Refused("must specify at least one source");
        var response = new OperateSchemaResponse { Result = true };
        response.Sources.AddRange(await AskAsync(leader, request.Sources, WorkerMethods.OperateSchema, source => new OperateWorkerSchemaRequest
        {
            Op = request.Op,
            Task = request.Task,
            Source = source,
            Database = request.Database,
            Table = request.Table,
            Schema = request.Schema,
            Flush = request.Flush,
            Sync = request.Sync,
            FromSource = request.FromSource,
            FromTarget = request.FromTarget,
        }, cancellationToken));
        return response;
    }

    public static async Task<HandleErrorResponse> HandleErrorAsync(LeaderContext leader, HandleErrorRequest request, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> sources = request.Sources.Count > 0 ? request.Sources : leader.State.SourcesOf(request.Task);
        if (sources.Count == 0)
            throw ServiceErrors.Refused($"task {request.Task} has no source or not exist, please check the task name and status");
        var order = new HandleWorkerErrorRequest { Op = request.Op, Task = request.Task, BinlogPos = request.BinlogPos };
        order.Sqls.AddRange(request.Sqls);
        var response = new HandleErrorResponse { Result = true };
        response.Sources.AddRange(await AskAsync(leader, sources, WorkerMethods.HandleError, _ => order, cancellationToken));
        return response;
    }

    private static async Task<CommonWorkerResponse[]> AskAsync<TRequest>(
        LeaderContext leader, IEnumerable<string> sources, Grpc.GrpcMethod<TRequest, CommonWorkerResponse> method, Func<string, TRequest> request, CancellationToken cancellationToken)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>, new() => await Task.WhenAll(sources.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(source =>
            leader.State.WorkerOf(source) is { } worker
                ? leader.Workers.CallForSourceAsync(worker, source, method, request(source), cancellationToken)
                : Task.FromResult(new CommonWorkerResponse { Msg = $"source {source} relevant worker-client not found", Source = source })));
}
