using System.Buffers;
using System.Runtime.InteropServices;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Sync.Route;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Change;

/// <summary>
/// The changes of a run of transactions, brought down to one net change for each row key. Whatever order the rows of different
/// keys are then written in, the result is the same, as long as deletes come before writes and rows that share a unique key stay together.
/// </summary>
/// <remarks>
/// All images and keys live in one pooled buffer. A later image of a key replaces an earlier one without loss, because both hold all columns; changes
/// for which that can't be said are kept in order.
/// </remarks>
internal sealed class ChangeWindow : IDisposable
{
    private byte[] _arena = ArrayPool<byte>.Shared.Rent(256 * 1024);
    private int _arenaLength;
    private readonly List<WindowTable> _tables = [];
    private readonly Dictionary<TargetTable, int> _tableIndex = new(ReferenceEqualityComparer.Instance);
    private readonly List<WindowSource> _sources = [];
    private readonly List<KeyedChange> _keyed = [];
    private readonly List<OrderedChange> _ordered = [];
    private int[] _buckets = CreateBuckets(4096);

    /// <summary>Bytes held.</summary>
    public int Bytes => _arenaLength;

    /// <summary>Row changes that came in, before they were brought down to net changes.</summary>
    public long RowsIn { get; private set; }

    /// <summary>Those by kind, as far as they were told.</summary>
    public RowCounts Counts { get; private set; }

    /// <summary>Tells the kind of rows that were added.</summary>
    public void Count(RowCounts rows) => Counts += rows;

    /// <summary>Whether nothing is held.</summary>
    public bool IsEmpty => _keyed.Count == 0 && _ordered.Count == 0;

    /// <summary>The tables that have changes.</summary>
    public List<WindowTable> Tables => _tables;

    /// <summary>The layouts of the images.</summary>
    public List<WindowSource> Sources => _sources;

    /// <summary>The net changes of tables with a key.</summary>
    public Span<KeyedChange> Keyed => CollectionsMarshal.AsSpan(_keyed);

    /// <summary>The changes that are applied one by one, in order.</summary>
    public List<OrderedChange> Ordered => _ordered;

    /// <summary>Bytes of the arena.</summary>
    public ReadOnlySpan<byte> Image(int offset, int length) => _arena.AsSpan(offset, length);

    /// <summary>Finds or adds a layout for images that are about to be added.</summary>
    /// <param name="mapping">Where their values go.</param>
    /// <param name="map">The table map that they were written with.</param>
    /// <param name="before">The columns that old images hold.</param>
    /// <param name="after">The columns that new images hold.</param>
    /// <returns>Its index; -1 where the images can't join those that the window holds, whose keys are written otherwise.</returns>
    public int SourceFor(TableMapping mapping, TableMapEvent map, ColumnBitmap before, ColumnBitmap after)
    {
        if (!_tableIndex.TryGetValue(mapping.Target, out var index))
        {
            index = _tables.Count;
            _tables.Add(new WindowTable(mapping.Target));
            _tableIndex.Add(mapping.Target, index);
        }
        var table = _tables[index];
        foreach (var known in table.Sources)
        {
            if (_sources[known].ReadsAlike(mapping, map, before, after))
                return known;
        }
        if (table.Sources.Count > 0 && !_sources[table.Sources[0]].KeysAlike(mapping, map))
        {
            if (!IsEmpty)
                return -1;
            Clear();
            return SourceFor(mapping, map, before, after);
        }
        _sources.Add(new WindowSource(mapping, map, before, after));
        table.Sources.Add(_sources.Count - 1);
        return _sources.Count - 1;
    }

    /// <summary>Adds one change of a row that a key names.</summary>
    /// <param name="source">The layout: old and new images hold the same columns.</param>
    /// <param name="before">The old row; empty for an insert.</param>
    /// <param name="after">The new row; empty for a delete.</param>
    /// <param name="compact">Whether a key may change more than once in the window.</param>
    /// <returns>False where it may not and would; nothing is added then.</returns>
    public bool AddKeyed(int source, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, bool compact)
    {
        var layout = _sources[source];
        if (!compact && ((!before.IsEmpty && Holds(layout, before)) || (!after.IsEmpty && Holds(layout, after))))
            return false;
        RowsIn++;
        if (before.IsEmpty)
        {
            Put(source, after, [], deleted: false);
        }
        else if (after.IsEmpty)
        {
            Put(source, before, before, deleted: true);
        }
        else if (SameKey(layout, before, after))
        {
            Put(source, after, before, deleted: false);
        }
        else
        {
            Put(source, before, before, deleted: true);
            Put(source, after, [], deleted: false);
        }
        return true;
    }

    /// <summary>Adds one change that has to be applied in order.</summary>
    /// <param name="source">The layout.</param>
    /// <param name="before">The old row; empty for an insert.</param>
    /// <param name="after">The new row; empty for a delete.</param>
    /// <param name="kind">What happened: an image without columns takes no bytes.</param>
    public void AddOrdered(int source, RowsKind kind, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        RowsIn++;
        var beforeOffset = kind == RowsKind.Write ? -1 : Append(before);
        var afterOffset = kind == RowsKind.Delete ? -1 : Append(after);
        _ordered.Add(new OrderedChange(source, beforeOffset, before.Length, afterOffset, after.Length));
    }

    /// <summary>Empties the window and keeps its buffers.</summary>
    public void Clear()
    {
        _tables.Clear();
        _tableIndex.Clear();
        _sources.Clear();
        _keyed.Clear();
        _ordered.Clear();
        Array.Fill(_buckets, -1);
        _arenaLength = 0;
        RowsIn = 0;
        Counts = default;
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

    // An image before is given only where the row was there before this change.
    private void Put(int source, ReadOnlySpan<byte> image, ReadOnlySpan<byte> before, bool deleted)
    {
        var layout = _sources[source];
        var table = _tableIndex[layout.Mapping.Target];
        var keyOffset = _arenaLength;
        AppendKey(layout, image);
        var keyLength = _arenaLength - keyOffset;
        var hash = HashOf(table, _arena.AsSpan(keyOffset, keyLength));
        var found = Find(table, hash, keyOffset, keyLength);
        if (found >= 0)
        {
            _arenaLength = keyOffset;
            ref var known = ref CollectionsMarshal.AsSpan(_keyed)[found];
            (known.ImageOffset, known.ImageLength) = (Append(image), image.Length);
            known.Source = source;
            known.Deleted = deleted;
            known.IsUnchanged = known.Existed && !deleted && known.BeforeSource == source && Image(known.BeforeOffset, known.BeforeLength).SequenceEqual(image);
            return;
        }

        var imageOffset = Append(image);
        ref var bucket = ref _buckets[(uint)hash % (uint)_buckets.Length];
        _keyed.Add(new KeyedChange
        {
            Table = table,
            Source = source,
            BeforeSource = source,
            Hash = hash,
            Next = bucket,
            KeyOffset = keyOffset,
            KeyLength = keyLength,
            ImageOffset = imageOffset,
            ImageLength = image.Length,
            BeforeOffset = deleted || before.IsEmpty ? imageOffset : Append(before),
            BeforeLength = deleted || before.IsEmpty ? image.Length : before.Length,
            Existed = !before.IsEmpty,
            Deleted = deleted,
        });
        bucket = _keyed.Count - 1;
        _tables[table].Changes.Add(bucket);
        if (_keyed.Count > _buckets.Length)
            Rehash();
    }

    private bool Holds(WindowSource source, ReadOnlySpan<byte> image)
    {
        var table = _tableIndex[source.Mapping.Target];
        var keyOffset = _arenaLength;
        AppendKey(source, image);
        var keyLength = _arenaLength - keyOffset;
        _arenaLength = keyOffset;
        return Find(table, HashOf(table, _arena.AsSpan(keyOffset, keyLength)), keyOffset, keyLength) >= 0;
    }

    private int Find(int table, int hash, int keyOffset, int keyLength)
    {
        var changes = CollectionsMarshal.AsSpan(_keyed);
        for (var i = _buckets[(uint)hash % (uint)_buckets.Length]; i >= 0; i = changes[i].Next)
        {
            ref readonly var known = ref changes[i];
            if (known.Hash == hash && known.Table == table
                && _arena.AsSpan(known.KeyOffset, known.KeyLength).SequenceEqual(_arena.AsSpan(keyOffset, keyLength)))
                return i;
        }
        return -1;
    }

    private static bool SameKey(WindowSource source, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var left = new RowImageReader(source.Map, source.Before, before);
        var right = new RowImageReader(source.Map, source.After, after);
        var remaining = source.Mapping.KeyColumnCount;
        while (remaining > 0 && left.Read() && right.Read())
        {
            if (!source.Mapping.IsKeyColumn(left.Ordinal))
                continue;
            if (!left.Value.Raw.SequenceEqual(right.Value.Raw))
                return false;
            remaining--;
        }
        return true;
    }

    private void AppendKey(WindowSource source, ReadOnlySpan<byte> image)
    {
        var mapping = source.Mapping;
        var reader = new RowImageReader(source.Map, source.After, image);
        var remaining = mapping.KeyColumnCount;
        while (remaining > 0 && reader.Read())
        {
            if (!mapping.IsKeyColumn(reader.Ordinal))
                continue;
            var raw = reader.Value.Raw;
            if (!mapping.HasSingleKey)
                AppendLength(raw.Length);
            Append(raw);
            remaining--;
        }
        foreach (var constant in mapping.KeyConstants)
        {
            AppendLength(constant.Literal.Length);
            Append(constant.Literal);
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
