using TiFerry.Dm.Control.CommandLine;

namespace TiFerry.Dm.Control;

/// <summary>The flags that say how masters are reached, as the help shows them; those of DM's dmctl (dm/ctl/common/config.go). <see cref="Config.Programs.DmctlConfig"/> reads them.</summary>
internal static class MasterFlags
{
    private const string DefaultTimeout = "10m";

    public static readonly IReadOnlyList<Flag> All =
    [
        new("version", 'V', FlagKind.Switch, "Prints version and exit."),
        new("config", null, FlagKind.Text, "Path to config file.") { Operand = Operand.File },
        new("master-addr", null, FlagKind.Text, "Master API server address, this parameter is required when interacting with the dm-master"),
        new("rpc-timeout", null, FlagKind.Text, $"RPC timeout, default is {DefaultTimeout}.", DefaultTimeout),
        new("ssl-ca", null, FlagKind.Text, "Path of file that contains list of trusted SSL CAs for connection.") { Operand = Operand.File },
        new("ssl-cert", null, FlagKind.Text, "Path of file that contains X509 certificate in PEM format for connection.") { Operand = Operand.File },
        new("ssl-key", null, FlagKind.Text, "Path of file that contains X509 key in PEM format for connection.") { Operand = Operand.File },
    ];

    /// <summary>
    /// The arguments in today's spelling: <c>-version</c> may have one dash, and <c>-encrypt</c> and <c>-decrypt</c>, flags of older versions, are commands.
    /// </summary>
    public static IReadOnlyList<string> Normalize(IReadOnlyList<string> arguments)
    {
        var result = new List<string>(arguments.Count);
        foreach (var argument in arguments)
        {
            var name = argument.Split('=')[0];
            if (name is "-encrypt" or "--encrypt" or "-decrypt" or "--decrypt")
            {
                result.Add(name.TrimStart('-'));
                if (argument.Length > name.Length)
                    result.Add(argument[(name.Length + 1)..]);
            }
            else
            {
                result.Add(name == "-version" ? "-" + argument : argument);
            }
        }
        return result;
    }
}
