using System.Globalization;

namespace TiFerry.Grpc.Wire;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit (gRPC over HTTP/2, "Requests").</summary>
internal static class GrpcTimeout
{
    private const long MaxDigits = 99_999_999;

    public static string Format(TimeSpan timeout)
    {
        var microseconds = Math.Max(1, timeout.Ticks / TimeSpan.TicksPerMicrosecond);
        if (microseconds <= MaxDigits)
            return $"{microseconds}u";
        if (microseconds / 1000 <= MaxDigits)
            return $"{microseconds / 1000}m";
        return $"{Math.Min(microseconds / 1_000_000, MaxDigits)}S";
    }

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9 || !long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            return false;
        double? seconds = text[^1] switch
        {
            'H' => amount * 3600d,
            'M' => amount * 60d,
            'S' => amount,
            'm' => amount / 1e3,
            'u' => amount / 1e6,
            'n' => amount / 1e9,
            _ => null,
        };
        if (seconds is null)
            return false;
        // Longer than timers can run is as good as for ever.
        timeout = TimeSpan.FromSeconds(Math.Min(seconds.Value, TimeSpan.FromDays(24).TotalSeconds));
        return true;
    }
}
