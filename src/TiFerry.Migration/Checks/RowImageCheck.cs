using System.Runtime.CompilerServices;
using TiFerry.Migration.Copy;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the binlog holds rows whole.</summary>
public static class RowImageCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (!await context.HasBinlogAsync(ct))
            yield break;
        var variables = await context.SourceVariablesAsync(ct);
        var rowImage = variables.GetValueOrDefault("binlog_row_image");
        yield return RowImages.AreFull(rowImage)
            ? CheckResult.Pass("source binlog_row_image", $"it is {rowImage ?? "FULL"}")
            : CheckResult.Warning("source binlog_row_image",
                $"it is {rowImage}, which is slower: each table is copied whole by one thread under one snapshot and begins again when interrupted, and changes are applied by one connection in their order",
                "SET GLOBAL binlog_row_image = 'FULL' on the source, set it in its configuration too, and let its clients connect anew before the migration begins");
        if (variables.GetValueOrDefault("binlog_row_value_options") is { Length: > 0 } options)
        {
            yield return CheckResult.Error("source binlog_row_value_options", $"it is {options}: updates of JSON columns are logged in part only",
                "SET GLOBAL binlog_row_value_options = '' on the source, and let its clients connect anew");
        }
    }
}
