using System.Net;
using Microsoft.AspNetCore.Http;

namespace TiFerry.Grpc;

/// <summary>What a handler may want to know about the call that it serves.</summary>
public sealed class GrpcCallContext
{
    private readonly HttpContext _http;

    internal GrpcCallContext(HttpContext http, CancellationToken cancellation)
    {
        _http = http;
        Cancellation = cancellation;
    }

    /// <summary>Cancelled when the client gives up or is gone, its time is over, or the server stops.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Where the call comes from; null where that isn't known.</summary>
    public IPEndPoint? Peer => _http.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, _http.Connection.RemotePort) : null;

    /// <summary>The common name of the client's certificate; null without one.</summary>
    public string? PeerCommonName => _http.Connection.ClientCertificate?.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: false);

    /// <summary>A header of the call; null where it has none of that name.</summary>
    public string? Metadata(string name) => _http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;
}
