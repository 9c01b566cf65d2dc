using System.Globalization;

namespace TiFerry.Core.Progress;

/// <summary>Numbers as people read them; always in the invariant culture.</summary>
public static class HumanFormat
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    private static readonly string[] CountUnits = ["", "k", "M", "G", "T", "P", "E"];

    /// <summary>A size in bytes with three significant digits: <c>512 B</c>, <c>1.25 MiB</c>.</summary>
    public static string Bytes(double bytes) => Scale(bytes, 1024, ByteUnits, " ");

    /// <summary>A number of rows or the like in full, in groups of three: <c>1,234,567</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with three significant digits: <c>950</c>, <c>12.3k</c>, <c>1.25M</c>.</summary>
    public static string ShortCount(double count) => Scale(count, 1000, CountUnits, "");

    /// <summary>A time span in its two largest units, as Go prints it: <c>150ms</c>, <c>12.3s</c>, <c>3m5s</c>, <c>1h2m</c>, <c>2d3h</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero)
            return $"-{Duration(duration.Negate())}";
        var culture = CultureInfo.InvariantCulture;
        return duration switch
        {
            { TotalMilliseconds: < 1 } when duration != TimeSpan.Zero => string.Create(culture, $"{duration.TotalMicroseconds:0.#}µs"),
            { TotalSeconds: < 1 } => string.Create(culture, $"{duration.TotalMilliseconds:0.#}ms"),
            { TotalSeconds: < 60 } => string.Create(culture, $"{Math.Floor(duration.TotalSeconds * 10) / 10:0.#}s"),
            { TotalMinutes: < 60 } => string.Create(culture, $"{duration.Minutes}m{duration.Seconds}s"),
            { TotalHours: < 24 } => string.Create(culture, $"{duration.Hours}h{duration.Minutes}m"),
            _ => string.Create(culture, $"{duration.Days}d{duration.Hours}h"),
        };
    }

    private static string Scale(double value, double step, string[] units, string separator)
    {
        var unit = 0;

        // 999.5 would be rounded to 1000: it belongs to the next unit.
        while (Math.Abs(value) >= step - 0.5 && unit < units.Length - 1)
        {
            value /= step;
            unit++;
        }

        var format = unit == 0 || Math.Abs(value) >= 99.95 ? "0" : Math.Abs(value) >= 9.995 ? "0.#" : "0.##";
        return value.ToString(format, CultureInfo.InvariantCulture) + separator + units[unit];
    }
}
