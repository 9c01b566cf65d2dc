using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the binlog holds rows and not statements.</summary>
public static class BinlogFormatCheck
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        const string name = "source binlog_format";
        if (!await context.HasBinlogAsync(ct))
            yield break;
        // The variable is deprecated; a server without it knows no other format.
        var format = (await context.SourceVariablesAsync(ct)).GetValueOrDefault("binlog_format", "ROW");
        yield return format.Equals("ROW", StringComparison.OrdinalIgnoreCase)
            ? CheckResult.Pass(name, $"it is {format}")
            : CheckResult.Error(name, $"it is {format}, and has to be ROW",
                "SET GLOBAL binlog_format = 'ROW' on the source, set it in its configuration too, and let its clients connect anew");
    }
}
