using TiFerry.Core.Logging;

namespace TiFerry.Grpc;

/// <summary>How a <see cref="GrpcServer"/> serves.</summary>
public sealed record GrpcServerOptions
{
    /// <summary>The certificates for TLS; null for clear text. With <see cref="GrpcTls.CaFile"/> only clients with a right certificate are served, HTTP/1.1 included.</summary>
    public GrpcTls? Tls { get; init; }

    /// <summary>The biggest message that is taken from a client, in bytes.</summary>
    public int MaxMessageSize { get; init; } = 64 << 20;

    /// <summary>Gets lines about refused clients and failed handlers.</summary>
    public Log Log { get; init; } = Log.None;
}
