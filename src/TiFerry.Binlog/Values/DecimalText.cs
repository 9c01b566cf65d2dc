using System.Buffers.Binary;

namespace TiFerry.Binlog.Values;

/// <summary>
/// DECIMAL(p,s) as its text. Nine digits take four bytes, fewer take 1 to 4; big-endian, integer part then fraction; the first bit is set
/// for positive numbers, and negative ones have all bits inverted (MySQL Internals, "Decimal").
/// </summary>
internal static class DecimalText
{
    private const int DigitsPerWord = 9;

    private static ReadOnlySpan<byte> BytesOfDigits => [0, 1, 1, 2, 2, 3, 3, 4, 4, 4];

    public static int BinarySize(int precision, int scale)
    {
        var integer = precision - scale;
        return (integer / DigitsPerWord * 4) + BytesOfDigits[integer % DigitsPerWord] + (scale / DigitsPerWord * 4) + BytesOfDigits[scale % DigitsPerWord];
    }

    public static int Write(ReadOnlySpan<byte> packed, int precision, int scale, Span<byte> destination)
    {
        var isNegative = (packed[0] & 0x80) == 0;
        var invert = isNegative ? uint.MaxValue : 0;
        var flip = 0x80u;
        var written = 0;
        if (isNegative)
            destination[written++] = (byte)'-';

        var integer = precision - scale;
        var start = written;
        var position = 0;
        var leading = integer % DigitsPerWord;
        if (leading > 0)
            WriteIntegerDigits(ReadDigits(packed, ref position, BytesOfDigits[leading], invert, ref flip), leading, destination, start, ref written);
        for (var i = integer / DigitsPerWord; i > 0; i--)
            WriteIntegerDigits(ReadDigits(packed, ref position, 4, invert, ref flip), DigitsPerWord, destination, start, ref written);
        if (written == start)
            destination[written++] = (byte)'0';
        if (scale == 0)
            return written;

        destination[written++] = (byte)'.';
        for (var i = scale / DigitsPerWord; i > 0; i--)
        {
            NumberText.WriteFixed(ReadDigits(packed, ref position, 4, invert, ref flip), DigitsPerWord, destination[written..]);
            written += DigitsPerWord;
        }

        var trailing = scale % DigitsPerWord;
        if (trailing > 0)
        {
            NumberText.WriteFixed(ReadDigits(packed, ref position, BytesOfDigits[trailing], invert, ref flip), trailing, destination[written..]);
            written += trailing;
        }

        return written;
    }

    /// <summary>Writes digits of the integer part, without zeros in front of the first other digit.</summary>
    private static void WriteIntegerDigits(uint digits, int width, Span<byte> destination, int start, ref int written)
    {
        if (written > start)
        {
            NumberText.WriteFixed(digits, width, destination[written..]);
            written += width;
        }
        else if (digits != 0)
        {
            written += NumberText.Write((ulong)digits, destination[written..]);
        }
    }

    private static uint ReadDigits(ReadOnlySpan<byte> packed, ref int position, int bytes, uint invert, ref uint flip)
    {
        var span = packed.Slice(position, bytes);
        position += bytes;
        var mask = bytes == 4 ? uint.MaxValue : (1u << (bytes * 8)) - 1;
        var value = bytes switch
        {
            1 => span[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(span),
            3 => (uint)((span[0] << 16) | (span[1] << 8) | span[2]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(span),
        };
        value ^= flip << ((bytes - 1) * 8);
        flip = 0;
        return (value ^ invert) & mask;
    }
}
