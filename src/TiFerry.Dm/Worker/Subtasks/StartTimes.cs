using System.Globalization;
using TiFerry.Core.Errors;
using TiFerry.Dm.Config.Tasks;
using TiFerry.MySql;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>Times to follow from, as <c>start-task --start-time</c> has them.</summary>
internal static class StartTimes
{
    private static readonly TimeZoneInfo Elsewhere = TimeZoneInfo.CreateCustomTimeZone("elsewhere", TimeSpan.FromHours(1), null, null);

    /// <summary>A time in the source's own time zone, which is the one that a text without a distance to UTC is in.</summary>
    /// <exception cref="TiFerryException">The text is no time.</exception>
    public static async ValueTask<DateTime> OfSourceAsync(MySqlConnectionOptions source, string text, CancellationToken ct)
    {
        var instant = TaskCliArgs.Time(text, TimeZoneInfo.Utc);
        if (instant != TaskCliArgs.Time(text, Elsewhere))
            return instant.DateTime;
        await using var session = await MySqlConnection.ConnectAsync(source, ct);
        var utc = instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        await session.ExecuteAsync("SET time_zone = @@global.time_zone", ct);
        var there = await session.QueryScalarAsync($"SELECT CONVERT_TZ('{utc}', '+00:00', @@time_zone)", ct)
            ?? throw new TiFerryException(ConfigErrors.BadOption, ErrorScope.Upstream, $"the source can't convert the start time {text} into its own time zone", "give the start time in the source's time zone, without a distance to UTC");
        return DateTime.Parse(there, CultureInfo.InvariantCulture);
    }
}
