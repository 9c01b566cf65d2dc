using System.Buffers.Binary;

namespace TiFerry.Binlog.Values.Json;

/// <summary>The kinds of value in MySQL's binary JSON (<c>sql-common/json_binary.h</c>).</summary>
internal enum JsonBinaryType : byte
{
    SmallObject = 0x00,
    LargeObject = 0x01,
    SmallArray = 0x02,
    LargeArray = 0x03,
    Literal = 0x04,
    Int16 = 0x05,
    UInt16 = 0x06,
    Int32 = 0x07,
    UInt32 = 0x08,
    Int64 = 0x09,
    UInt64 = 0x0A,
    Double = 0x0B,
    String = 0x0C,
    Opaque = 0x0F,
}

/// <summary>
/// A view on one value of a binary JSON document. Objects and arrays have a count and a size of 2 bytes each ("small") or 4 ("large"),
/// then for objects an offset and a 2-byte length per key, then per value a type and an offset, or the value itself where it fits.
/// Offsets count from the start of the container.
/// </summary>
internal readonly ref struct JsonBinary
{
    private JsonBinary(JsonBinaryType type, ReadOnlySpan<byte> data)
    {
        Type = type;
        Data = data;
    }

    public JsonBinaryType Type { get; }

    /// <summary>The bytes from the value's first on; they may reach beyond its end.</summary>
    public ReadOnlySpan<byte> Data { get; }

    public bool IsObject => Type is JsonBinaryType.SmallObject or JsonBinaryType.LargeObject;

    public bool IsArray => Type is JsonBinaryType.SmallArray or JsonBinaryType.LargeArray;

    /// <summary>Members or elements.</summary>
    public int Count => ReadOffset(0);

    private bool IsLarge => Type is JsonBinaryType.LargeObject or JsonBinaryType.LargeArray;

    private int OffsetSize => IsLarge ? 4 : 2;

    private int KeyEntrySize => OffsetSize + 2;

    private int ValueEntrySize => OffsetSize + 1;

    /// <summary>Opens a document. An empty one, which INSERT IGNORE of NULL into a NOT NULL column leaves, is null, as in the server.</summary>
    public static JsonBinary Open(ReadOnlySpan<byte> document) =>
        document.IsEmpty ? new JsonBinary(JsonBinaryType.Literal, [0]) : new JsonBinary((JsonBinaryType)document[0], document[1..]);

    public ReadOnlySpan<byte> Key(int index)
    {
        var entry = (2 * OffsetSize) + (index * KeyEntrySize);
        var offset = ReadOffset(entry);
        return Slice(offset, BinaryPrimitives.ReadUInt16LittleEndian(Slice(entry + OffsetSize, 2)));
    }

    public JsonBinary Element(int index)
    {
        var entry = (2 * OffsetSize) + (IsObject ? Count * KeyEntrySize : 0) + (index * ValueEntrySize);
        var type = (JsonBinaryType)Slice(entry, 1)[0];
        var isInline = type is JsonBinaryType.Literal or JsonBinaryType.Int16 or JsonBinaryType.UInt16
            || (IsLarge && type is JsonBinaryType.Int32 or JsonBinaryType.UInt32);
        if (isInline)
            return new JsonBinary(type, Slice(entry + 1, OffsetSize));
        var offset = ReadOffset(entry + 1);
        return new JsonBinary(type, Slice(offset, Data.Length - offset));
    }

    public byte Literal => Slice(0, 1)[0];

    public long Int64 => Type switch
    {
        JsonBinaryType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(Slice(0, 2)),
        JsonBinaryType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(Slice(0, 4)),
        _ => BinaryPrimitives.ReadInt64LittleEndian(Slice(0, 8)),
    };

    public ulong UInt64 => Type switch
    {
        JsonBinaryType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(Slice(0, 2)),
        JsonBinaryType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(Slice(0, 4)),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(Slice(0, 8)),
    };

    public double Double => BinaryPrimitives.ReadDoubleLittleEndian(Slice(0, 8));

    public ReadOnlySpan<byte> String => ReadVariable(Data);

    public BinlogColumnType OpaqueType => (BinlogColumnType)Slice(0, 1)[0];

    public ReadOnlySpan<byte> OpaqueData => ReadVariable(Slice(1, Data.Length - 1));

    /// <summary>The bytes of a value that is no container: what a copy of it has to hold.</summary>
    public ReadOnlySpan<byte> ScalarBytes => Type switch
    {
        JsonBinaryType.Literal => Slice(0, 1),
        JsonBinaryType.Int16 or JsonBinaryType.UInt16 => Slice(0, 2),
        JsonBinaryType.Int32 or JsonBinaryType.UInt32 => Slice(0, 4),
        JsonBinaryType.Int64 or JsonBinaryType.UInt64 or JsonBinaryType.Double => Slice(0, 8),
        JsonBinaryType.String => Data[..EndOfVariable(Data)],
        JsonBinaryType.Opaque => Slice(0, 1 + EndOfVariable(Data[1..])),
        _ => throw BinlogErrors.CorruptAt($"a JSON document has a value of type {(byte)Type}"),
    };

    private int ReadOffset(int position)
    {
        var value = IsLarge ? BinaryPrimitives.ReadUInt32LittleEndian(Slice(position, 4)) : BinaryPrimitives.ReadUInt16LittleEndian(Slice(position, 2));
        return value <= (uint)Data.Length ? (int)value : throw BinlogErrors.CorruptAt($"a JSON document points to byte {value} of {Data.Length}");
    }

    private ReadOnlySpan<byte> Slice(int start, int length)
    {
        if ((uint)start > (uint)Data.Length || (uint)length > (uint)(Data.Length - start))
            throw BinlogErrors.CorruptAt($"a JSON document of {Data.Length} bytes ends before byte {(long)start + length}");
        return Data.Slice(start, length);
    }

    private static ReadOnlySpan<byte> ReadVariable(ReadOnlySpan<byte> data)
    {
        var end = EndOfVariable(data, out var start);
        return data[start..end];
    }

    private static int EndOfVariable(ReadOnlySpan<byte> data) => EndOfVariable(data, out _);

    /// <summary>Seven bits of length per byte, lowest first, as long as the top bit is set.</summary>
    private static int EndOfVariable(ReadOnlySpan<byte> data, out int start)
    {
        var length = 0L;
        for (start = 0; start < Math.Min(5, data.Length); start++)
        {
            length |= (long)(data[start] & 0x7F) << (7 * start);
            if ((data[start] & 0x80) != 0)
                continue;
            start++;
            if (length > data.Length - start)
                break;
            return start + (int)length;
        }

        throw BinlogErrors.CorruptAt("a string in a JSON document goes beyond the document's end");
    }
}
