using System.Globalization;
using TiFerry.Core.Config;

namespace TiFerry.Dm.Config.Programs;

/// <summary>Reads dm-master's command line and file.</summary>
internal static class MasterSettings
{
    private const string DefaultAddress = "127.0.0.1:8261";
    private const string DefaultPeerUrls = "http://127.0.0.1:8291";
    private const long LeastQuotaBytes = 500L << 20;

    private static readonly FlagSet Flags = new("dm-master",
    [
        .. ProgramFlags.Printing,
        .. ProgramFlags.Server,
        new("master-addr", "address to listen on, for workers, dmctl and status") { Default = DefaultAddress },
        new("advertise-addr", "address that others reach it by (default: master-addr)"),
        new("data-dir", "directory of the etcd member (default: default.NAME)"),
        new("initial-cluster", $"the members that a new cluster begins with, as in dm-master={DefaultPeerUrls}"),
        new("initial-cluster-state", "new or existing") { Default = "new" },
        new("peer-urls", "URLs to listen on, for other etcd members") { Default = DefaultPeerUrls },
        new("advertise-peer-urls", "URLs that other etcd members reach it by (default: peer-urls)"),
        new("join", "addresses of masters whose cluster to join, as in 127.0.0.1:8261,127.0.0.1:18261"),
        new("etcd-endpoints", "addresses of an etcd cluster to use instead of an own member"),
        new("max-txn-ops", "etcd's max-txn-ops") { Default = "2048" },
        new("max-request-bytes", "etcd's max-request-bytes") { Default = "1572864" },
        new("auto-compaction-mode", "etcd's auto-compaction-mode: periodic or revision") { Default = "periodic" },
        new("auto-compaction-retention", "etcd's auto-compaction-retention, as in 5h, or 5: hours or revisions") { Default = "1h" },
        new("quota-backend-bytes", "etcd's storage quota in bytes") { Default = "2147483648" },
        new("openapi", "serve the REST API") { IsSwitch = true },
        new("rpc-timeout", "longest wait for a worker's answer") { Default = "30s" },
        new("rpc-rate-limit", "workers asked in a second at most, 0 for no limit") { Default = "0" },
        new("rpc-rate-burst", "workers asked at once before that holds") { Default = "40" },
        .. ProgramFlags.Tls,
        ProgramFlags.CertAllowedCn,
        new("secret-key-path", "path of a file with the key that passwords are encrypted with: 64 hexadecimal digits"),
        new("v1-sources-path", "no longer: see the error"),
    ], ProgramErrors.MasterBadFlag);

    private static readonly string[] Keys =
    [
        "log-level", "log-file", "log-format", "log-rotate", "rpc-timeout", "rpc-rate-limit", "rpc-rate-burst", "master-addr", "advertise-addr", "config-file", "name", "data-dir",
        "peer-urls", "advertise-peer-urls", "initial-cluster", "initial-cluster-state", "join", "etcd-endpoints", "max-txn-ops", "max-request-bytes", "auto-compaction-mode",
        "auto-compaction-retention", "quota-backend-bytes", "openapi", "v1-sources-path", "ssl-ca", "ssl-cert", "ssl-key", "cert-allowed-cn", "secret-key-path", "experimental",
    ];

    /// <summary>Reads them.</summary>
    public static ProgramStart<MasterConfig> Read(IReadOnlyList<string> arguments)
    {
        var given = Flags.Parse(arguments);
        var output = ProgramFlags.Output(given, Flags, "dm-master", SampleConfigs.Master);
        return output.Length > 0
            ? new(null, output)
            : new(ProgramSettings.Read(given, Keys, ProgramErrors.MasterBadFile, ProgramErrors.MasterUnknownKey).Build(Build), "");
    }

    private static MasterConfig Build(ProgramSettings settings)
    {
        var map = settings.Map;
        settings.CheckLog();
        if (map["v1-sources-path"] is { } old && old.AsText().Length > 0)
            throw old.Bad("a cluster of DM 1.0 can't be taken over", "start a new cluster, and add its sources with 'operate-source create' and its tasks with 'start-task'", TaskFileErrors.NotAvailable);
        var security = settings.Security();
        var tls = security.SslCa.Length > 0;
        var name = Text(map, "name", $"dm-master-{Environment.MachineName}");
        var (address, advertised) = ServerAddresses.Read(settings, "master-addr", DefaultAddress, ProgramErrors.MasterBadAddress, ProgramErrors.MasterBadAdvertiseAddress);
        var peerUrls = Urls(settings, "peer-urls", DefaultPeerUrls, tls);
        var advertisedPeerUrls = Urls(settings, "advertise-peer-urls", peerUrls, tls);
        return new MasterConfig
        {
            Name = name,
            MasterAddr = address,
            AdvertiseAddr = advertised,
            LogLevel = settings.LogLevel(),
            LogFile = map.Text("log-file"),
            RpcTimeout = map["rpc-timeout"]?.AsDuration(ProgramErrors.MasterBadTimeout) ?? TimeSpan.FromSeconds(30),
            RpcRateLimit = map["rpc-rate-limit"]?.AsReal() is > 0 and var limit ? limit : 0,
            RpcRateBurst = map.Number("rpc-rate-burst", 0, min: int.MinValue) is > 0 and var burst ? burst : 40,
            DataDir = Text(map, "data-dir", $"default.{name}"),
            PeerUrls = peerUrls,
            AdvertisePeerUrls = advertisedPeerUrls,
            InitialCluster = map.Text("initial-cluster") is { Length: > 0 } members
                ? Addresses.WithSchemesBehindNames(members, tls)
                : string.Join(',', advertisedPeerUrls.Split(',').Select(url => $"{name}={url}")),
            InitialClusterState = settings.Word("initial-cluster-state", "new", "new", "existing"),
            Join = map.Text("join") is { Length: > 0 } join ? Addresses.WithSchemes(join, tls) : "",
            EtcdEndpoints = map.Text("etcd-endpoints") is { Length: > 0 } endpoints ? Addresses.WithSchemes(endpoints, tls || endpoints.Contains("https://", StringComparison.Ordinal)) : "",
            MaxTxnOps = map.Number("max-txn-ops", 2048, min: 1),
            MaxRequestBytes = map.Number("max-request-bytes", 1_572_864, min: 1024),
            AutoCompactionMode = settings.Word("auto-compaction-mode", "periodic", "periodic", "revision"),
            AutoCompactionRetention = Retention(settings),
            QuotaBackendBytes = Quota(settings),
            OpenApi = map.Flag("openapi") || OldOpenApi(settings),
            Security = security,
            SecretKeyPath = map.Text("secret-key-path"),
            ConfigFile = settings.ConfigFile,
            Notices = settings.Notices,
        };
    }

    private static string Urls(ProgramSettings settings, string key, string ifMissing, bool tls)
    {
        var urls = Addresses.WithSchemes(Text(settings.Map, key, ifMissing), tls);
        foreach (var url in urls.Split(','))
        {
            if (!Addresses.TrySplit(Addresses.WithoutScheme(url), out _, out var port) || port == 0)
                throw settings.Bad(key, $"'{url}' is no URL of host and port", $"write it as in {DefaultPeerUrls}", ProgramErrors.MasterBadPeerUrls);
        }

        return urls;
    }

    private static string Retention(ProgramSettings settings)
    {
        var text = Text(settings.Map, "auto-compaction-retention", "1h");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) || GoDuration.TryParse(text, out _)
            ? text
            : throw settings.Bad("auto-compaction-retention", $"'{text}' is neither a duration nor a number", "write it as in 5h, or as a number of hours or revisions", ProgramErrors.MasterBadFile);
    }

    private static long Quota(ProgramSettings settings)
    {
        var bytes = settings.Map.Long("quota-backend-bytes", 2L << 30);
        if (bytes >= LeastQuotaBytes)
            return bytes;
        settings.Notices.Add($"{settings.Map["quota-backend-bytes"]!.Position}: 'quota-backend-bytes' is {bytes}, which is too little; {LeastQuotaBytes} is used");
        return LeastQuotaBytes;
    }

    private static bool OldOpenApi(ProgramSettings settings)
    {
        if (settings.Map["experimental"] is not { } experimental)
            return false;
        settings.Notices.Add($"{experimental.Position}: 'experimental.openapi' is called 'openapi' now");
        return experimental.AsMap("openapi").Flag("openapi");
    }

    private static string Text(ConfigMap map, string key, string ifMissing) => map.Text(key) is { Length: > 0 } text ? text : ifMissing;
}
