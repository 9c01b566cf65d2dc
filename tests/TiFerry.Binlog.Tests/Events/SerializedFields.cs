using System.Buffers.Binary;
using System.Numerics;

namespace TiFerry.Binlog.Tests.Events;

/// <summary>Writes messages of MySQL's serialization library.</summary>
internal sealed class SerializedFields
{
    private readonly List<byte> _bytes = [];

    public SerializedFields Add(ulong value)
    {
        var bits = 64 - BitOperations.LeadingZeroCount(value);
        var further = Math.Min(8, Math.Max(0, (bits - 1) / 7));
        Span<byte> rest = stackalloc byte[8];
        if (further == 8)
        {
            _bytes.Add(0xFF);
            BinaryPrimitives.WriteUInt64LittleEndian(rest, value);
        }
        else
        {
            _bytes.Add((byte)((value << (further + 1)) | ((1ul << further) - 1)));
            BinaryPrimitives.WriteUInt64LittleEndian(rest, value >> (7 - further));
        }

        _bytes.AddRange(rest[..further]);
        return this;
    }

    public SerializedFields AddSigned(long value) => Add(value < 0 ? ((ulong)~value << 1) | 1 : (ulong)value << 1);

    public SerializedFields AddBytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Version 1, the size of the whole, no field that must not be ignored, and the fields.</summary>
    public byte[] ToMessage()
    {
        var sizeBytes = _bytes.Count + 3 < 128 ? 1 : 2;
        var head = new SerializedFields().Add(1).Add((ulong)(_bytes.Count + 2 + sizeBytes)).Add(0);
        return [.. head._bytes, .. _bytes];
    }
}
