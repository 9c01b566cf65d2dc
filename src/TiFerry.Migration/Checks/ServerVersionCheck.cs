using System.Runtime.CompilerServices;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the servers are of a kind and version that is known.</summary>
public static class ServerVersionCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        yield return Check("source version", context.Source.Server, context.Wording);
        yield return Check("target version", context.Target.Server, context.Wording);
        if (context.Source.Server.Flavour == ServerFlavour.TiDb && context.Options.Mode != MigrationMode.Full)
        {
            yield return CheckResult.Error("source version", "TiDB has no binlog that could be followed",
                $"copy it once with {context.Wording.ModeFull} while nothing writes to it");
        }
    }

    private static CheckResult Check(string name, ServerInfo server, CheckWording wording)
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
            ? CheckResult.Warning(name, $"{text} is newer than the versions that this program was made for", $"try it on a copy of the data first, with {wording.Verification}")
            : CheckResult.Pass(name, text);
    }
}
