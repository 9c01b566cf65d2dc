using TiFerry.Core.Logging;

namespace TiFerry.Grpc;

/// <summary>How a <see cref="GrpcChannel"/> talks to its servers.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>The certificates for TLS; null for clear text.</summary>
    public GrpcTls? Tls { get; init; }

    /// <summary>The longest time for making a connection to one address, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After so long a silence while calls run, the server is asked for a sign of life. At least one second.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection whose server doesn't give a sign of life in time is dead. At least one second.</summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The biggest message that is taken from a server, in bytes.</summary>
    public int MaxMessageSize { get; init; } = 64 << 20;

    /// <summary>Gets lines about renewed certificates.</summary>
    public Log Log { get; init; } = Log.None;
}
