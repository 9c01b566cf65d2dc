using System.Runtime.CompilerServices;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the source still has its binlog from where mode incremental is to begin.</summary>
public static class BinlogStartCheck
{
    private const string Name = "source start position";

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        var options = context.Options;
        if (options.Mode != MigrationMode.Incremental || !await context.HasBinlogAsync(ct))
            yield break;
        var wording = context.Wording;
        if (options.StartPosition is { } start)
            yield return await new BinlogReach(context, Name, $"begin with a newer dump, or correct {wording.StartPosition}").CheckAsync(start, ct);
        else if (options.StartGtid is { } gtid)
            yield return await new BinlogReach(context, Name, $"begin with a newer dump, or correct {wording.StartGtid}").CheckAsync(gtid, ct);
        else
            yield return CheckResult.Error(Name, "mode incremental needs to know where to begin", $"give it with {wording.StartPosition} or {wording.StartGtid}; a dump's metadata file holds both");
    }
}
