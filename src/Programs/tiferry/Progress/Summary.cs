using System.Globalization;
using TiFerry.Core.Progress;
using TiFerry.Diff;
using TiFerry.Migration;
using TiFerry.Migration.Checks;
using TiFerry.Sync;

namespace TiFerry.Programs.Ferry.Progress;

/// <summary>What a run did, in a few lines.</summary>
internal static class Summary
{
    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="meter">What was done.</param>
    /// <param name="isDone">Whether all that was asked for is done.</param>
    /// <param name="elapsed">The run's time.</param>
    /// <param name="uncarried">What the source has besides tables and views; null where that is not known.</param>
    public static void Write(TextWriter output, MigrationOptions options, ProgressMeter meter, bool isDone, TimeSpan elapsed, UncarriedObjects? uncarried)
    {
        output.WriteLine($"{(isDone ? "done" : "interrupted")} after {HumanFormat.Duration(elapsed)}");
        WriteCopy(output, options, meter);
        WriteFollow(output, meter);
        if (meter.Progress.Verified is { } verified)
            WriteVerified(output, verified, meter.Progress.NotVerified);
        if (uncarried is not null && uncarried.Triggers.Count + uncarried.Routines.Count + uncarried.Events.Count > 0)
        {
            output.WriteLine($"  not carried  {Count(uncarried.Triggers.Count, "trigger")}, {Count(uncarried.Routines.Count, "routine")}, {Count(uncarried.Events.Count, "event")}: "
                + "create them on the target by hand when clients move there");
        }
    }

    private static void WriteCopy(TextWriter output, MigrationOptions options, ProgressMeter meter)
    {
        if (options.Mode == MigrationMode.Incremental)
            return;
        if (meter.Tables.Count == 0)
        {
            output.WriteLine(meter.Progress.IsResumed ? "  copied       nothing in this run, an earlier one did" : "  copied       no tables");
            return;
        }
        var seconds = meter.Progress.CopyTime.TotalSeconds;
        var rate = seconds > 0 ? meter.CopiedRows / seconds : 0;
        output.WriteLine($"  copied       {meter.Tables.Count(t => t.IsDone)} of {Count(meter.Tables.Count, "table")}, {Count(meter.CopiedRows, "row")}, {HumanFormat.Bytes(meter.Bytes)} "
            + $"in {HumanFormat.Duration(meter.Progress.CopyTime)} ({HumanFormat.Count((long)rate)} rows/s, {HumanFormat.Bytes(seconds > 0 ? meter.Bytes / seconds : 0)}/s)");
    }

    private static void WriteFollow(TextWriter output, ProgressMeter meter)
    {
        if (meter.Follow is null)
            return;
        var sync = meter.Progress.Sync;
        output.WriteLine($"  followed     {Count(sync.Rows, "row change")}, {Count(sync.Transactions, "transaction")}, {Count(sync.Ddls, "definition statement")}");
        output.WriteLine($"  time         {Seconds(sync, SyncStage.WaitForSource)} waiting for the source, {Seconds(sync, SyncStage.WaitForApply)} waiting for the target, {Seconds(sync, SyncStage.Apply)} applying beside reading, {Seconds(sync, SyncStage.Ddl)} in definition statements");
        output.WriteLine($"  position     applied {Positions.Text(sync.AppliedPosition)}{(string.IsNullOrEmpty(sync.ReadPosition.File) ? "" : $", source {Positions.Text(sync.ReadPosition)}")}");
        if (sync.UnmatchedRows > 0)
            output.WriteLine($"  unmatched    {Count(sync.UnmatchedRows, "update or delete", "updates or deletes")} found no row on the target");
        if (sync.SurplusRows > 0)
            output.WriteLine($"  surplus      {Count(sync.SurplusRows, "row")} of the target beyond those that changes should have found");
        if (sync.SkippedStatements.Count > 0)
            output.WriteLine($"  skipped      {string.Join(", ", sync.SkippedStatements.Select(s => $"{s.Key} {HumanFormat.Count(s.Value)}"))} (statements of kinds that are not carried)");
    }

    private static void WriteVerified(TextWriter output, ComparisonResult verified, IReadOnlyList<UnverifiedTable> leftOut)
    {
        var differing = verified.Differences.ToList();
        output.WriteLine(differing.Count == 0
            ? $"  verified     {Count(verified.Tables.Count, "table")}, {Count(verified.Rows, "row")}: equal on both sides"
            : $"  verified     {Count(differing.Count, "table")} of {verified.Tables.Count} NOT EQUAL:");
        foreach (var table in differing)
            output.WriteLine($"    {table}");
        if (leftOut.Count > 0)
            output.WriteLine($"  not verified {Count(leftOut.Count, "table")}, because filters let the sides differ:");
        foreach (var table in leftOut)
            output.WriteLine($"    {table.Name}: {table.Reason}");
    }

    private static string Count(long number, string one, string? many = null) => $"{HumanFormat.Count(number)} {(number == 1 ? one : many ?? one + "s")}";

    private static string Seconds(SyncProgress sync, SyncStage stage) => $"{sync.Stages[stage].TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)}s";
}
