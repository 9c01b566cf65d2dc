using TiFerry.Core.Logging;
using TiFerry.Grpc;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>What an <see cref="EtcdMember"/> is to be. Defaults of limits are those of DM's embedded etcd.</summary>
public sealed record EtcdMemberOptions
{
    /// <summary>The member's name, unique in the cluster.</summary>
    public required string Name { get; init; }

    /// <summary>A folder for this member only. etcd's data is in its subfolder <c>etcd</c>, its log in <c>etcd.log</c>.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where other members are let in: <c>http://host:port</c>, or https with <see cref="PeerTls"/>.</summary>
    public required IReadOnlyList<string> PeerUrls { get; init; }

    /// <summary>Where other members reach this one; empty for <see cref="PeerUrls"/>.</summary>
    public IReadOnlyList<string> AdvertisePeerUrls { get; init; } = [];

    /// <summary>What the cluster tells clients of this member: its master's address.</summary>
    public required IReadOnlyList<string> AdvertiseClientUrls { get; init; }

    /// <summary>The members at the beginning, <c>name=url,name=url</c>; null for this one alone. Without a say once there is data.</summary>
    public string? InitialCluster { get; init; }

    /// <summary><c>new</c>, or <c>existing</c> for a member that was added to a running cluster.</summary>
    public string InitialClusterState { get; init; } = "new";

    /// <summary>Keeps clusters apart that are mixed up by their addresses.</summary>
    public string ClusterToken { get; init; } = "dm-cluster";

    /// <summary>The certificates among members; null for clear text.</summary>
    public GrpcTls? PeerTls { get; init; }

    /// <summary><c>periodic</c> or <c>revision</c>.</summary>
    public string AutoCompactionMode { get; init; } = "periodic";

    /// <summary>How much history is kept: a duration such as <c>1h</c>, or a number of revisions.</summary>
    public string AutoCompactionRetention { get; init; } = "1h";

    /// <summary>How big the database may become, in bytes.</summary>
    public long QuotaBackendBytes { get; init; } = 2L << 30;

    /// <summary>How many steps a transaction may have.</summary>
    public int MaxTxnOps { get; init; } = 2048;

    /// <summary>The biggest request, in bytes.</summary>
    public int MaxRequestBytes { get; init; } = 3 << 19;

    /// <summary>etcd's own log level.</summary>
    public string LogLevel { get; init; } = "info";

    /// <summary>etcd's program.</summary>
    public string Program { get; init; } = "etcd";

    /// <summary>How often the member may die in a row, each time before it has run for a minute.</summary>
    public int MaxRestarts { get; init; } = 5;

    /// <summary>Gets lines about starts, ends and waiting.</summary>
    public Log Log { get; init; } = Log.None;
}
