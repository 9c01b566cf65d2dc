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

    /// <summary>Whether images written with another map and set of columns are read alike.</summary>
    public bool ReadsAlike(TableMapEvent map, ColumnBitmap columns)
    {
        if (ReferenceEquals(map, Map) && columns.IsFull && Columns.IsFull)
            return true;
        if (map.ColumnCount != Map.ColumnCount)
            return false;
        for (var i = 0; i < map.ColumnCount; i++)
        {
            if (columns[i] != Columns[i] || map.Columns[i].Type != Map.Columns[i].Type || map.Columns[i].Meta != Map.Columns[i].Meta)
                return false;
        }
        return true;
    }

    /// <summary>Indexes of its net changes in the window.</summary>
    public List<int> Changes { get; } = [];
}
