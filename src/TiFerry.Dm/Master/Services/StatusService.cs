using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master.Services;

/// <summary>query-status: what the workers say about their sources and subtasks.</summary>
internal static class StatusService
{
    public static async Task<QueryStatusListResponse> QueryAsync(LeaderContext leader, QueryStatusListRequest request, CancellationToken cancellationToken)
    {
        var state = leader.State;
        var named = request.Sources.Count > 0;
        var sources = SourcesOf(state, request);
        var answers = (await Task.WhenAll(sources.SelectMany(source => AskAsync(leader, state, source, named, request.Name, cancellationToken)))).ToList();
        if (request.Name.Length == 0)
            answers.AddRange(WithoutAnswer(state, named ? sources : state.Sources.Keys, answers));
        var response = new QueryStatusListResponse { Result = true };
        response.Sources.AddRange(answers.OrderBy(a => a.SourceStatus.Source, StringComparer.Ordinal).ThenBy(a => a.SourceStatus.Worker, StringComparer.Ordinal));
        return response;
    }

    private static List<string> SourcesOf(ClusterState state, QueryStatusListRequest request)
    {
        if (request.Sources.Count > 0)
        {
            var unknown = request.Sources.Where(s => !state.Sources.ContainsKey(s)).ToList();
            return unknown.Count == 0 ? [.. request.Sources.Distinct(StringComparer.Ordinal)] : throw ServiceErrors.Refused($"sources {Scheduling.SchedulerErrors.List(unknown)} haven't been added");
        }
        if (request.Name.Length == 0)
            return [.. state.Bindings.Values.Select(b => b.Source)];
        var sources = state.SourcesOf(request.Name);
        return sources.Count > 0 ? [.. sources] : throw ServiceErrors.Refused($"task {request.Name} has no source or not exist");
    }

    private static IEnumerable<Task<QueryStatusResponse>> AskAsync(LeaderContext leader, ClusterState state, string source, bool withRelay, string task, CancellationToken cancellationToken)
    {
        // Who names a source wants to see all who have something of it.
        var workers = withRelay ? state.RelayWorkersOf(source).ToList() : [];
        if (state.WorkerOf(source) is { } bound && !workers.Contains(bound, StringComparer.Ordinal))
            workers.Add(bound);
        if (workers.Count == 0)
        {
            var error = new TiFerryException(
                MasterErrors.NoWorkerOfSource, ErrorScope.Internal, $"{source} relevant worker-client not found", "Please use list-member command to see if the some workers are offline.");
            return [Task.FromResult(Failure(source, "", error.Message))];
        }
        return workers.Select(worker => AskAsync(leader, source, worker, task, cancellationToken));
    }

    private static async Task<QueryStatusResponse> AskAsync(LeaderContext leader, string source, string worker, string task, CancellationToken cancellationToken)
    {
        await leader.Workers.TurnAsync(cancellationToken);
        try
        {
            var status = await leader.Workers.CallAsync(worker, WorkerMethods.QueryStatus, new QueryStatusRequest { Name = task }, cancellationToken);
            status.SourceStatus ??= new SourceStatus();
            status.SourceStatus.Source = source;
            if (status.SourceStatus.Worker.Length == 0)
                status.SourceStatus.Worker = worker;
            return status;
        }
        catch (Exception e) when (e is TiFerryException or GrpcException)
        {
            return Failure(source, worker, e.Message);
        }
    }

    // A task is shown even where nobody works on it at the moment.
    private static IEnumerable<QueryStatusResponse> WithoutAnswer(ClusterState state, IEnumerable<string> sources, IEnumerable<QueryStatusResponse> answers)
    {
        var answered = answers.Select(a => a.SourceStatus.Source).ToHashSet(StringComparer.Ordinal);
        foreach (var source in sources.Where(s => !answered.Contains(s)))
        {
            var tasks = state.TasksOf(source);
            if (tasks.Count == 0)
                continue;
            var answer = Failure(
                source, "source not bound", $"can't find task={string.Join(',', tasks)} from dm-worker for source={source}, please use dmctl list-member to check if worker is offline.");
            answer.SubTaskStatus.AddRange(tasks.Select(task => new SubTaskStatus { Name = task }));
            yield return answer;
        }
    }

    private static QueryStatusResponse Failure(string source, string worker, string message) => new() { Msg = message, SourceStatus = new SourceStatus { Source = source, Worker = worker } };
}
