using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Databases;

namespace TiFerry.Dm.Config.Programs;

/// <summary>dm-master's configuration (https://docs.pingcap.com/tidb/stable/dm-master-configuration-file), complete and checked.</summary>
public sealed record MasterConfig
{
    /// <summary><c>name</c>: the member's name; <c>dm-master-HOSTNAME</c> where none is given.</summary>
    public required string Name { get; init; }

    /// <summary><c>master-addr</c>: where dm-master listens, as <c>host:port</c>; an empty host is all of the machine's addresses.</summary>
    public required string MasterAddr { get; init; }

    /// <summary><c>advertise-addr</c>: where others reach it, as <c>host:port</c>.</summary>
    public required string AdvertiseAddr { get; init; }

    /// <summary><c>log-level</c>.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Info;

    /// <summary><c>log-file</c>; empty for standard output.</summary>
    public string LogFile { get; init; } = "";

    /// <summary><c>rpc-timeout</c>: the longest wait for a worker's answer.</summary>
    public TimeSpan RpcTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>rpc-rate-limit</c>: how many workers are asked in a second at most; 0 for no limit.</summary>
    public double RpcRateLimit { get; init; }

    /// <summary><c>rpc-rate-burst</c>: how many are asked at once before that holds.</summary>
    public int RpcRateBurst { get; init; } = 40;

    /// <summary><c>data-dir</c>: the etcd member's directory.</summary>
    public required string DataDir { get; init; }

    /// <summary><c>peer-urls</c>: where the etcd member listens for others, with schemes, separated by commas.</summary>
    public required string PeerUrls { get; init; }

    /// <summary><c>advertise-peer-urls</c>: where other etcd members reach it, with schemes, separated by commas.</summary>
    public required string AdvertisePeerUrls { get; init; }

    /// <summary><c>initial-cluster</c>: <c>name=url</c> of all members a new cluster begins with, separated by commas.</summary>
    public required string InitialCluster { get; init; }

    /// <summary><c>initial-cluster-state</c>: <c>new</c> or <c>existing</c>.</summary>
    public string InitialClusterState { get; init; } = "new";

    /// <summary><c>join</c>: addresses of masters, with schemes, separated by commas, whose cluster this one joins; empty for none.</summary>
    public string Join { get; init; } = "";

    /// <summary><c>etcd-endpoints</c>: addresses of an etcd cluster that is used instead of an own member, with schemes, separated by commas; empty for an own member.</summary>
    public string EtcdEndpoints { get; init; } = "";

    /// <summary><c>max-txn-ops</c> of etcd.</summary>
    public int MaxTxnOps { get; init; } = 2048;

    /// <summary><c>max-request-bytes</c> of etcd.</summary>
    public int MaxRequestBytes { get; init; } = 1_572_864;

    /// <summary><c>auto-compaction-mode</c> of etcd: <c>periodic</c> or <c>revision</c>.</summary>
    public string AutoCompactionMode { get; init; } = "periodic";

    /// <summary><c>auto-compaction-retention</c> of etcd: a duration, or a number of hours or revisions.</summary>
    public string AutoCompactionRetention { get; init; } = "1h";

    /// <summary><c>quota-backend-bytes</c> of etcd; 500 MiB at least.</summary>
    public long QuotaBackendBytes { get; init; } = 2L << 30;

    /// <summary><c>openapi</c>: whether the REST API is served.</summary>
    public bool OpenApi { get; init; }

    /// <summary><c>ssl-ca</c>, <c>ssl-cert</c>, <c>ssl-key</c> and <c>cert-allowed-cn</c>; empty for clear text.</summary>
    public SecurityConfig Security { get; init; } = new();

    /// <summary><c>secret-key-path</c>: the file of the key that passwords are encrypted with; empty for none.</summary>
    public string SecretKeyPath { get; init; } = "";

    /// <summary>The path of the file that was read; empty for none.</summary>
    public string ConfigFile { get; init; } = "";

    /// <summary>What should be logged of the settings: some do nothing, some were raised.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Whether dm-master serves and calls over TLS.</summary>
    public bool UsesTls => Security.SslCa.Length > 0;

    /// <summary>Reads a command line and the file that it names.</summary>
    /// <exception cref="TiFerryException">A setting is unknown, or can't be used.</exception>
    public static ProgramStart<MasterConfig> FromArguments(IReadOnlyList<string> arguments) => MasterSettings.Read(arguments);

    /// <summary>The cipher of <see cref="SecretKeyPath"/>.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadSecretKey"/>: the file can't be read, or holds no key.</exception>
    public PasswordCipher OpenCipher() => SecretKeyFile.Read(SecretKeyPath);

    /// <summary>All settings as a file, which <c>config master</c> shows.</summary>
    public string ToToml() => TomlWriter.Write(new OrderedDictionary<string, object?>
    {
        ["log-level"] = LogLevel.ToString().ToLowerInvariant(),
        ["log-file"] = LogFile,
        ["log-format"] = "text",
        ["rpc-timeout"] = GoDuration.Format(RpcTimeout),
        ["rpc-rate-limit"] = RpcRateLimit,
        ["rpc-rate-burst"] = RpcRateBurst,
        ["master-addr"] = MasterAddr,
        ["advertise-addr"] = AdvertiseAddr,
        ["config-file"] = ConfigFile,
        ["name"] = Name,
        ["data-dir"] = DataDir,
        ["peer-urls"] = PeerUrls,
        ["advertise-peer-urls"] = AdvertisePeerUrls,
        ["initial-cluster"] = InitialCluster,
        ["initial-cluster-state"] = InitialClusterState,
        ["join"] = Join,
        ["etcd-endpoints"] = EtcdEndpoints,
        ["max-txn-ops"] = MaxTxnOps,
        ["max-request-bytes"] = MaxRequestBytes,
        ["auto-compaction-mode"] = AutoCompactionMode,
        ["auto-compaction-retention"] = AutoCompactionRetention,
        ["quota-backend-bytes"] = QuotaBackendBytes,
        ["openapi"] = OpenApi,
        ["ssl-ca"] = Security.SslCa,
        ["ssl-cert"] = Security.SslCert,
        ["ssl-key"] = Security.SslKey,
        ["cert-allowed-cn"] = Security.CertAllowedCn.Cast<object?>().ToList(),
        ["secret-key-path"] = SecretKeyPath,
    });
}
