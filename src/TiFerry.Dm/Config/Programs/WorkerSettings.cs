using TiFerry.Core.Config;

namespace TiFerry.Dm.Config.Programs;

/// <summary>Reads dm-worker's command line and file.</summary>
internal static class WorkerSettings
{
    private const string DefaultAddress = "127.0.0.1:8262";

    private static readonly FlagSet Flags = new("dm-worker",
    [
        .. ProgramFlags.Printing,
        .. ProgramFlags.Server,
        new("worker-addr", "address to listen on, for masters and status") { Default = DefaultAddress },
        new("advertise-addr", "address that others reach it by (default: worker-addr)"),
        new("join", "addresses of the cluster's masters, as in 127.0.0.1:8261,127.0.0.1:18261"),
        new("redact-info-log", "leave the values of rows out of the log") { IsSwitch = true },
        new("keepalive-ttl", "seconds after its last sign of life until the cluster takes it for gone") { Default = "60" },
        new("relay-keepalive-ttl", "the same while it pulls a relay log") { Default = "1800" },
        new("relay-dir", "directory for relay logs"),
        .. ProgramFlags.Tls,
        ProgramFlags.CertAllowedCn,
    ], ProgramErrors.WorkerBadFlag);

    private static readonly string[] Keys =
    [
        "name", "log-level", "log-file", "log-format", "log-rotate", "redact-info-log", "join", "worker-addr", "advertise-addr", "config-file", "keepalive-ttl", "relay-keepalive-ttl",
        "relay-dir", "ssl-ca", "ssl-cert", "ssl-key", "cert-allowed-cn",
    ];

    /// <summary>Reads them.</summary>
    public static ProgramStart<WorkerConfig> Read(IReadOnlyList<string> arguments)
    {
        var given = Flags.Parse(arguments);
        var output = ProgramFlags.Output(given, Flags, "dm-worker", SampleConfigs.Worker);
        return output.Length > 0
            ? new(null, output)
            : new(ProgramSettings.Read(given, Keys, ProgramErrors.WorkerBadFile, ProgramErrors.WorkerUnknownKey).Build(Build), "");
    }

    private static WorkerConfig Build(ProgramSettings settings)
    {
        var map = settings.Map;
        settings.CheckLog();
        var security = settings.Security();
        var (address, advertised) = ServerAddresses.Read(settings, "worker-addr", DefaultAddress, ProgramErrors.WorkerBadAddress, ProgramErrors.WorkerBadAddress);
        return new WorkerConfig
        {
            Name = map.Text("name") is { Length: > 0 } name ? name : advertised,
            WorkerAddr = address,
            AdvertiseAddr = advertised,
            Join = Join(settings, security.SslCa.Length > 0),
            LogLevel = settings.LogLevel(),
            LogFile = map.Text("log-file"),
            RedactInfoLog = map.Flag("redact-info-log"),
            KeepaliveTtl = TimeSpan.FromSeconds(map.Number("keepalive-ttl", 60, min: 1)),
            RelayKeepaliveTtl = TimeSpan.FromSeconds(map.Number("relay-keepalive-ttl", 1800, min: 1)),
            RelayDir = map.Text("relay-dir"),
            Security = security,
            ConfigFile = settings.ConfigFile,
            Notices = settings.Notices,
        };
    }

    private static string Join(ProgramSettings settings, bool tls)
    {
        var join = settings.Map.Text("join");
        if (Addresses.List(join) is not { Count: > 0 } masters)
            throw settings.Bad("join", "no master is named", "give the addresses of the cluster's masters, as in --join 127.0.0.1:8261", ProgramErrors.WorkerBadFile);
        return masters.FirstOrDefault(m => !Addresses.CanBeAdvertised(m)) is { } wrong
            ? throw settings.Bad("join", $"'{wrong}' is no address of a master", "write host and port, as in 127.0.0.1:8261", ProgramErrors.WorkerBadFile)
            : Addresses.WithSchemes(string.Join(',', masters), tls);
    }
}
