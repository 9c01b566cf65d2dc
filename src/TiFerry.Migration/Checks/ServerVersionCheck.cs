using System.Runtime.CompilerServices;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the servers are of a kind and version that is known.</summary>
internal static class ServerVersionCheck
{
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        yield return Check("source version", context.Source.Server);
        yield return Check("target version", context.Target.Server);
        if (context.Source.Server.Flavour == ServerFlavour.TiDb && context.Options.Mode != MigrationMode.Full)
        {
            yield return CheckResult.Error("source version", "TiDB has no binlog that could be followed",
                "copy it once with --mode full while nothing writes to it");
        }
    }

    private static CheckResult Check(string name, ServerInfo server)
    {
        var (lowest, newest, text) = server.Flavour switch
        {
            ServerFlavour.MariaDb => (new Version(10, 0), new Version(12, 0), $"MariaDB {server.Version}"),
            ServerFlavour.TiDb => (new Version(4, 0), new Version(9, 0), $"TiDB {server.TiDbVersion}"),
            _ => (new Version(5, 6), new Version(10, 0), $"MySQL {server.Version}"),
        };
        var version = server.TiDbVersion ?? server.Version;
        if (version < lowest)
            return CheckResult.Error(name, $"{text} is too old; {lowest} is the oldest that can take part", "upgrade the server, or carry the data with a dump");
        return version >= newest
            ? CheckResult.Warning(name, $"{text} is newer than the versions that this program was made for", "try it on a copy of the data first, and use --verify")
            : CheckResult.Pass(name, text);
    }
}
