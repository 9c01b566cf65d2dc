using System.IO.Compression;

namespace TiFerry.Binlog.Compression;

/// <summary>MariaDB's zlib compression of events (<c>log_bin_compress</c>) and of columns (<c>COMPRESSED</c>).</summary>
internal static class MariaDbCompression
{
    private const int MaxExpandedLength = 1 << 30;

    /// <summary>
    /// Expands the compressed end of an event: a byte with bit 7 set, the algorithm in bits 4 to 6 (0: zlib) and in bits 0 to 2 how many bytes of
    /// big-endian length follow; then the zlib stream.
    /// </summary>
    public static ReadOnlyMemory<byte> Expand(ReadOnlyMemory<byte> compressed, ref byte[] buffer)
    {
        var bytes = compressed.Span;
        if (bytes.IsEmpty || (bytes[0] & 0xF0) != 0x80)
            throw BinlogErrors.CorruptAt("a compressed event does not start with the mark of zlib");
        var lengthBytes = bytes[0] & 0x07;
        if (lengthBytes is < 1 or > 4 || bytes.Length < 1 + lengthBytes)
            throw BinlogErrors.CorruptAt($"a compressed event has {lengthBytes} bytes of length");
        var length = ReadBigEndian(bytes.Slice(1, lengthBytes));
        if (length > MaxExpandedLength)
            throw BinlogErrors.CorruptAt($"a compressed event says it has {length} bytes when expanded; an event has at most {MaxExpandedLength}");
        if (buffer.Length < length)
            buffer = new byte[Math.Max((int)length, buffer.Length * 2)];

        using var stream = new ZLibStream(Open(bytes[(1 + lengthBytes)..]), CompressionMode.Decompress);
        ReadAll(stream, buffer.AsSpan(0, (int)length));
        return buffer.AsMemory(0, (int)length);
    }

    /// <summary>
    /// Expands a column's value: a byte that is 0 for plain bytes; otherwise the method in bits 4 to 7 (8: zlib), in bit 3 whether the stream is
    /// raw deflate without zlib's frame, and in bits 0 to 2 how many bytes of big-endian length follow.
    /// </summary>
    public static ReadOnlySpan<byte> ExpandColumn(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return value;
        var mark = value[0];
        if (mark == 0)
            return value[1..];
        var lengthBytes = mark & 0x07;
        if (mark >> 4 != 8 || lengthBytes is < 1 or > 4 || value.Length < 1 + lengthBytes)
            throw BinlogErrors.CorruptAt($"a compressed column value starts with byte 0x{mark:X2}");
        var length = ReadBigEndian(value.Slice(1, lengthBytes));
        if (length > uint.MaxValue || length > Array.MaxLength)
            throw BinlogErrors.CorruptAt($"a compressed column value says it has {length} bytes when expanded");

        var expanded = new byte[length];
        var source = Open(value[(1 + lengthBytes)..]);
        using System.IO.Stream stream = (mark & 0x08) != 0 ? new DeflateStream(source, CompressionMode.Decompress) : new ZLibStream(source, CompressionMode.Decompress);
        ReadAll(stream, expanded);
        return expanded;
    }

    private static MemoryStream Open(ReadOnlySpan<byte> bytes) => new(bytes.ToArray(), writable: false);

    private static void ReadAll(System.IO.Stream stream, Span<byte> destination)
    {
        try
        {
            stream.ReadExactly(destination);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw BinlogErrors.CorruptAt("compressed bytes cannot be expanded", cause: e);
        }
    }

    private static long ReadBigEndian(ReadOnlySpan<byte> bytes)
    {
        var value = 0L;
        foreach (var b in bytes)
            value = (value << 8) | b;
        return value;
    }
}
