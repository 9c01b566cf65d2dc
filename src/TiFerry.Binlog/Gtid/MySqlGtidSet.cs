using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Gtid;

/// <summary>
/// A set of MySQL GTIDs: for each source, and each tag of it, numbers as intervals. Changeable, not for use by several threads.
/// The text is <c>uuid:1-5:7,uuid2:1-3:tag:4</c>, as <c>gtid_executed</c> shows it.
/// </summary>
public sealed class MySqlGtidSet : IEquatable<MySqlGtidSet>
{
    private const int MaxTagLength = 32;
    private readonly SortedDictionary<Key, IntervalSet> _intervals = new(KeyComparer.Instance);

    /// <summary>Whether the set has no GTID.</summary>
    public bool IsEmpty => _intervals.Count == 0;

    /// <summary>Number of GTIDs.</summary>
    public long Count
    {
        get
        {
            var count = 0L;
            foreach (var intervals in _intervals.Values)
                count += intervals.Count;
            return count;
        }
    }

    /// <summary>Reads the text of a set; white space is ignored, an empty text is the empty set.</summary>
    /// <exception cref="TiFerryException">The text is no GTID set; says which part.</exception>
    public static MySqlGtidSet Parse(string text)
    {
        var set = new MySqlGtidSet();
        foreach (var source in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            set.ParseSource(source);
        return set;
    }

    /// <summary>Reads the form in which PREVIOUS_GTIDS_LOG_EVENT holds a set.</summary>
    /// <exception cref="TiFerryException">The bytes are damaged.</exception>
    public static MySqlGtidSet Decode(ReadOnlySpan<byte> encoded)
    {
        var set = new MySqlGtidSet();
        var reader = new Events.EventReader(encoded);
        var head = reader.ReadUInt64();
        var isTagged = head >> 56 == 1;
        // With tags, the format stands in the first and the last byte and the count between them.
        var sources = isTagged ? (head >> 8) & 0xFFFF_FFFF_FFFF : head;
        for (var i = 0ul; i < sources; i++)
        {
            var source = new Guid(reader.ReadBytes(16), bigEndian: true);
            var tag = isTagged ? Encoding.ASCII.GetString(reader.ReadBytes((int)Math.Min(reader.ReadSerializedUInt64(), int.MaxValue))) : "";
            var intervals = set.At(new Key(source, tag));
            for (var n = reader.ReadUInt64(); n > 0; n--)
            {
                var start = (long)reader.ReadUInt64();
                var end = (long)reader.ReadUInt64();
                if (start < 1 || end <= start)
                    throw BinlogErrors.CorruptAt($"a GTID set has the interval {start}-{end - 1}");
                intervals.Add(start, end);
            }
        }

        return set;
    }

    /// <summary>Writes the form that COM_BINLOG_DUMP_GTID takes; with tags only where there are any, as servers before 8.3 do not know them.</summary>
    public byte[] Encode()
    {
        var writer = new ArrayBufferWriter<byte>();
        var isTagged = false;
        foreach (var key in _intervals.Keys)
            isTagged |= key.Tag.Length > 0;
        var count = (ulong)_intervals.Count;
        WriteUInt64(writer, isTagged ? (1ul << 56) | (count << 8) | 1 : count);
        Span<byte> uuid = stackalloc byte[16];
        foreach (var (key, intervals) in _intervals)
        {
            key.Source.TryWriteBytes(uuid, bigEndian: true, out _);
            writer.Write(uuid);
            if (isTagged)
            {
                writer.Write([(byte)(key.Tag.Length << 1)]);
                writer.Write(Encoding.ASCII.GetBytes(key.Tag));
            }

            WriteUInt64(writer, (ulong)intervals.IntervalCount);
            for (var i = 0; i < intervals.IntervalCount; i++)
            {
                var (start, end) = intervals[i];
                WriteUInt64(writer, (ulong)start);
                WriteUInt64(writer, (ulong)end);
            }
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Adds one GTID; an anonymous one (number 0) is left out. Returns whether the set changed.</summary>
    public bool Add(MySqlGtid gtid) => gtid.Number > 0 && At(new Key(gtid.Source, gtid.Tag ?? "")).Add(gtid.Number, gtid.Number + 1);

    /// <summary>Adds all of another set.</summary>
    public void Union(MySqlGtidSet other)
    {
        foreach (var (key, intervals) in other._intervals)
        {
            var mine = At(key);
            for (var i = 0; i < intervals.IntervalCount; i++)
                mine.Add(intervals[i].Start, intervals[i].End);
        }
    }

    /// <summary>Takes all of another set away.</summary>
    public void Subtract(MySqlGtidSet other)
    {
        foreach (var (key, intervals) in other._intervals)
        {
            if (!_intervals.TryGetValue(key, out var mine))
                continue;
            for (var i = 0; i < intervals.IntervalCount; i++)
                mine.Remove(intervals[i].Start, intervals[i].End);
            if (mine.IntervalCount == 0)
                _intervals.Remove(key);
        }
    }

    /// <summary>Whether the set has the GTID.</summary>
    public bool Contains(MySqlGtid gtid) =>
        _intervals.TryGetValue(new Key(gtid.Source, gtid.Tag ?? ""), out var intervals) && intervals.ContainsAll(gtid.Number, gtid.Number + 1);

    /// <summary>Whether the set has every GTID of another.</summary>
    public bool ContainsAll(MySqlGtidSet other)
    {
        foreach (var (key, intervals) in other._intervals)
        {
            if (!_intervals.TryGetValue(key, out var mine))
                return false;
            for (var i = 0; i < intervals.IntervalCount; i++)
            {
                if (!mine.ContainsAll(intervals[i].Start, intervals[i].End))
                    return false;
            }
        }

        return true;
    }

    /// <summary>A copy that shares nothing.</summary>
    public MySqlGtidSet Clone()
    {
        var copy = new MySqlGtidSet();
        copy.Union(this);
        return copy;
    }

    /// <inheritdoc/>
    public bool Equals(MySqlGtidSet? other) => other is not null && ContainsAll(other) && other.ContainsAll(this);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MySqlGtidSet);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The set's text without white space, sources in order.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Guid? current = null;
        foreach (var (key, intervals) in _intervals)
        {
            if (key.Source != current)
                text.Append(current is null ? "" : ",").Append(key.Source.ToString("d"));
            current = key.Source;
            if (key.Tag.Length > 0)
                text.Append(':').Append(key.Tag);
            for (var i = 0; i < intervals.IntervalCount; i++)
            {
                var (start, end) = intervals[i];
                text.Append(CultureInfo.InvariantCulture, $":{start}");
                if (end > start + 1)
                    text.Append(CultureInfo.InvariantCulture, $"-{end - 1}");
            }
        }

        return text.ToString();
    }

    private void ParseSource(string text)
    {
        var parts = text.Split(':', StringSplitOptions.TrimEntries);
        if (parts.Length < 2 || !Guid.TryParseExact(parts[0], parts[0].Length == 32 ? "n" : "d", out var source))
            throw Bad(text);
        var key = new Key(source, "");
        var isTagWithoutInterval = false;
        foreach (var part in parts.AsSpan(1))
        {
            if (IsTag(part))
            {
                if (isTagWithoutInterval)
                    throw Bad(text);
                key = new Key(source, part.ToLowerInvariant());
                isTagWithoutInterval = true;
                continue;
            }

            if (!TryParseInterval(part, out var start, out var end))
                throw Bad(text);
            isTagWithoutInterval = false;
            At(key).Add(start, end);
        }

        if (isTagWithoutInterval)
            throw Bad(text);
    }

    private static TiFerryException Bad(string text) =>
        new(BinlogErrors.Syntax, ErrorScope.NotSet, $"'{text}' is not a part of a MySQL GTID set",
            "write it as uuid:first-last or uuid:tag:first-last, for example 3e11fa47-71ca-11e1-9e33-c80aa9429562:1-23:25");

    private static bool IsTag(string text)
    {
        if (text.Length is 0 or > MaxTagLength || !(char.IsAsciiLetter(text[0]) || text[0] == '_'))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
                return false;
        }

        return true;
    }

    private static bool TryParseInterval(string text, out long start, out long end)
    {
        end = 0;
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var first = dash < 0 ? text : text[..dash].TrimEnd();
        if (!long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out start) || start < 1)
            return false;
        var last = start;
        if (dash >= 0 && !long.TryParse(text[(dash + 1)..].TrimStart(), NumberStyles.None, CultureInfo.InvariantCulture, out last))
            return false;
        end = last + 1;
        return last >= start && last < long.MaxValue;
    }

    private IntervalSet At(Key key)
    {
        if (!_intervals.TryGetValue(key, out var intervals))
            _intervals[key] = intervals = new IntervalSet();
        return intervals;
    }

    private static void WriteUInt64(ArrayBufferWriter<byte> writer, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }

    private readonly record struct Key(Guid Source, string Tag);

    /// <summary>Servers order sources by their bytes and put GTIDs without a tag first.</summary>
    private sealed class KeyComparer : IComparer<Key>
    {
        public static readonly KeyComparer Instance = new();

        public int Compare(Key x, Key y)
        {
            Span<byte> a = stackalloc byte[16];
            Span<byte> b = stackalloc byte[16];
            x.Source.TryWriteBytes(a, bigEndian: true, out _);
            y.Source.TryWriteBytes(b, bigEndian: true, out _);
            var order = a.SequenceCompareTo(b);
            return order != 0 ? order : string.CompareOrdinal(x.Tag, y.Tag);
        }
    }
}
