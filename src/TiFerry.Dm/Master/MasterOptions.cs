using System.Net;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Master.Databases;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master;

/// <summary>What a master serves with.</summary>
public sealed record MasterOptions
{
    /// <summary>This master, as others know it.</summary>
    public required MasterIdentity Self { get; init; }

    /// <summary>Where it listens; port 0 for a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Servers of etcd: its own member, or the user's.</summary>
    public required IReadOnlyList<string> EtcdEndpoints { get; init; }

    /// <summary>Whether the first endpoint is this master's own member, and each master has one.</summary>
    public bool HasMember { get; init; }

    /// <summary>Certificates for the port and for calls to other masters and to workers; null for clear text.</summary>
    public GrpcTls? Tls { get; init; }

    /// <summary>Certificates for calls to etcd; null for clear text.</summary>
    public GrpcTls? EtcdTls { get; init; }

    /// <summary>Encrypts passwords.</summary>
    public PasswordCipher Cipher { get; init; } = PasswordCipher.None;

    /// <summary>The longest time for a call to a worker.</summary>
    public TimeSpan RpcTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many workers are asked in a second at most; 0 for no limit.</summary>
    public double RpcRateLimit { get; init; }

    /// <summary>How many are asked at once before that holds.</summary>
    public int RpcRateBurst { get; init; } = 40;

    /// <summary>Where certificates are put that stand in configurations themselves.</summary>
    public required string CertificateDirectory { get; init; }

    /// <summary>What is asked of the databases themselves; null for the databases.</summary>
    internal DatabaseAccess? Databases { get; init; }

    /// <summary>This master's configuration (TOML), for people to look at.</summary>
    public string ConfigText { get; init; } = "";

    /// <summary>How long after a leader's last sign of life another master leads.</summary>
    public TimeSpan ElectionTtl { get; init; } = TimeSpan.FromSeconds(10);
}
