using System.Runtime.InteropServices;
using TiFerry.Binlog.Values;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Change;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Causality;

/// <summary>
/// Tells which net changes of a table may be applied side by side. Two of them conflict where one has, or had, a value of a unique key that the other has or had; what
/// conflicts, directly or by way of others, gets one number and is applied by one worker in order.
/// </summary>
internal sealed class ConflictGroups
{
    private readonly HashSet<TargetTable> _whole = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ulong, int> _owners = [];
    private int[] _parents = [];

    /// <summary>Numbers the changes of all tables of a window.</summary>
    /// <param name="window">The window; its tables get their groups.</param>
    public void Number(ChangeWindow window)
    {
        for (var i = 0; i < window.Tables.Count; i++)
            window.Tables[i].Groups = Number(window, window.Tables[i], i);
    }

    /// <summary>
    /// Keeps tables in one piece from now on whose workers got into each other's way: engines lock the gaps between values of a second unique key too.
    /// </summary>
    public void KeepWhole(ChangeWindow window)
    {
        foreach (var table in window.Tables)
        {
            if (table.Target.Table.UniqueKeys.Count > 1)
                _whole.Add(table.Target);
        }
    }

    private int[] Number(ChangeWindow window, WindowTable table, int index)
    {
        var changes = table.Changes;
        var keyed = window.Keyed;
        var groups = new int[changes.Count];
        if (table.Sources.TrueForAll(s => window.Sources[s].Mapping.CanSplitByKey))
        {
            for (var i = 0; i < groups.Length; i++)
                groups[i] = keyed[changes[i]].Hash;
            return groups;
        }
        // Different tables run in parallel all the same.
        if (_whole.Contains(table.Target) || table.Target.Table.UniqueKeys.Any(key => key.IsPartial || key.Columns.Count == 0) || !Join(window, table))
        {
            Array.Fill(groups, index);
            return groups;
        }
        for (var i = 0; i < groups.Length; i++)
            groups[i] = HashCode.Combine(Root(i));
        return groups;
    }

    // False where a value can't be compared without the server's knowledge of its collation.
    private bool Join(ChangeWindow window, WindowTable table)
    {
        _owners.Clear();
        if (_parents.Length < table.Changes.Count)
            _parents = new int[table.Changes.Count * 2];
        for (var i = 0; i < table.Changes.Count; i++)
            _parents[i] = i;
        var keyed = window.Keyed;
        for (var i = 0; i < table.Changes.Count; i++)
        {
            ref readonly var change = ref keyed[table.Changes[i]];
            if (change.Existed && !Join(window, i, change.BeforeSource, change.BeforeOffset, change.BeforeLength, table.Target.Table))
                return false;
            // A row that came and went is deleted in safe mode, by a key that the server may find equal to another's.
            if (!Join(window, i, change.Source, change.ImageOffset, change.ImageLength, table.Target.Table))
                return false;
        }
        return true;
    }

    private bool Join(ChangeWindow window, int change, int source, int offset, int length, Table table)
    {
        var layout = window.Sources[source];
        Span<ulong> values = stackalloc ulong[Math.Min(table.Columns.Count, 512)];
        if (table.Columns.Count > values.Length)
            return false;
        // What the image does not hold, a generated column on the target, leaves its key to be compared as one value.
        values.Clear();
        Span<bool> nulls = stackalloc bool[values.Length];
        nulls.Clear();
        var image = new RowImageReader(layout.Map, layout.After, window.Image(offset, length));
        while (image.Read())
        {
            if (layout.Mapping.ColumnAt(image.Ordinal) is not { } column)
                continue;
            if (image.IsNull)
                nulls[column.Target.Ordinal] = true;
            else if (IsUnique(table, column.Target.Ordinal) && !ComparableValue.TryHash(column.Target, image.Value, out values[column.Target.Ordinal]))
                return false;
        }
        foreach (var constant in layout.Mapping.Constants)
            values[constant.Target.Ordinal] = ComparableValue.HashBytes(constant.Literal);
        for (var key = 0; key < table.UniqueKeys.Count; key++)
        {
            var hash = (ulong)key + 1;
            var isNull = false;
            foreach (var ordinal in table.UniqueKeys[key].Columns)
            {
                isNull |= nulls[ordinal];
                hash = ComparableValue.Mix(hash, values[ordinal]);
            }
            if (!isNull)
                Join(change, hash);
        }
        return true;
    }

    private static bool IsUnique(Table table, int ordinal)
    {
        foreach (var key in table.UniqueKeys)
        {
            for (var i = 0; i < key.Columns.Count; i++)
            {
                if (key.Columns[i] == ordinal)
                    return true;
            }
        }
        return false;
    }

    private void Join(int change, ulong value)
    {
        ref var owner = ref CollectionsMarshal.GetValueRefOrAddDefault(_owners, value, out var exists);
        if (!exists)
        {
            owner = change;
            return;
        }
        var (left, right) = (Root(owner), Root(change));
        if (left != right)
            _parents[right] = left;
    }

    private int Root(int change)
    {
        while (_parents[change] != change)
        {
            _parents[change] = _parents[_parents[change]];
            change = _parents[change];
        }
        return change;
    }
}
