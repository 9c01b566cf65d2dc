using System.Runtime.CompilerServices;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using TiFerry.Grpc.Wire;

namespace TiFerry.Grpc.Server;

/// <summary>Many messages each way; a flush that waits for the client is what slows the handler down.</summary>
internal sealed class StreamCall<TRequest, TResponse>(
    GrpcMethod<TRequest, TResponse> method, Func<IAsyncEnumerable<TRequest>, GrpcCallContext, IAsyncEnumerable<TResponse>> handler) : IServedCall
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    public bool IsLong => true;

    public static async IAsyncEnumerable<TResponse> OfOne(
        IAsyncEnumerable<TRequest> requests, GrpcCallContext context, Func<TRequest, GrpcCallContext, IAsyncEnumerable<TResponse>> handler)
    {
        await using var one = requests.GetAsyncEnumerator(context.Cancellation);
        if (!await one.MoveNextAsync())
            throw new GrpcException(GrpcStatus.Internal, "the call came without a message");
        await foreach (var response in handler(one.Current, context).WithCancellation(context.Cancellation))
            yield return response;
    }

    public async Task<GrpcException?> ServeAsync(HttpContext http, int maxMessageSize, CancellationToken ct)
    {
        var output = http.Response.BodyWriter;
        // The headers go at once: some clients wait for them before they take the stream for open.
        await output.FlushAsync(ct);
        await foreach (var response in handler(ReadAsync(http, maxMessageSize, ct), new GrpcCallContext(http, ct)).WithCancellation(ct))
        {
            MessageFrames.Write(output, response);
            await output.FlushAsync(ct);
        }

        return null;
    }

    private async IAsyncEnumerable<TRequest> ReadAsync(HttpContext http, int maxMessageSize, [EnumeratorCancellation] CancellationToken ct)
    {
        while (await MessageFrames.ReadAsync(http.Request.BodyReader, method.Requests, maxMessageSize, ct) is { } request)
            yield return request;
    }
}
