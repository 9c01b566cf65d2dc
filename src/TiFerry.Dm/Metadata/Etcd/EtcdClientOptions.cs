using TiFerry.Core.Logging;
using TiFerry.Grpc;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>How an <see cref="EtcdClient"/> talks to its servers.</summary>
public sealed record EtcdClientOptions
{
    /// <summary>The certificates for TLS; null for clear text.</summary>
    public GrpcTls? Tls { get; init; }

    /// <summary>The longest time for a call with all its attempts; DM's is the same.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait for one server, where another may be asked after it.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The clock, for leases too; one that goes on while the machine sleeps by default.</summary>
    public TimeProvider Time { get; init; } = BootTime.Instance;

    /// <summary>Gets lines about lost connections.</summary>
    public Log Log { get; init; } = Log.None;
}
