using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using TiFerry.Grpc.Wire;

namespace TiFerry.Grpc.Server;

/// <summary>One message in, one out.</summary>
internal sealed class UnaryCall<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, Func<TRequest, GrpcCallContext, Task<TResponse>> handler) : IServedCall
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    public bool IsLong => false;

    public async Task<GrpcException?> ServeAsync(HttpContext http, int maxMessageSize, CancellationToken ct)
    {
        var input = http.Request.BodyReader;
        var request = await MessageFrames.ReadAsync(input, method.Requests, maxMessageSize, ct)
            ?? throw new GrpcException(GrpcStatus.Internal, "the call came without a message");
        if (await MessageFrames.ReadAsync(input, method.Requests, maxMessageSize, ct) is not null)
            throw new GrpcException(GrpcStatus.Internal, "the call came with more than one message");
        var response = await handler(request, new GrpcCallContext(http, ct)).WaitAsync(ct);
        MessageFrames.Write(http.Response.BodyWriter, response);
        await http.Response.BodyWriter.FlushAsync(ct);
        return null;
    }
}
