using System.Buffers;
using System.Runtime.InteropServices;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Change;

/// <summary>
/// The changes of a run of transactions, brought down to one net change for each row key. Whatever order the rows of different
/// keys are then written in, the result is the same, as long as deletes come before writes and rows that share a unique key stay together.
/// </summary>
/// <remarks>
/// All images and keys live in one pooled buffer. That is right because every image is full: a later image of a key
/// replaces an earlier one without loss.
/// </remarks>
internal sealed class ChangeWindow : IDisposable
{
    private byte[] _arena = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int _arenaLength;
    private readonly List<WindowTable> _tables = [];
    private readonly Dictionary<TargetTable, int> _tableIndex = [];
    private readonly List<KeyedChange> _keyed = [];
    private readonly List<KeylessChange> _keyless = [];
    private int[] _buckets = CreateBuckets(4096);

    /// <summary>Bytes held.</summary>
    public int Bytes => _arenaLength;

    /// <summary>Row changes that came in, before they were brought down to net changes.</summary>
    public long RowsIn { get; private set; }

    /// <summary>Whether nothing is held.</summary>
    public bool IsEmpty => _keyed.Count == 0 && _keyless.Count == 0;

    /// <summary>The tables that have changes.</summary>
    public List<WindowTable> Tables => _tables;

    /// <summary>The net changes of tables with a key.</summary>
    public ReadOnlySpan<KeyedChange> Keyed => CollectionsMarshal.AsSpan(_keyed);

    /// <summary>The changes of tables without a key, in order.</summary>
    public List<KeylessChange> Keyless => _keyless;

    /// <summary>Bytes of the arena.</summary>
    public ReadOnlySpan<byte> Image(int offset, int length) => _arena.AsSpan(offset, length);

    /// <summary>Whether images can join those that the window holds: all of a table must have the same layout.</summary>
    /// <param name="table">The table on the target.</param>
    /// <param name="map">The table map that the images were written with.</param>
    /// <param name="columns">The columns that the images hold.</param>
    public bool Takes(TargetTable table, TableMapEvent map, ColumnBitmap columns) =>
        !_tableIndex.TryGetValue(table, out var index) || _tables[index].ReadsAlike(map, columns);

    /// <summary>Adds one row change.</summary>
    /// <param name="table">The table on the target.</param>
    /// <param name="map">The table map that the images were written with.</param>
    /// <param name="columns">The columns that the images hold: the same for all rows of the table in this window.</param>
    /// <param name="before">The old row; empty for an insert.</param>
    /// <param name="after">The new row; empty for a delete.</param>
    public void Add(TargetTable table, TableMapEvent map, ColumnBitmap columns, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        RowsIn++;
        var index = IndexOf(table, map, columns);
        if (!table.HasRowKey)
        {
            AddKeyless(index, before, after);
            return;
        }
        if (before.IsEmpty)
        {
            Put(index, after, deleted: false, existedIfNew: false);
        }
        else if (after.IsEmpty)
        {
            Put(index, before, deleted: true, existedIfNew: true);
        }
        else
        {
            var keyChanged = !SameKey(_tables[index], before, after);
            if (keyChanged)
                Put(index, before, deleted: true, existedIfNew: true);
            Put(index, after, deleted: false, existedIfNew: !keyChanged);
        }
    }

    /// <summary>Empties the window and keeps its buffers.</summary>
    public void Clear()
    {
        _tables.Clear();
        _tableIndex.Clear();
        _keyed.Clear();
        _keyless.Clear();
        Array.Fill(_buckets, -1);
        _arenaLength = 0;
        RowsIn = 0;
        const int Kept = 16 * 1024 * 1024;
        if (_arena.Length > Kept)
        {
            ArrayPool<byte>.Shared.Return(_arena);
            _arena = ArrayPool<byte>.Shared.Rent(Kept);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_arena);
        _arena = [];
    }

    private void Put(int tableIndex, ReadOnlySpan<byte> image, bool deleted, bool existedIfNew)
    {
        var keyOffset = _arenaLength;
        AppendKey(_tables[tableIndex], image);
        var keyLength = _arenaLength - keyOffset;
        var hash = HashOf(tableIndex, _arena.AsSpan(keyOffset, keyLength));

        ref var bucket = ref _buckets[(uint)hash % (uint)_buckets.Length];
        var changes = CollectionsMarshal.AsSpan(_keyed);
        for (var i = bucket; i >= 0; i = changes[i].Next)
        {
            ref var known = ref changes[i];
            if (known.Hash == hash && known.Table == tableIndex
                && _arena.AsSpan(known.KeyOffset, known.KeyLength).SequenceEqual(_arena.AsSpan(keyOffset, keyLength)))
            {
                _arenaLength = keyOffset;
                (known.ImageOffset, known.ImageLength) = (Append(image), image.Length);
                known.Deleted = deleted;
                return;
            }
        }

        var imageOffset = Append(image);
        _keyed.Add(new KeyedChange
        {
            Table = tableIndex,
            Hash = hash,
            Next = bucket,
            KeyOffset = keyOffset,
            KeyLength = keyLength,
            ImageOffset = imageOffset,
            ImageLength = image.Length,
            Existed = existedIfNew,
            Deleted = deleted,
        });
        bucket = _keyed.Count - 1;
        _tables[tableIndex].Changes.Add(bucket);
        if (_keyed.Count > _buckets.Length)
            Rehash();
    }

    private void AddKeyless(int tableIndex, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var beforeOffset = before.IsEmpty ? -1 : Append(before);
        var afterOffset = after.IsEmpty ? -1 : Append(after);
        _keyless.Add(new KeylessChange(tableIndex, beforeOffset, before.Length, afterOffset, after.Length));
    }

    private int IndexOf(TargetTable table, TableMapEvent map, ColumnBitmap columns)
    {
        if (!_tableIndex.TryGetValue(table, out var index))
        {
            index = _tables.Count;
            _tables.Add(new WindowTable(table, map, columns));
            _tableIndex.Add(table, index);
        }
        return index;
    }

    private static bool SameKey(WindowTable table, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var left = new RowImageReader(table.Map, table.Columns, before);
        var right = new RowImageReader(table.Map, table.Columns, after);
        var remaining = table.Table.KeyColumnCount;
        while (remaining > 0 && left.Read() && right.Read())
        {
            if (!table.Table.IsKeyColumn(left.Ordinal))
                continue;
            if (!left.Value.Raw.SequenceEqual(right.Value.Raw))
                return false;
            remaining--;
        }
        return true;
    }

    private void AppendKey(WindowTable table, ReadOnlySpan<byte> image)
    {
        var reader = new RowImageReader(table.Map, table.Columns, image);
        var remaining = table.Table.KeyColumnCount;
        while (remaining > 0 && reader.Read())
        {
            if (!table.Table.IsKeyColumn(reader.Ordinal))
                continue;
            var raw = reader.Value.Raw;
            if (table.Table.KeyColumnCount > 1)
                AppendLength(raw.Length);
            Append(raw);
            remaining--;
        }
    }

    private void AppendLength(int length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(bytes, length);
        Append(bytes);
    }

    private int Append(ReadOnlySpan<byte> bytes)
    {
        var offset = _arenaLength;
        if (_arena.Length - offset < bytes.Length)
            Grow(bytes.Length);
        bytes.CopyTo(_arena.AsSpan(offset));
        _arenaLength += bytes.Length;
        return offset;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_arenaLength + needed), (int)Math.Min(_arena.Length * 2L, Array.MaxLength)));
        _arena.AsSpan(0, _arenaLength).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_arena);
        _arena = larger;
    }

    private void Rehash()
    {
        _buckets = CreateBuckets(_buckets.Length * 4);
        var changes = CollectionsMarshal.AsSpan(_keyed);
        for (var i = 0; i < changes.Length; i++)
        {
            ref var bucket = ref _buckets[(uint)changes[i].Hash % (uint)_buckets.Length];
            changes[i].Next = bucket;
            bucket = i;
        }
    }

    private static int[] CreateBuckets(int count)
    {
        var buckets = new int[count];
        Array.Fill(buckets, -1);
        return buckets;
    }

    private static int HashOf(int table, ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.Add(table);
        hash.AddBytes(key);
        return hash.ToHashCode();
    }
}
