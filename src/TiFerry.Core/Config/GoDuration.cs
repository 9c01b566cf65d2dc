using System.Globalization;

namespace TiFerry.Core.Config;

/// <summary>Durations as Go writes them (https://pkg.go.dev/time#ParseDuration): numbers with units, such as <c>1m30s</c> or <c>1.5h</c>.</summary>
public static class GoDuration
{
    private static readonly (string Unit, double Ticks)[] Units =
    [
        ("ns", TimeSpan.TicksPerMicrosecond / 1000.0), ("us", TimeSpan.TicksPerMicrosecond), ("µs", TimeSpan.TicksPerMicrosecond), ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour),
    ];

    /// <summary>Reads a duration that is not negative.</summary>
    /// <param name="text">The text.</param>
    /// <param name="duration">The duration, to 100 nanoseconds.</param>
    /// <returns>Whether the text is a duration.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0")
            return true;
        double ticks = 0;
        var rest = text.StartsWith("+", StringComparison.Ordinal) ? text[1..] : text;
        if (rest.IsEmpty)
            return false;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('.', '9');
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('.', '9');
            var unit = letters < 0 ? rest : rest[..letters];
            if (!TryUnit(unit, out var size))
                return false;
            ticks += number * size;
            rest = rest[unit.Length..];
        }

        if (ticks >= long.MaxValue)
            return false;
        duration = TimeSpan.FromTicks((long)Math.Round(ticks));
        return true;
    }

    private static bool TryUnit(ReadOnlySpan<char> unit, out double ticks)
    {
        foreach (var (name, size) in Units)
        {
            if (unit.SequenceEqual(name))
            {
                ticks = size;
                return true;
            }
        }

        ticks = 0;
        return false;
    }
}
