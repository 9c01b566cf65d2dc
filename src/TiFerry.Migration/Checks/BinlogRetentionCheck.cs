using System.Globalization;
using System.Runtime.CompilerServices;
using TiFerry.Core.Progress;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the source keeps its binlog long enough.</summary>
public static class BinlogRetentionCheck
{
    private const string Name = "source binlog retention";
    private static readonly TimeSpan ShortRetention = TimeSpan.FromDays(1);

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!await context.HasBinlogAsync(ct))
            yield break;
        var variables = await context.SourceVariablesAsync(ct);
        var seconds = Number(variables, "binlog_expire_logs_seconds");
        var retention = TimeSpan.FromSeconds(seconds > 0 ? seconds : Number(variables, "expire_logs_days") * 86400);
        if (retention == TimeSpan.Zero)
        {
            yield return CheckResult.Pass(Name, "binlog files are kept until someone removes them");
            yield break;
        }
        var text = $"binlog files are removed after {HumanFormat.Duration(retention)}; the copy, and any pause later, must be shorter";
        yield return retention < ShortRetention
            ? CheckResult.Warning(Name, text, "raise binlog_expire_logs_seconds (or expire_logs_days) on the source until the migration is done")
            : CheckResult.Pass(Name, text);
    }

    private static double Number(Dictionary<string, string> variables, string name) =>
        double.TryParse(variables.GetValueOrDefault(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
