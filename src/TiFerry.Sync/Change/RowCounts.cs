using System.Runtime.InteropServices;
using TiFerry.Binlog.Events;

namespace TiFerry.Sync.Change;

/// <summary>Row changes by kind.</summary>
/// <param name="Inserts">New rows.</param>
/// <param name="Updates">Changed rows.</param>
/// <param name="Deletes">Removed rows.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RowCounts(long Inserts, long Updates, long Deletes)
{
    /// <summary>All of them.</summary>
    public long Total => Inserts + Updates + Deletes;

    /// <summary>Adds what another holds.</summary>
    public static RowCounts operator +(RowCounts left, RowCounts right) => new(left.Inserts + right.Inserts, left.Updates + right.Updates, left.Deletes + right.Deletes);

    internal static RowCounts Of(RowsKind kind, long rows) => kind switch
    {
        RowsKind.Write => new(rows, 0, 0),
        RowsKind.Update => new(0, rows, 0),
        _ => new(0, 0, rows),
    };
}
