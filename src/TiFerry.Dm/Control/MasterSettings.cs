using TiFerry.Core.Config;
using TiFerry.Dm.Control.CommandLine;
using TiFerry.Grpc;

namespace TiFerry.Dm.Control;

/// <summary>How masters are reached.</summary>
/// <param name="Addresses">HOST:PORT of each, in the order in which they are tried.</param>
/// <param name="Timeout">How long an answer may take.</param>
/// <param name="Tls">Certificates; null for clear text.</param>
internal sealed record MasterSettings(IReadOnlyList<string> Addresses, TimeSpan Timeout, GrpcTls? Tls)
{
    /// <summary>The variable that is looked at where neither flag nor file names a master.</summary>
    public const string AddressVariable = "DM_MASTER_ADDR";

    private const string NoAddress =
        "--master-addr not provided, this parameter is required when interacting with the dm-master, you can also use environment variable 'DM_MASTER_ADDR' to specify the value. Use `dmctl --help` to see more help messages";

    /// <summary>Settings of flags, then of the configuration file, then of the environment.</summary>
    /// <exception cref="ControlException">No master is named, or a setting can't be read.</exception>
    public static MasterSettings Read(ParsedLine line)
    {
        var addresses = Setting("master-addr");
        if (addresses.Length == 0)
            addresses = Environment.GetEnvironmentVariable(AddressVariable) ?? "";
        if (addresses.Length == 0)
            throw new ControlException(NoAddress);
        return new MasterSettings([.. addresses.Split(',').Select(address => Address(address, addresses))], ReadTimeout(Setting("rpc-timeout")), null);

        string Setting(string name) => line.Text(name);
    }

    private static string Address(string text, string all)
    {
        var address = text.Trim();
        foreach (var scheme in new[] { "http://", "https://" })
        {
            if (address.StartsWith(scheme, StringComparison.Ordinal))
                address = address[scheme.Length..];
        }
        var colon = address.LastIndexOf(':');
        if (colon < 0 || address.EndsWith(']') || (address.AsSpan(0, colon).Contains(':') && address[0] != '['))
            throw new ControlException($"specify master addr {all}: address {address}: missing port in address");
        return colon == 0 ? "127.0.0.1" + address : address;
    }

    private static TimeSpan ReadTimeout(string text)
    {
        if (!GoDuration.TryParse(text, out var timeout) || timeout <= TimeSpan.Zero)
            throw new ControlException($"invalid time duration: {text}");
        return timeout;
    }
}
