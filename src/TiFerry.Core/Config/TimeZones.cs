using System.Globalization;

namespace TiFerry.Core.Config;

/// <summary>Time zones as <c>timezone</c> has them: names of the IANA database, or distances to UTC as in MySQL.</summary>
public static class TimeZones
{
    private static readonly TimeSpan West = new(-12, -59, 0);
    private static readonly TimeSpan East = new(14, 0, 0);

    /// <summary>Whether there is such a zone. <c>SYSTEM</c> and <c>Local</c> differ from machine to machine, and are none.</summary>
    public static bool IsKnown(string zone) => Find(zone) is not null;

    /// <summary>The zone; null where there is none.</summary>
    public static TimeZoneInfo? Find(string zone)
    {
        if (zone is "" or "SYSTEM" or "Local")
            return null;
        if (zone[0] is '+' or '-')
        {
            return TryDistance(zone, out var distance) ? TimeZoneInfo.CreateCustomTimeZone(zone, distance, zone, zone) : null;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : null;
    }

    private static bool TryDistance(string zone, out TimeSpan distance)
    {
        var known = TimeSpan.TryParseExact(zone.AsSpan(1), [@"h\:mm", @"hh\:mm"], CultureInfo.InvariantCulture, out distance);
        distance = zone[0] == '-' ? -distance : distance;
        return known && distance >= West && distance <= East;
    }
}
