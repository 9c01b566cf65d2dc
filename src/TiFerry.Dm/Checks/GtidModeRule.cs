using System.Runtime.CompilerServices;
using TiFerry.Migration.Checks;
using TiFerry.MySql;

namespace TiFerry.Dm.Checks;

/// <summary>Whether a source with <c>enable-gtid: true</c> has GTIDs. Transactions of MariaDB always have.</summary>
internal static class GtidModeRule
{
    public static async IAsyncEnumerable<CheckResult> RunAsync(SubTaskContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (context.Servers.Source.Server.Flavour != ServerFlavour.MySql)
            yield break;
        var mode = (await context.Servers.SourceVariablesAsync(ct)).GetValueOrDefault("gtid_mode", "OFF");
        if (!mode.Equals("ON", StringComparison.OrdinalIgnoreCase))
        {
            yield return CheckResult.Error("gtid_mode", $"[code=26007] {context.SubTask.SourceId} has GTID_MODE = {mode} instead of ON",
                "set enable-gtid: false in the source's configuration file, or turn gtid_mode on at the source");
        }
    }
}
