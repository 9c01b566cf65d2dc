using System.Runtime.CompilerServices;
using TiFerry.Migration.Checks;

namespace TiFerry.Dm.Checks;

/// <summary>Whether the source's binlog reaches back to <c>--start-time</c>. It is looked for on the source itself, whatever relay log there is.</summary>
internal static class StartTimeRule
{
    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(SubTaskContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var options = context.SubTask.Options;
        if (context.SubTask.StartTime is { } start && await context.Servers.HasBinlogAsync(ct))
            yield return await BinlogStartCheck.AtTimeAsync(options, await start.AtSourceAsync(options.Source, ct), ct);
    }
}
