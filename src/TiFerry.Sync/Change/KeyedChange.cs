using System.Runtime.InteropServices;

namespace TiFerry.Sync.Change;

/// <summary>The net change of one row key in a window; offsets point into the window's arena.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct KeyedChange
{
    /// <summary>Index of the table in the window.</summary>
    public int Table;

    /// <summary>Index of the layout of the newest image.</summary>
    public int Source;

    /// <summary>Index of the layout of the oldest image.</summary>
    public int BeforeSource;

    /// <summary>Hash of the key's bytes.</summary>
    public int Hash;

    /// <summary>Next change in the same hash bucket; -1 at the end.</summary>
    public int Next;

    /// <summary>Where the key's bytes start.</summary>
    public int KeyOffset;

    /// <summary>Length of the key's bytes.</summary>
    public int KeyLength;

    /// <summary>Where the newest row image with this key starts: the new values, or the old ones of a deleted row.</summary>
    public int ImageOffset;

    /// <summary>Length of that image.</summary>
    public int ImageLength;

    /// <summary>Where the image of the row before the window's first change starts; meaningless unless it existed.</summary>
    public int BeforeOffset;

    /// <summary>Length of that image.</summary>
    public int BeforeLength;

    /// <summary>Whether the row was there before the window's first change to it.</summary>
    public bool Existed;

    /// <summary>Whether the row is gone at the window's end.</summary>
    public bool Deleted;

    /// <summary>Whether the row is at the window's end as it was before; the row is there both times.</summary>
    public bool IsUnchanged;

    /// <summary>What to do on the target.</summary>
    /// <param name="safe">Whether the target may be ahead or behind: nothing is assumed of what it holds.</param>
    /// <param name="leavesColumns">Whether the target's row has values that the source's does not have and that must stay.</param>
    public readonly RowOperation Operation(bool safe, bool leavesColumns) => (Deleted, Existed, safe) switch
    {
        (true, false, false) => RowOperation.None,
        (true, _, _) => RowOperation.Delete,
        (false, false, false) => RowOperation.Insert,
        (false, true, false) when IsUnchanged => RowOperation.None,
        (false, true, false) when leavesColumns => RowOperation.Update,
        _ => RowOperation.Replace,
    };
}
