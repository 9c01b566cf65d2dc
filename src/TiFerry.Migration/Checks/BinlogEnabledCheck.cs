using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the source writes a binlog.</summary>
public static class BinlogEnabledCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        const string name = "source log_bin";
        if (await context.HasBinlogAsync(ct))
        {
            yield return CheckResult.Pass(name, "the source writes a binlog");
            yield break;
        }
        yield return context.Options.Mode == MigrationMode.Full
            ? CheckResult.Warning(name, "the source writes no binlog: what is written to it during the copy is not carried, and the copy is only right if nothing is",
                "stop all writing to the source until the copy is done, or set log_bin")
            : CheckResult.Error(name, "the source writes no binlog, so it can't be followed",
                $"set log_bin, binlog_format = ROW and server_id in the source's configuration and restart it, or copy once with {context.Wording.ModeFull} while nothing writes");
    }
}
