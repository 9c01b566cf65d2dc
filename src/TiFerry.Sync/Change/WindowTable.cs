using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Change;

/// <summary>A table with changes in a window.</summary>
/// <param name="table">The table on the target.</param>
/// <param name="map">The table map that its images were written with.</param>
/// <param name="columns">The columns that its images hold.</param>
internal sealed class WindowTable(TargetTable table, TableMapEvent map, ColumnBitmap columns)
{
    /// <summary>The table on the target.</summary>
    public TargetTable Table { get; } = table;

    /// <summary>The table map that its images were written with.</summary>
    public TableMapEvent Map { get; } = map;

    /// <summary>The columns that its images hold: all that are stored.</summary>
    public ColumnBitmap Columns { get; } = columns.Copy();

    /// <summary>Indexes of its net changes in the window.</summary>
    public List<int> Changes { get; } = [];
}
