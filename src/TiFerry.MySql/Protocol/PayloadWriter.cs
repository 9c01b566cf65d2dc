using System.Buffers.Binary;
using System.Text;

namespace TiFerry.MySql.Protocol;

/// <summary>Writes the protocol's elements into a packet.</summary>
internal static class PayloadWriter
{
    public static void AppendUInt16(this SqlBuffer packet, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(packet.GetSpan(2), value);
        packet.Advance(2);
    }

    public static void AppendUInt32(this SqlBuffer packet, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(packet.GetSpan(4), value);
        packet.Advance(4);
    }

    public static void AppendUInt64(this SqlBuffer packet, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(packet.GetSpan(8), value);
        packet.Advance(8);
    }

    public static void AppendZeros(this SqlBuffer packet, int count)
    {
        packet.GetSpan(count)[..count].Clear();
        packet.Advance(count);
    }

    public static void AppendLengthEncoded(this SqlBuffer packet, ulong value)
    {
        var span = packet.GetSpan(9);
        switch (value)
        {
            case < 0xFB:
                span[0] = (byte)value;
                packet.Advance(1);
                break;
            case <= 0xFFFF:
                span[0] = 0xFC;
                BinaryPrimitives.WriteUInt16LittleEndian(span[1..], (ushort)value);
                packet.Advance(3);
                break;
            case <= 0xFFFFFF:
                BinaryPrimitives.WriteUInt32LittleEndian(span, ((uint)value << 8) | 0xFD);
                packet.Advance(4);
                break;
            default:
                span[0] = 0xFE;
                BinaryPrimitives.WriteUInt64LittleEndian(span[1..], value);
                packet.Advance(9);
                break;
        }
    }

    public static void AppendLengthEncoded(this SqlBuffer packet, ReadOnlySpan<byte> bytes)
    {
        packet.AppendLengthEncoded((ulong)bytes.Length);
        packet.Append(bytes);
    }

    public static void AppendLengthEncoded(this SqlBuffer packet, string text)
    {
        packet.AppendLengthEncoded((ulong)Encoding.UTF8.GetByteCount(text));
        packet.Append(text);
    }

    public static void AppendNullTerminated(this SqlBuffer packet, string text)
    {
        packet.Append(text);
        packet.Append((byte)0);
    }
}
