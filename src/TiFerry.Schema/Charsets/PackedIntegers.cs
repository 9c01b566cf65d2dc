using System.IO.Compression;

namespace TiFerry.Schema.Charsets;

/// <summary>Reads the integers of an embedded table: seven bits to a byte, lowest first.</summary>
internal ref struct PackedIntegers
{
    private ReadOnlySpan<byte> _rest;

    private PackedIntegers(ReadOnlySpan<byte> bytes) => _rest = bytes;

    public static PackedIntegers Open(string name) => new(Unpack(name));

    /// <summary>The table's bytes.</summary>
    public static byte[] Unpack(string name)
    {
        using var resource = typeof(PackedIntegers).Assembly.GetManifestResourceStream($"weights/{name}")!;
        using var unpacked = new ZLibStream(resource, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        unpacked.CopyTo(bytes);
        return bytes.ToArray();
    }

    public int Read()
    {
        var value = 0;
        var shift = 0;
        byte b;
        do
        {
            b = _rest[0];
            _rest = _rest[1..];
            value |= (b & 0x7F) << shift;
            shift += 7;
        }
        while (b >= 0x80);
        return value;
    }

    /// <summary>An integer with a sign in its lowest bit: 0, -1, 1, -2, ...</summary>
    public int ReadSigned()
    {
        var value = Read();
        return (value >> 1) ^ -(value & 1);
    }
}
