using System.Collections.Concurrent;
using Google.Protobuf;
using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master.Workers;

/// <summary>Calls to workers, by their names. Connections are kept.</summary>
/// <param name="state">Gives the cluster's state, which knows the workers' addresses.</param>
/// <param name="options">How to connect.</param>
/// <param name="timeout">The longest time for a call.</param>
/// <param name="rate">How often workers are asked at most.</param>
internal sealed class WorkerClients(Func<ClusterState> state, GrpcChannelOptions options, TimeSpan timeout, CallRate rate) : IDisposable
{
    private readonly ConcurrentDictionary<string, GrpcChannel> _channels = new(StringComparer.Ordinal);

    /// <summary>Waits until another worker may be asked. As in DM, that holds for questions to many at once, and repeating one is free.</summary>
    public Task TurnAsync(CancellationToken cancellationToken) => rate.WaitAsync(cancellationToken);

    /// <summary>Calls a worker.</summary>
    /// <exception cref="GrpcException">The call didn't succeed.</exception>
    /// <exception cref="TiFerryException">There is no such worker.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(string worker, GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        if (state().Workers.GetValueOrDefault(worker) is not { } known)
            throw Scheduling.SchedulerErrors.NoWorker([worker]);
        var channel = _channels.GetOrAdd(known.Address, static (address, options) => new GrpcChannel(address, options), options);
        return await channel.CallAsync(method, request, new GrpcCallOptions { Timeout = timeout }, cancellationToken);
    }

    /// <summary>Calls a worker about a source; a failure is an answer, too.</summary>
    public async Task<CommonWorkerResponse> CallForSourceAsync<TRequest>(
        string worker, string source, GrpcMethod<TRequest, CommonWorkerResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
    {
        try
        {
            var answer = await CallAsync(worker, method, request, cancellationToken);
            answer.Source = source;
            if (answer.Worker.Length == 0)
                answer.Worker = worker;
            return answer;
        }
        catch (Exception e) when (e is TiFerryException or GrpcException)
        {
            return new CommonWorkerResponse { Msg = e.Message, Source = source, Worker = worker };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels.Values)
            channel.Dispose();
    }
}
