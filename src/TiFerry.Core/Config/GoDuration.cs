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

    /// <summary>Writes a duration as Go does: <c>1h30m0s</c>, <c>1.5s</c>, <c>0s</c>.</summary>
    /// <param name="duration">Not negative; written to 100 nanoseconds.</param>
    public static string Format(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        if (duration < TimeSpan.FromSeconds(1) && duration > TimeSpan.Zero)
        {
            return duration < TimeSpan.FromMilliseconds(1)
                ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMicroseconds:0.#}µs")
                : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.####}ms");
        }

        var hours = duration.Ticks / TimeSpan.TicksPerHour;
        var seconds = (duration.Ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond;
        var text = string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#######}s");
        return hours > 0 ? $"{hours}h{duration.Minutes}m{text}" : duration.Minutes > 0 ? $"{duration.Minutes}m{text}" : text;
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
