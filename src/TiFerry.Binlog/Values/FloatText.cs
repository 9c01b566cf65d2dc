using System.Globalization;

namespace TiFerry.Binlog.Values;

/// <summary>
/// FLOAT and DOUBLE as the servers print them: the shortest digits that read back as the same number (a FLOAT has at most six),
/// as a plain number from 1e-15 up to 1e15, beyond that with an exponent that has neither plus nor leading zeros (<c>my_gcvt</c>).
/// </summary>
public static class FloatText
{
    private const int MaxLength = 32;

    /// <summary>Writes a DOUBLE; returns the bytes written, at most 32.</summary>
    public static int Write(double value, Span<byte> destination) => WriteShortest(value, default, destination);

    /// <summary>Writes a FLOAT with the six digits that servers send; returns the bytes written, at most 32.</summary>
    public static int Write(float value, Span<byte> destination) => WriteShortest((double)value, "E5", destination);

    /// <summary>Writes a FLOAT with as many digits as it takes to read the same FLOAT back, at most nine; returns the bytes written.</summary>
    public static int WriteExact(float value, Span<byte> destination) => WriteShortest(value, default, destination);

    private static int WriteShortest<T>(T value, ReadOnlySpan<char> format, Span<byte> destination)
        where T : struct, IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[MaxLength];
        if (!value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture))
            throw new ArgumentException("the number is longer than any FLOAT or DOUBLE", nameof(value));
        text = text[..length];

        Span<byte> digits = stackalloc byte[MaxLength];
        var count = Split(text, digits, out var isNegative, out var pointAt);
        return Compose(digits[..count], isNegative, pointAt, destination);
    }

    /// <summary>Takes a number apart: its digits without zeros at either end, and the power of ten p for 0.digits × 10^p.</summary>
    private static int Split(ReadOnlySpan<byte> text, Span<byte> digits, out bool isNegative, out int pointAt)
    {
        isNegative = text[0] == '-';
        if (isNegative)
            text = text[1..];
        var exponent = 0;
        var e = text.IndexOf((byte)'E');
        if (e >= 0)
        {
            exponent = int.Parse(text[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }

        var count = 0;
        var seenPoint = false;
        pointAt = exponent;
        foreach (var c in text)
        {
            if (c == '.')
            {
                seenPoint = true;
                continue;
            }

            if (count == 0 && c == '0')
            {
                pointAt -= seenPoint ? 1 : 0;
                continue;
            }

            digits[count++] = c;
            pointAt += seenPoint ? 0 : 1;
        }

        while (count > 0 && digits[count - 1] == '0')
            count--;
        return count;
    }

    private static int Compose(ReadOnlySpan<byte> digits, bool isNegative, int pointAt, Span<byte> destination)
    {
        const int MaxPlain = 15;
        var written = 0;
        if (isNegative)
            destination[written++] = (byte)'-';
        if (digits.IsEmpty)
        {
            destination[written++] = (byte)'0';
            return written;
        }

        if (pointAt < -MaxPlain + 1 || (pointAt > MaxPlain && digits.Length <= pointAt))
            return written + ComposeExponent(digits, pointAt - 1, destination[written..]);

        if (pointAt <= 0)
        {
            "0."u8.CopyTo(destination[written..]);
            written += 2;
            destination.Slice(written, -pointAt).Fill((byte)'0');
            written -= pointAt;
            digits.CopyTo(destination[written..]);
            return written + digits.Length;
        }

        var integer = Math.Min(pointAt, digits.Length);
        digits[..integer].CopyTo(destination[written..]);
        written += integer;
        destination.Slice(written, pointAt - integer).Fill((byte)'0');
        written += pointAt - integer;
        if (integer == digits.Length)
            return written;
        destination[written++] = (byte)'.';
        digits[integer..].CopyTo(destination[written..]);
        return written + digits.Length - integer;
    }

    private static int ComposeExponent(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination)
    {
        destination[0] = digits[0];
        var written = 1;
        if (digits.Length > 1)
        {
            destination[written++] = (byte)'.';
            digits[1..].CopyTo(destination[written..]);
            written += digits.Length - 1;
        }

        destination[written++] = (byte)'e';
        return written + NumberText.Write((long)exponent, destination[written..]);
    }
}
