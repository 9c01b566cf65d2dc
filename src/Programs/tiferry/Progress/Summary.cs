using TiFerry.Core.Progress;
using TiFerry.Migration;
using TiFerry.Migration.Checks;

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
        var seconds = meter.CopyTime.TotalSeconds;
        var rate = seconds > 0 ? meter.CopiedRows / seconds : 0;
        output.WriteLine($"  copied       {meter.Tables.Count(t => t.IsDone)} of {Count(meter.Tables.Count, "table")}, {Count(meter.CopiedRows, "row")}, {HumanFormat.Bytes(meter.Bytes)} "
            + $"in {HumanFormat.Duration(meter.CopyTime)} ({HumanFormat.Count((long)rate)} rows/s, {HumanFormat.Bytes(seconds > 0 ? meter.Bytes / seconds : 0)}/s)");
    }

    private static void WriteFollow(TextWriter output, ProgressMeter meter)
    {
        if (meter.Progress.Sync is not { } sync)
            return;
        output.WriteLine($"  followed     {Count(sync.Rows, "row change")}, {Count(sync.Transactions, "transaction")}, {Count(sync.Ddls, "definition statement")}");
        output.WriteLine($"  position     source {Positions.Text(sync.ReadPosition)}, applied {Positions.Text(sync.AppliedPosition)}");
        if (sync.UnmatchedRows > 0)
            output.WriteLine($"  unmatched    {Count(sync.UnmatchedRows, "update or delete", "updates or deletes")} found no row on the target");
        if (sync.SkippedStatements.Count > 0)
            output.WriteLine($"  skipped      {string.Join(", ", sync.SkippedStatements.Select(s => $"{s.Key} {HumanFormat.Count(s.Value)}"))} (statements of kinds that are not carried)");
    }

    private static string Count(long number, string one, string? many = null) => $"{HumanFormat.Count(number)} {(number == 1 ? one : many ?? one + "s")}";
}
