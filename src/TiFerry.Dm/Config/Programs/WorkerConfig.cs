using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Databases;

namespace TiFerry.Dm.Config.Programs;

/// <summary>dm-worker's configuration (https://docs.pingcap.com/tidb/stable/dm-worker-configuration-file), complete and checked.</summary>
public sealed record WorkerConfig
{
    /// <summary><c>name</c>: the member's name; <see cref="AdvertiseAddr"/> where none is given.</summary>
    public required string Name { get; init; }

    /// <summary><c>worker-addr</c>: where dm-worker listens, as <c>host:port</c>; an empty host is all of the machine's addresses.</summary>
    public required string WorkerAddr { get; init; }

    /// <summary><c>advertise-addr</c>: where others reach it, as <c>host:port</c>.</summary>
    public required string AdvertiseAddr { get; init; }

    /// <summary><c>join</c>: addresses of masters, with schemes, separated by commas.</summary>
    public required string Join { get; init; }

    /// <summary><c>log-level</c>.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Info;

    /// <summary><c>log-file</c>; empty for standard output.</summary>
    public string LogFile { get; init; } = "";

    /// <summary><c>redact-info-log</c>: whether values of rows are left out of the log.</summary>
    public bool RedactInfoLog { get; init; }

    /// <summary><c>keepalive-ttl</c>, in seconds: how long after its last sign of life the cluster takes the worker for gone.</summary>
    public TimeSpan KeepaliveTtl { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>relay-keepalive-ttl</c>, in seconds: the same for a worker that pulls a relay log.</summary>
    public TimeSpan RelayKeepaliveTtl { get; init; } = TimeSpan.FromSeconds(1800);

    /// <summary><c>relay-dir</c>: the directory for relay logs; empty for the working directory.</summary>
    public string RelayDir { get; init; } = "";

    /// <summary><c>ssl-ca</c>, <c>ssl-cert</c>, <c>ssl-key</c> and <c>cert-allowed-cn</c>; empty for clear text.</summary>
    public SecurityConfig Security { get; init; } = new();

    /// <summary>The path of the file that was read; empty for none.</summary>
    public string ConfigFile { get; init; } = "";

    /// <summary>What should be logged of the settings: some do nothing.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Whether dm-worker serves and calls over TLS.</summary>
    public bool UsesTls => Security.SslCa.Length > 0;

    /// <summary>Reads a command line and the file that it names.</summary>
    /// <exception cref="TiFerryException">A setting is unknown, or can't be used.</exception>
    public static ProgramStart<WorkerConfig> FromArguments(IReadOnlyList<string> arguments) => WorkerSettings.Read(arguments);

    /// <summary>All settings as a file, which <c>config worker</c> shows.</summary>
    public string ToToml() => TomlWriter.Write(new OrderedDictionary<string, object?>
    {
        ["name"] = Name,
        ["log-level"] = LogLevel.ToString().ToLowerInvariant(),
        ["log-file"] = LogFile,
        ["log-format"] = "text",
        ["redact-info-log"] = RedactInfoLog,
        ["join"] = Join,
        ["worker-addr"] = WorkerAddr,
        ["advertise-addr"] = AdvertiseAddr,
        ["config-file"] = ConfigFile,
        ["keepalive-ttl"] = (long)KeepaliveTtl.TotalSeconds,
        ["relay-keepalive-ttl"] = (long)RelayKeepaliveTtl.TotalSeconds,
        ["relay-dir"] = RelayDir,
        ["ssl-ca"] = Security.SslCa,
        ["ssl-cert"] = Security.SslCert,
        ["ssl-key"] = Security.SslKey,
        ["cert-allowed-cn"] = Security.CertAllowedCn.Cast<object?>().ToList(),
    });
}
