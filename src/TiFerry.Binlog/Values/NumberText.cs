using System.Buffers.Text;

namespace TiFerry.Binlog.Values;

/// <summary>Integers as decimal digits.</summary>
internal static class NumberText
{
    public static int Write(long value, Span<byte> destination)
    {
        if (!Utf8Formatter.TryFormat(value, destination, out var written))
            ThrowTooShort();
        return written;
    }

    public static int Write(ulong value, Span<byte> destination)
    {
        if (!Utf8Formatter.TryFormat(value, destination, out var written))
            ThrowTooShort();
        return written;
    }

    /// <summary>Writes the last <paramref name="width"/> digits, with leading zeros.</summary>
    public static void WriteFixed(uint value, int width, Span<byte> destination)
    {
        for (var i = width - 1; i >= 0; i--)
        {
            destination[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private static void ThrowTooShort() => throw new ArgumentException("the destination is too short for a number");
}
