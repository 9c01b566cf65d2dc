using System.Globalization;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>The number that text stands for where a number is wanted: what its beginning says, 0 for none (MySQL manual, "Type Conversion in Expression Evaluation").</summary>
internal static class TextNumber
{
    /// <summary>As a double.</summary>
    public static double ToDouble(ReadOnlySpan<byte> text)
    {
        text = Trim(text);
        var length = NumberLength(text, allowExponent: true);
        if (length == 0)
            return 0;
        var value = double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsInfinity(value) ? Math.CopySign(double.MaxValue, value) : value;
    }

    /// <summary>The digits of the number at the beginning of a text, those of the exponent included.</summary>
    public static int DigitsOf(ReadOnlySpan<byte> text)
    {
        text = Trim(text);
        var digits = 0;
        foreach (var c in text[..NumberLength(text, allowExponent: true)])
            digits += char.IsAsciiDigit((char)c) ? 1 : 0;
        return digits;
    }

    /// <summary>Whether the text is an integer and nothing else.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> text, out Int128 value) =>
        Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>As a decimal; null where it has more digits than DECIMAL, or a larger exponent.</summary>
    public static ExactNumber? ToDecimal(ReadOnlySpan<byte> text)
    {
        text = Trim(text);
        var length = NumberLength(text, allowExponent: false);
        if (length == 0)
            return new ExactNumber(0, 0);
        if (length > 60)
            return null;
        var number = ExactNumber.Parse(text[..length]);
        var whole = NumberLength(text, allowExponent: true);
        if (whole == length)
            return number;
        return int.TryParse(text[(length + 1)..whole], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent) && Math.Abs(exponent) <= 60
            ? number.Shift(exponent)
            : null;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.TrimStart(" \t\n\v\f\r"u8);

    private static int NumberLength(ReadOnlySpan<byte> text, bool allowExponent)
    {
        var at = text is [(byte)'-' or (byte)'+', ..] ? 1 : 0;
        var integer = Digits(text[at..]);
        at += integer;
        var fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            fraction = Digits(text[(at + 1)..]);
            if (integer + fraction > 0)
                at += 1 + fraction;
        }

        if (integer + fraction == 0)
            return 0;
        if (!allowExponent || at >= text.Length || text[at] is not ((byte)'e' or (byte)'E'))
            return at;
        var exponent = text[(at + 1)..];
        var sign = exponent is [(byte)'-' or (byte)'+', ..] ? 1 : 0;
        var digits = Digits(exponent[sign..]);
        return digits == 0 ? at : at + 1 + sign + digits;
    }

    private static int Digits(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length < 0 ? text.Length : length;
    }
}
