using System.Globalization;
using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>The time to follow from that <c>start-task --start-time</c> gave.</summary>
/// <param name="Text">As it was given.</param>
/// <param name="Id">Tells it from every other time that was given for the task, equal ones included.</param>
internal sealed record StartTime(string Text, string Id)
{
    private static readonly TimeZoneInfo Elsewhere = TimeZoneInfo.CreateCustomTimeZone("elsewhere", TimeSpan.FromHours(1), null, null);

    /// <summary>The time in the source's own time zone, which is the one that a text without a distance to UTC is in.</summary>
    /// <exception cref="TiFerryException">The text is no time, or the source can't convert it.</exception>
    public async ValueTask<DateTime> AtSourceAsync(MySqlConnectionOptions source, CancellationToken ct)
    {
        var instant = TaskCliArgs.Time(Text, TimeZoneInfo.Utc);
        if (instant != TaskCliArgs.Time(Text, Elsewhere))
            return instant.DateTime;
        await using var session = await MySqlConnection.ConnectAsync(source, ct);
        var utc = instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        await session.ExecuteAsync("SET time_zone = @@global.time_zone", ct);
        var there = await session.QueryScalarAsync($"SELECT CONVERT_TZ('{utc}', '+00:00', @@time_zone)", ct)
            ?? throw new TiFerryException(ConfigErrors.BadOption, ErrorScope.Upstream, $"the source can't convert the start time {Text} into its own time zone", "give the start time in the source's time zone, without a distance to UTC");
        return DateTime.Parse(there, CultureInfo.InvariantCulture);
    }
}
