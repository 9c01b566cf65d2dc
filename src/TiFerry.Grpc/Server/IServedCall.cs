using Microsoft.AspNetCore.Http;

namespace TiFerry.Grpc.Server;

/// <summary>What serves the calls of a method.</summary>
internal interface IServedCall
{
    /// <summary>Whether calls are ended as soon as the server stops, instead of being waited for.</summary>
    bool IsLong { get; }

    /// <summary>Reads the request and writes the response's messages.</summary>
    /// <returns>How the call ended; null for success. What is thrown becomes the status too.</returns>
    Task<GrpcException?> ServeAsync(HttpContext http, int maxMessageSize, CancellationToken ct);
}
