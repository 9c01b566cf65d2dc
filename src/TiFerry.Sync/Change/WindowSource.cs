using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Sync.Route;

namespace TiFerry.Sync.Change;

/// <summary>One layout of row images in a window: a source's table as it was written, and where its values go.</summary>
/// <param name="mapping">Where the values go.</param>
/// <param name="map">The table map that the images were written with.</param>
/// <param name="before">The columns that old images hold.</param>
/// <param name="after">The columns that new images hold.</param>
internal sealed class WindowSource(TableMapping mapping, TableMapEvent map, ColumnBitmap before, ColumnBitmap after)
{
    /// <summary>Where the values go.</summary>
    public TableMapping Mapping { get; } = mapping;

    /// <summary>The table map that the images were written with.</summary>
    public TableMapEvent Map { get; } = map;

    /// <summary>The columns that old images hold.</summary>
    public ColumnBitmap Before { get; } = before.Copy();

    /// <summary>The columns that new images hold; the same as the old ones for tables whose changes are brought down to net changes.</summary>
    public ColumnBitmap After { get; } = after.Copy();

    /// <summary>Whether images written with another map and other sets of columns are read alike.</summary>
    public bool ReadsAlike(TableMapping mapping, TableMapEvent map, ColumnBitmap before, ColumnBitmap after)
    {
        if (!ReferenceEquals(mapping, Mapping))
            return false;
        if (ReferenceEquals(map, Map) && SameColumns(before, Before) && SameColumns(after, After))
            return true;
        return SameColumns(before, Before) && SameColumns(after, After) && SameLayout(map);
    }

    /// <summary>Whether values of unique keys in images of another layout are written alike, so that they can be compared with these.</summary>
    public bool KeysAlike(TableMapping mapping, TableMapEvent map)
    {
        if (ReferenceEquals(mapping, Mapping) && ReferenceEquals(map, Map))
            return true;
        return KeyOf(mapping, map).SequenceEqual(KeyOf(Mapping, Map));
    }

    private bool SameLayout(TableMapEvent map)
    {
        if (map.ColumnCount != Map.ColumnCount)
            return false;
        for (var i = 0; i < map.ColumnCount; i++)
        {
            if (map.Columns[i].Type != Map.Columns[i].Type || map.Columns[i].Meta != Map.Columns[i].Meta)
                return false;
        }
        return true;
    }

    private static bool SameColumns(ColumnBitmap left, ColumnBitmap right)
    {
        if (left.ColumnCount != right.ColumnCount || left.PresentCount != right.PresentCount)
            return false;
        if (left.IsFull)
            return true;
        for (var i = 0; i < left.ColumnCount; i++)
        {
            if (left[i] != right[i])
                return false;
        }
        return true;
    }

    // The same bytes may mean another number, letter or member.
    private static IEnumerable<(int Target, BinlogColumnType Type, ushort Meta, bool IsUnsigned, string? Charset, string? Members)> KeyOf(TableMapping mapping, TableMapEvent map) =>
        from logged in map.Columns
        where mapping.IsUnique(logged.Ordinal)
        let column = mapping.ColumnAt(logged.Ordinal)!
        select (column.Target.Ordinal, logged.Type, logged.Meta, column.IsUnsigned, column.Introducer, column.Members is { } members ? string.Join('\0', members) : null);
}
