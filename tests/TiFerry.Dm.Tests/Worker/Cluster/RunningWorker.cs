using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Worker.Cluster;

/// <summary>A worker in this process.</summary>
internal sealed class RunningWorker : IAsyncDisposable
{
    private readonly WorkerServer _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly GrpcChannel _channel;
    private readonly Task _running;

    public RunningWorker(WorkerConfig config)
    {
        Config = config;
        _server = new WorkerServer(config, Log.None);
        _running = Task.Run(() => _server.RunAsync(_stop.Token));
        _channel = new GrpcChannel(config.AdvertiseAddr);
    }

    public WorkerConfig Config { get; }

    public Task<QueryStatusResponse> StatusAsync() => WorkerCalls.StatusAsync(_channel);

    /// <summary>Waits until it answers.</summary>
    public Task ServesAsync() => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return (await StatusAsync()).SourceStatus.Worker == Config.Name;
            }
            catch (GrpcException)
            {
                return false;
            }
        },
        () => "it does not serve");

    public Task<TResponse> CallAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>, new()
        where TResponse : class, Google.Protobuf.IMessage<TResponse>, new() => _channel.CallAsync(method, request);

    public Task InAsync(Stage stage) => WorkerCalls.InAsync(_channel, stage);

    /// <summary>Stops in an orderly way.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _server.DisposeAsync();
        _channel.Dispose();
        _stop.Dispose();
    }
}

/// <summary>What tests ask a worker.</summary>
internal static class WorkerCalls
{
    public static Task<QueryStatusResponse> StatusAsync(GrpcChannel worker) => worker.CallAsync(WorkerMethods.QueryStatus, new QueryStatusRequest(), new GrpcCallOptions { Timeout = TimeSpan.FromSeconds(20) });

    /// <summary>Waits until the worker's only subtask is in a stage.</summary>
    public static async Task InAsync(GrpcChannel worker, Stage stage)
    {
        var last = "";
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    var status = await StatusAsync(worker);
                    last = status.ToString();
                    return status.SubTaskStatus.SingleOrDefault()?.Stage == stage;
                }
                catch (GrpcException error)
                {
                    last = error.Message;
                    return false;
                }
            },
            () => $"not in stage {stage}: {last}");
    }
}
