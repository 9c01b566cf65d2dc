using TiFerry.Core.Errors;
using TiFerry.Dm.Master.Scheduling;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master.Workers;

/// <summary>Asks workers until they have carried out an order, so that the user's command ends with what came of it.</summary>
/// <param name="scheduler">Says who has which source.</param>
/// <param name="workers">The workers.</param>
internal sealed class OrderFollower(Scheduler scheduler, WorkerClients workers)
{
    // DM asks 10 times, once a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    // What a worker tells of before the order has come to it is no answer: what paused a subtask, say, that is to go on now.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(2);

    /// <summary>Follows an order on the workers that the sources are bound to.</summary>
    /// <param name="sources">The sources.</param>
    /// <param name="task">The task whose status is asked for; empty for all.</param>
    /// <param name="expectation">What is expected for a source.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>An answer for each source, sorted.</returns>
    public async Task<CommonWorkerResponse[]> FollowAsync(
        IEnumerable<string> sources, string task, Func<string, Func<QueryStatusResponse, Verdict?>> expectation, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(sources.Select(source => FollowAsync(source, () => scheduler.State.WorkerOf(source), task, expectation(source), cancellationToken)));
        return Sorted(answers);
    }

    /// <summary>Follows an order for one source on some workers, wherever the source is bound.</summary>
    public async Task<CommonWorkerResponse[]> FollowAsync(
        string source, IEnumerable<string> onWorkers, Func<QueryStatusResponse, Verdict?> expectation, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(onWorkers.Select(worker => FollowAsync(source, () => worker, "", expectation, cancellationToken)));
        return Sorted(answers);
    }

    private static CommonWorkerResponse[] Sorted(CommonWorkerResponse[] answers) => [.. answers.OrderBy(a => a.Source, StringComparer.Ordinal).ThenBy(a => a.Worker, StringComparer.Ordinal)];

    private async Task<CommonWorkerResponse> FollowAsync(
        string source, Func<string?> worker, string task, Func<QueryStatusResponse, Verdict?> expectation, CancellationToken cancellationToken)
    {
        await workers.TurnAsync(cancellationToken);
        var request = new QueryStatusRequest { Name = task };
        var now = Environment.TickCount64;
        var (hasCome, until) = (now + (long)OnItsWay.TotalMilliseconds, now + (long)Patience.TotalMilliseconds);
        while (true)
        {
            if (worker() is not { } name)
                return new CommonWorkerResponse { Msg = $"{source} relevant worker-client not found", Source = source };
            string failure;
            try
            {
                var status = await workers.CallAsync(name, WorkerMethods.QueryStatus, request, cancellationToken);
                if (expectation(status) is { } verdict && (verdict.Done || Environment.TickCount64 >= hasCome))
                    return new CommonWorkerResponse { Result = verdict.Done, Msg = verdict.Message, Source = source, Worker = name };
                failure = new TiFerryException(MasterErrors.NotAsExpected, ErrorScope.Internal, "fail to get expected result", "Please execute `query-status` to check status.").Message;
            }
            catch (Exception e) when (e is TiFerryException or GrpcException)
            {
                failure = e.Message;
            }
            if (Environment.TickCount64 >= until)
                return new CommonWorkerResponse { Msg = failure, Source = source, Worker = name };
            await Task.Delay(Interval, cancellationToken);
        }
    }
}
