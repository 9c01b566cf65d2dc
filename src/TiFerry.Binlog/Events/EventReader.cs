using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace TiFerry.Binlog.Events;

/// <summary>Walks the bytes of an event body; little-endian, as everything in a binlog but row values.</summary>
internal ref struct EventReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;

    public int Position { get; private set; }

    public readonly int Remaining => _body.Length - Position;

    public readonly bool IsAtEnd => Position >= _body.Length;

    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        if (length < 0 || length > Remaining)
            throw BinlogErrors.CorruptAt($"{length} bytes are expected at offset {Position} of an event body of {_body.Length} bytes");
        var bytes = _body.Slice(Position, length);
        Position += length;
        return bytes;
    }

    public ReadOnlySpan<byte> ReadRest() => ReadBytes(Remaining);

    public void Skip(int length) => ReadBytes(length);

    public byte ReadByte() => ReadBytes(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));

    public ulong ReadUInt(int width)
    {
        var bytes = ReadBytes(width);
        var value = 0ul;
        for (var i = width - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    /// <summary>The protocol's length-encoded integer: one byte below 251, else a marker and 2, 3 or 8 bytes.</summary>
    public ulong ReadLengthEncoded()
    {
        var first = ReadByte();
        return first switch
        {
            < 251 => first,
            252 => ReadUInt16(),
            253 => ReadUInt(3),
            254 => ReadUInt64(),
            _ => throw BinlogErrors.CorruptAt($"byte {first} does not start a length-encoded integer"),
        };
    }

    public int ReadLength()
    {
        var length = ReadLengthEncoded();
        return length <= int.MaxValue ? (int)length : throw BinlogErrors.CorruptAt($"a length of {length} bytes is out of range");
    }

    /// <summary>
    /// The integer of mysql::serialization: the count of trailing one bits in the first byte is the count of further bytes,
    /// the value starts after the zero bit that ends them.
    /// </summary>
    public ulong ReadSerializedUInt64()
    {
        var first = ReadByte();
        var further = BitOperations.TrailingZeroCount(~(uint)first);
        if (further == 8)
            return ReadUInt64();
        return (ReadUInt(further) << (7 - further)) | ((ulong)first >> (further + 1));
    }

    /// <summary>The signed form: the sign is the lowest bit, negative numbers are stored as their complement.</summary>
    public long ReadSerializedInt64()
    {
        var value = ReadSerializedUInt64();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public string ReadString(int length) => Encoding.UTF8.GetString(ReadBytes(length));

    public ReadOnlySpan<byte> ReadNullTerminated()
    {
        var length = _body[Position..].IndexOf((byte)0);
        if (length < 0)
            throw BinlogErrors.CorruptAt($"a string at offset {Position} has no end");
        var bytes = ReadBytes(length);
        Skip(1);
        return bytes;
    }
}
