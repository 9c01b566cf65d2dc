using System.Runtime.CompilerServices;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the source's transactions have GTIDs, by which another server can take its place.</summary>
public static class GtidCheck
{
    private const string Name = "source GTID";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!await context.HasBinlogAsync(ct))
            yield break;
        if (context.Source.Server.Flavour == ServerFlavour.MariaDb)
        {
            yield return CheckResult.Pass(Name, $"gtid_binlog_pos is '{await context.Source.QueryScalarAsync("SELECT @@GLOBAL.gtid_binlog_pos", ct)}'");
            yield break;
        }
        var mode = (await context.SourceVariablesAsync(ct)).GetValueOrDefault("gtid_mode", "OFF");
        yield return CheckResult.Pass(Name, mode.Equals("ON", StringComparison.OrdinalIgnoreCase)
            ? "gtid_mode is ON"
            : $"gtid_mode is {mode}: the source is followed by file and position, so another server can't take its place during the migration");
    }
}
