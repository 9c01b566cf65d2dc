using System.Globalization;
using TiFerry.Schema.Ddl.Ast;

namespace TiFerry.Schema.Tracking;

/// <summary>Dates and times in the form that servers show (MySQL manual, "Date and Time Literals").</summary>
internal static class TemporalText
{
    /// <summary>The value in its shown form; null where it is written in a way whose meaning only the server knows.</summary>
    public static string? Canonical(string value, DataType type)
    {
        var text = value.Trim();
        if (type.Name == "time")
            return Time(text, type);
        if (text == "0")
            text = "0000-00-00";
        var space = text.IndexOfAny([' ', 'T']);
        var date = Date(space < 0 ? text : text[..space]);
        if (date is null || type.Name == "date")
            return date;
        return Time(space < 0 ? "0:0:0" : text[(space + 1)..], type) is { } time ? $"{date} {time}" : null;
    }

    private static string? Date(string text) =>
        Numbers(text.Split('-'), 3) is [var year, var month, var day] && text.IndexOf('-', StringComparison.Ordinal) == 4
            ? string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{day:00}")
            : null;

    private static string? Time(string text, DataType type)
    {
        // Digits alone are hours, minutes and seconds without the colons.
        if (text.Length is > 0 and < 8 && text.All(char.IsAsciiDigit))
        {
            var number = int.Parse(text, CultureInfo.InvariantCulture);
            text = string.Create(CultureInfo.InvariantCulture, $"{number / 10000}:{number / 100 % 100}:{number % 100}");
        }

        var point = text.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? "" : text[(point + 1)..];
        var digits = (int)(type.Length ?? 0);
        // A longer fraction would have to be rounded.
        if (fraction.Length > digits || !fraction.All(char.IsAsciiDigit))
            return null;
        var sign = text.StartsWith('-') ? "-" : "";
        var parts = (point < 0 ? text : text[..point])[sign.Length..].Split(':');
        if (parts.Length == 2)
            parts = [.. parts, "0"];
        return Numbers(parts, 3) is [var hours, var minutes, var seconds]
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{hours:00}:{minutes:00}:{seconds:00}{(digits > 0 ? "." : "")}{fraction.PadRight(digits, '0')}")
            : null;
    }

    private static int[]? Numbers(string[] parts, int count)
    {
        if (parts.Length != count)
            return null;
        var numbers = new int[count];
        for (var i = 0; i < count; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }

        return numbers;
    }
}
