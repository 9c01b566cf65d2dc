using System.Buffers.Binary;
using System.Text;

namespace TiFerry.MySql.Protocol;

/// <summary>Reads a payload from front to back; running past its end is a <see cref="MySqlProtocolException"/>.</summary>
internal ref struct PayloadReader
{
    private ReadOnlySpan<byte> _rest;

    public PayloadReader(ReadOnlySpan<byte> payload) => _rest = payload;

    public readonly int Remaining => _rest.Length;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ReadOnlySpan<byte> ReadBytes(int count) => Take(count);

    public ReadOnlySpan<byte> ReadRest() => Take(_rest.Length);

    public ulong ReadLengthEncodedInteger()
    {
        var first = ReadByte();
        switch (first)
        {
            case < 0xFB:
                return first;
            case 0xFC:
                return ReadUInt16();
            case 0xFD:
                var three = Take(3);
                return (uint)(three[0] | (three[1] << 8) | (three[2] << 16));
            case 0xFE:
                return BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
            default:
                throw new MySqlProtocolException($"the server sent 0x{first:X2} where a length-encoded integer was expected");
        }
    }

    public ReadOnlySpan<byte> ReadLengthEncodedBytes()
    {
        var length = ReadLengthEncodedInteger();
        if (length > (ulong)_rest.Length)
            throw TooShort();
        return Take((int)length);
    }

    public string ReadLengthEncodedString() => Encoding.UTF8.GetString(ReadLengthEncodedBytes());

    /// <summary>Reads up to a zero byte, which is skipped, or to the end where there is none.</summary>
    public ReadOnlySpan<byte> ReadNullTerminatedBytes()
    {
        var zero = _rest.IndexOf((byte)0);
        if (zero < 0)
            return ReadRest();
        var bytes = Take(zero);
        Take(1);
        return bytes;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
            throw TooShort();
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static MySqlProtocolException TooShort() => new("the server sent a packet that ends too early");
}
