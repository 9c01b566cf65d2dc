using TiFerry.Core.Config;
using TiFerry.Core.Errors;
using TiFerry.Dm.Config.Databases;

namespace TiFerry.Dm.Config.Programs;

/// <summary>dmctl's options, which may stand anywhere among a command and its own options.</summary>
public sealed record DmctlConfig
{
    /// <summary>The variable of the environment that takes the place of <c>--master-addr</c>.</summary>
    public const string MasterAddrVariable = "DM_MASTER_ADDR";

    private static readonly FlagSet Flags = new("dmctl",
    [
        new("config", "path of dmctl's configuration file"),
        new("master-addr", $"addresses of masters, separated by commas (default: the variable {MasterAddrVariable})"),
        new("rpc-timeout", "longest wait for a master's answer") { Default = "10m" },
        .. ProgramFlags.Tls,
    ], ConfigErrors.BadOption);

    private static readonly string[] Keys = ["master-addr", "rpc-timeout", "config-file", "ssl-ca", "ssl-cert", "ssl-key", "cert-allowed-cn"];

    /// <summary><c>master-addr</c>: addresses of masters as <c>host:port</c>; one at least.</summary>
    public required IReadOnlyList<string> MasterAddrs { get; init; }

    /// <summary><c>rpc-timeout</c>: the longest wait for a master's answer.</summary>
    public TimeSpan RpcTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary><c>ssl-ca</c>, <c>ssl-cert</c> and <c>ssl-key</c>; empty for clear text.</summary>
    public SecurityConfig Security { get; init; } = new();

    /// <summary>Whether masters are called over TLS.</summary>
    public bool UsesTls => Security.SslCa.Length > 0;

    /// <summary>The options' help, line by line.</summary>
    public static string Usage => Flags.Usage;

    /// <summary>Takes dmctl's own options out of a command line.</summary>
    /// <param name="arguments">The command line.</param>
    /// <returns>The options, for <see cref="FromOptions"/>, and the command with its own options.</returns>
    /// <exception cref="TiFerryException">An option lacks its value.</exception>
    public static (ConfigMap Options, IReadOnlyList<string> Command) Take(IReadOnlyList<string> arguments) => Flags.Take(arguments);

    /// <summary>Makes the configuration of the options, the file that they name, and the environment.</summary>
    /// <param name="options">What <see cref="Take"/> gave.</param>
    /// <exception cref="TiFerryException">A setting is unknown or can't be used, or no master is named.</exception>
    public static DmctlConfig FromOptions(ConfigMap options) =>
        ProgramSettings.Read(options, Keys, ConfigErrors.BadConfig, ConfigErrors.BadConfig).Build(Build);

    private static DmctlConfig Build(ProgramSettings settings)
    {
        var text = settings.Map.Text("master-addr") is { Length: > 0 } given ? given : Environment.GetEnvironmentVariable(MasterAddrVariable) ?? "";
        var masters = Addresses.List(text);
        if (masters.Count == 0)
            throw settings.Bad("master-addr", "--master-addr not provided, and it is required when interacting with the dm-master", $"give --master-addr HOST:PORT, or set {MasterAddrVariable}", ConfigErrors.BadOption);
        if (masters.FirstOrDefault(m => !Addresses.TrySplit(m, out _, out var port) || port == 0) is { } wrong)
            throw settings.Bad("master-addr", $"'{wrong}' is no address of a master", "write host and port, as in 127.0.0.1:8261", ConfigErrors.BadOption);
        var timeout = settings.Map.Duration("rpc-timeout", TimeSpan.FromMinutes(10));
        return new DmctlConfig
        {
            MasterAddrs = masters,
            RpcTimeout = timeout > TimeSpan.Zero ? timeout : throw settings.Bad("rpc-timeout", "it is zero", "write a duration as in 10m", ConfigErrors.BadOption),
            Security = settings.Security(),
        };
    }
}
