using System.Collections.Concurrent;
using Google.Protobuf;
using TiFerry.Core.Metrics;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master.Http;

/// <summary>How often each call was made and how it ended, under the names that DM's masters have from their gRPC server (<c>grpc_server_...</c>).</summary>
internal sealed class CallMetrics
{
    private readonly ConcurrentDictionary<(string Service, string Method), long> _started = new();
    private readonly ConcurrentDictionary<(string Service, string Method, GrpcStatus Status), long> _handled = new();

    /// <summary>Serves a call and counts it.</summary>
    public async Task<TResponse> CountAsync<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<Task<TResponse>> serve)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        _started.AddOrUpdate((method.Service, method.Name), 1, (_, count) => count + 1);
        var status = GrpcStatus.Unknown;
        try
        {
            var response = await serve();
            status = GrpcStatus.Ok;
            return response;
        }
        catch (GrpcException e)
        {
            status = e.Status;
            throw;
        }
        catch (OperationCanceledException)
        {
            status = GrpcStatus.Cancelled;
            throw;
        }
        finally
        {
            _handled.AddOrUpdate((method.Service, method.Name, status), 1, (_, count) => count + 1);
        }
    }

    /// <summary>Writes the counts.</summary>
    public void Write(PrometheusWriter writer)
    {
        writer.Begin("grpc_server_started_total", MetricType.Counter, "Total number of RPCs started on the server.");
        foreach (var (call, count) in _started)
            writer.Sample(count, [.. Labels(call.Service, call.Method)]);
        writer.Begin("grpc_server_handled_total", MetricType.Counter, "Total number of RPCs completed on the server, regardless of success or failure.");
        foreach (var (call, count) in _handled)
            writer.Sample(count, [new MetricLabel("grpc_code", CodeOf(call.Status)), .. Labels(call.Service, call.Method)]);
    }

    private static MetricLabel[] Labels(string service, string method) => [new("grpc_method", method), new("grpc_service", service), new("grpc_type", "unary")];

    private static string CodeOf(GrpcStatus status) => status switch
    {
        GrpcStatus.Ok => "OK",
        GrpcStatus.Cancelled => "Canceled",
        _ => status.ToString(),
    };
}
