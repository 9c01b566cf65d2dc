using System.Runtime.CompilerServices;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Sync.Source;

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
        if (options.StartTime is { } time)
            yield return await AtTimeAsync(options, time, ct);
        else if (options.StartPosition is { } start)
            yield return await new BinlogReach(context, Name, $"begin with a newer dump, or correct {wording.StartPosition}").CheckAsync(start, ct);
        else if (options.StartGtid is { } gtid)
            yield return await new BinlogReach(context, Name, $"begin with a newer dump, or correct {wording.StartGtid}").CheckAsync(gtid, ct);
        else
            yield return CheckResult.Error(Name, "mode incremental needs to know where to begin", $"give it with {wording.StartPosition} or {wording.StartGtid}; a dump's metadata file holds both");
    }

    /// <summary>Looks for a time in the source's binlog.</summary>
    /// <param name="options">The migration.</param>
    /// <param name="time">Date and time in the source's own time zone.</param>
    /// <param name="ct">Stops the check.</param>
    public static async ValueTask<CheckResult> AtTimeAsync(MigrationOptions options, DateTime time, CancellationToken ct)
    {
        try
        {
            return await new PositionByTime(options.Source, (uint)Random.Shared.Next(0x2000_0000, 0x3FFF_FFFF), Log.None).BeginsLaterAsync(time, ct)
                ? CheckResult.Warning(Name, $"the source's binlog begins after the start time {time:yyyy-MM-dd HH:mm:ss}, and what was changed between the two is not in it any more", "begin with a newer dump and a later start time, unless nothing was changed")
                : CheckResult.Pass(Name, $"the source's binlog reaches back to {time:yyyy-MM-dd HH:mm:ss}");
        }
        catch (TiFerryException error) when (error.Code == ConfigErrors.StartTimeTooLate)
        {
            return CheckResult.Error(Name, error.Summary, error.Workaround!);
        }
    }
}
