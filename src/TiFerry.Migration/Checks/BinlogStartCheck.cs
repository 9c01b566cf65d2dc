using System.Runtime.CompilerServices;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

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
        if (options.StartPosition is { } start)
            yield return await CheckFileAsync(context, start, ct);
        else if (options.StartGtid is { } gtid && context.Source.Server.Flavour == ServerFlavour.MySql)
            yield return await CheckPurgedAsync(context, gtid, ct);
        else if (options.StartGtid is null)
            yield return CheckResult.Error(Name, "mode incremental needs to know where to begin", $"give it with {context.Wording.StartPosition} or {context.Wording.StartGtid}; a dump's metadata file holds both");
    }

    private static async ValueTask<CheckResult> CheckFileAsync(CheckContext context, Binlog.BinlogPosition start, CancellationToken ct)
    {
        var files = await context.Source.QueryRowsAsync("SHOW BINARY LOGS", ct);
        var file = files.Find(f => f[0] == start.File);
        if (file is null)
        {
            return CheckResult.Error(Name, $"the source has no binlog file {start.File}; it has {files[0][0]} to {files[^1][0]}",
                $"begin with a newer dump, or correct {context.Wording.StartPosition}");
        }
        return ulong.TryParse(file[1], out var size) && start.Position > size
            ? CheckResult.Error(Name, $"{start} is behind the end of the file, which has {size} bytes", $"correct {context.Wording.StartPosition}")
            : CheckResult.Pass(Name, $"the source has {start}");
    }

    private static async ValueTask<CheckResult> CheckPurgedAsync(CheckContext context, string gtid, CancellationToken ct)
    {
        var missing = await context.Source.QueryScalarAsync($"SELECT GTID_SUBTRACT(@@GLOBAL.gtid_purged, {SqlText.Literal(gtid)})", ct);
        return string.IsNullOrEmpty(missing)
            ? CheckResult.Pass(Name, "the source has all transactions since then")
            : CheckResult.Error(Name, $"the source has purged transactions that the target lacks: {missing.Replace("\n", "", StringComparison.Ordinal)}", $"begin with a newer dump, or correct {context.Wording.StartGtid}");
    }
}
