using System.Globalization;
using TiFerry.Dm.Pb;
using TiFerry.Migration;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>How far a copy is, in the figures that DM shows for dump and load.</summary>
/// <param name="Tables">Tables to copy.</param>
/// <param name="DoneTables">Tables that are copied.</param>
/// <param name="Rows">Rows that are copied.</param>
/// <param name="EstimatedRows">The source's estimate of all rows; corrected where there turn out to be more.</param>
/// <param name="Bytes">Bytes that this run has written.</param>
internal readonly record struct CopyFigures(int Tables, int DoneTables, long Rows, long EstimatedRows, long Bytes)
{
    /// <summary>Whether rows are copied already.</summary>
    public bool HasRows => Rows > 0 || DoneTables > 0;

    /// <summary>The share that is done, from 0 to 1.</summary>
    public double Share => Tables > 0 && DoneTables == Tables ? 1 : EstimatedRows == 0 ? 0 : Math.Min(0.9999, (double)Rows / EstimatedRows);

    private string Progress => string.Create(CultureInfo.InvariantCulture, $"{Share * 100:0.00} %");

    /// <summary>Adds up the tables.</summary>
    public static CopyFigures Of(MigrationProgress progress)
    {
        var tables = progress.Copy.Tables();
        return new CopyFigures(
            tables.Count, tables.Count(static t => t.IsDone), tables.Sum(static t => t.Rows), tables.Sum(static t => t.IsDone ? t.Rows : Math.Max(t.Rows, t.EstimatedRows)), tables.Sum(static t => t.Bytes));
    }

    /// <summary>As unit Dump shows it.</summary>
    public DumpStatus ToDumpStatus((double Total, double Recent) bytesPerSecond) => new()
    {
        TotalTables = Tables,
        CompletedTables = DoneTables,
        FinishedBytes = Bytes,
        FinishedRows = Rows,
        EstimateTotalRows = EstimatedRows,
        Bps = (long)bytesPerSecond.Recent,
        Progress = Progress,
    };

    /// <summary>As unit Load shows it.</summary>
    public LoadStatus ToLoadStatus((double Total, double Recent) bytesPerSecond) => new()
    {
        FinishedBytes = Bytes,
        TotalBytes = Share > 0 ? (long)(Bytes / Share) : 0,
        Bps = (long)bytesPerSecond.Recent,
        Progress = Progress,
    };
}
