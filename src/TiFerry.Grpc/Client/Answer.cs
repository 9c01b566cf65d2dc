using System.Net.Http.Headers;
using TiFerry.Grpc.Wire;

namespace TiFerry.Grpc.Client;

/// <summary>Reads out of an HTTP answer, or out of its failure, how the call ended.</summary>
internal static class Answer
{
    /// <summary>Null when messages follow; else how the call ended, as an answer of headers only says it.</summary>
    public static GrpcException? Early(HttpResponseMessage response)
    {
        if (StatusIn(response.Headers) is { } status)
            return status;
        if (!response.IsSuccessStatusCode)
            return new GrpcException(StatusText.OfHttp((int)response.StatusCode), $"the server answered with HTTP status {(int)response.StatusCode}");
        var type = response.Content.Headers.ContentType?.ToString();
        return MessageFrames.IsGrpc(type) ? null : new GrpcException(GrpcStatus.Unknown, $"the server answered with content of type '{type}', it doesn't speak gRPC");
    }

    /// <summary>How the call ended, after its last message.</summary>
    public static GrpcException Final(HttpResponseMessage response) =>
        StatusIn(response.TrailingHeaders) ?? new GrpcException(GrpcStatus.Internal, "the answer ended without a status");

    /// <summary>What an error of the HTTP client means.</summary>
    public static GrpcException Of(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case GrpcException known:
                    return known;
                case ConnectFailedException unreachable:
                    return new GrpcException(GrpcStatus.Unavailable, unreachable.Message, error);
                case HttpProtocolException reset:
                    return new GrpcException(OfReset(reset.ErrorCode), $"the server ended the call: {reset.Message}", error);
            }
        }

        return new GrpcException(GrpcStatus.Unavailable, $"the connection was lost: {error.GetBaseException().Message}", error);
    }

    public static bool NeverSent(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (e is ConnectFailedException)
                return true;
        }

        return false;
    }

    private static GrpcException? StatusIn(HttpHeaders headers)
    {
        if (!headers.TryGetValues(StatusText.StatusHeader, out var numbers))
            return null;
        var message = headers.TryGetValues(StatusText.MessageHeader, out var messages) ? StatusText.Decode(string.Concat(messages)) : "";
        return new GrpcException(StatusText.Parse(numbers.First()), message);
    }

    // HTTP/2 error codes (RFC 9113, section 7) and their meaning in gRPC over HTTP/2, "Errors".
    private static GrpcStatus OfReset(long code) => code switch
    {
        0x0 or 0x7 => GrpcStatus.Unavailable,
        0x8 => GrpcStatus.Cancelled,
        0xb => GrpcStatus.ResourceExhausted,
        0xc => GrpcStatus.PermissionDenied,
        _ => GrpcStatus.Internal,
    };
}
