using System.Globalization;
using TiFerry.Dm.Pb;
using TiFerry.Migration;
using TiFerry.Migration.Copy;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>How far a copy is, in the figures that DM shows for dump and load.</summary>
internal static class CopyFigures
{
    /// <summary>The share that is done, from 0 to 1.</summary>
    public static double Share(CopyTotals totals) => totals.Tables > 0 && totals.FinishedTables == totals.Tables ? 1 : totals.Rows == 0 ? 0 : Math.Min(0.9999, (double)totals.FinishedRows / totals.Rows);

    /// <summary>A share as text.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00} %");

    /// <summary>As unit Dump shows it.</summary>
    public static DumpStatus Dump(MigrationProgress progress)
    {
        var totals = progress.Copy.Totals();
        return new DumpStatus
        {
            TotalTables = totals.Tables,
            CompletedTables = totals.FinishedTables,
            FinishedBytes = totals.FinishedBytes,
            FinishedRows = totals.FinishedRows,
            EstimateTotalRows = totals.Rows,
            Bps = (long)progress.CopiedBytesPerSecond,
            Progress = Percent(Share(totals)),
        };
    }

    /// <summary>As unit Load shows it.</summary>
    public static LoadStatus Load(MigrationProgress progress)
    {
        var totals = progress.Copy.Totals();
        return new LoadStatus { FinishedBytes = totals.FinishedBytes, TotalBytes = totals.Bytes, Bps = (long)progress.CopiedBytesPerSecond, Progress = Percent(Share(totals)) };
    }
}
