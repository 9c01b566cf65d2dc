using TiFerry.Core.Config;

namespace TiFerry.Dm.Config.Programs;

/// <summary>Options that the programs share.</summary>
internal static class ProgramFlags
{
    /// <summary>Those of servers.</summary>
    public static readonly IReadOnlyList<Flag> Server =
    [
        new("config", "path of the configuration file"),
        new("log-level", "debug, info, warn, error or fatal") { Alias = "L", Default = "info" },
        new("log-file", "path of the log file; standard output without one"),
        new("log-format", "the log's format: text") { Default = "text" },
        new("name", "the member's name in the cluster"),
    ];

    /// <summary>Those of TLS.</summary>
    public static readonly IReadOnlyList<Flag> Tls =
    [
        new("ssl-ca", "path of a PEM file with the authorities to trust"),
        new("ssl-cert", "path of a PEM file with the own certificate"),
        new("ssl-key", "path of a PEM file with the certificate's private key"),
    ];

    /// <summary>The common names to let in.</summary>
    public static readonly Flag CertAllowedCn = new("cert-allowed-cn", "a common name that others' certificates may have; can be given several times") { IsRepeatable = true };

    /// <summary>Those that print something.</summary>
    public static readonly IReadOnlyList<Flag> Printing =
    [
        new("V", "print the version and exit") { Alias = "version", IsSwitch = true },
        new("print-sample-config", "print a configuration file with its usual contents and exit") { IsSwitch = true },
        new("help", "print this text and exit") { Alias = "h", IsSwitch = true },
    ];

    /// <summary>What the printing options among these print; empty where there is none.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="flags">All options.</param>
    /// <param name="program">The program's name.</param>
    /// <param name="sample">Its sample file; empty for none.</param>
    public static string Output(ConfigMap given, FlagSet flags, string program, string sample) =>
        given.Flag("help") ? flags.Usage
        : given.Flag("V") ? ProgramVersion.Text(program)
        : given.Flag("print-sample-config") ? sample
        : "";
}
