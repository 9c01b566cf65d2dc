using System.Net;
using Google.Protobuf.WellKnownTypes;

namespace TiFerry.Grpc.Tests;

/// <summary>A service of texts, with one method of each form.</summary>
internal static class Echo
{
    public static readonly GrpcMethod<StringValue, StringValue> Say = new("test.Echo", "Say");
    public static readonly GrpcMethod<Int32Value, StringValue> Count = new("test.Echo", "Count");
    public static readonly GrpcMethod<StringValue, StringValue> Chat = new("test.Echo", "Chat");
    public static readonly GrpcMethod<StringValue, StringValue> Unknown = new("test.Echo", "Unknown");

    public static StringValue Text(string text) => new() { Value = text };

    public static async Task<GrpcServer> StartAsync(GrpcServerOptions? options = null, Action<GrpcServer>? more = null, int port = 0)
    {
        var server = new GrpcServer(options);
        server.Map(Say, SayAsync);
        server.MapServerStream(Count, CountAsync);
        server.MapDuplex(Chat, ChatAsync);
        more?.Invoke(server);
        await server.StartAsync(new IPEndPoint(IPAddress.Loopback, port));
        return server;
    }

    public static GrpcChannel Channel(this GrpcServer server, GrpcChannelOptions? options = null) => new($"127.0.0.1:{server.EndPoint.Port}", options);

    private static async Task<StringValue> SayAsync(StringValue request, GrpcCallContext context)
    {
        switch (request.Value)
        {
            case "fail":
                throw new InvalidOperationException("100% wrong: größer als 3\n");
            case "missing":
                throw new GrpcException(GrpcStatus.NotFound, "no such thing");
            case "wait":
                await Task.Delay(Timeout.Infinite, context.Cancellation);
                break;
            case "token":
                return Text(context.Metadata("token") ?? "none");
        }

        return Text("you said " + request.Value);
    }

    private static async IAsyncEnumerable<StringValue> CountAsync(Int32Value request, GrpcCallContext context)
    {
        await Task.Yield();
        for (var i = 1; i <= request.Value; i++)
            yield return Text(i.ToString());
        if (request.Value < 0)
            throw new GrpcException(GrpcStatus.OutOfRange, "can't count down");
    }

    private static async IAsyncEnumerable<StringValue> ChatAsync(IAsyncEnumerable<StringValue> requests, GrpcCallContext context)
    {
        await foreach (var request in requests)
            yield return Text("re: " + request.Value);
        yield return Text("bye");
    }
}
