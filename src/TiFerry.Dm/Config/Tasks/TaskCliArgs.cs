using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using TiFerry.Core.Config;
using TiFerry.Core.Errors;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>
/// What is given with <c>start-task</c> and <c>stop-task</c> instead of in the file, and goes before it: as JSON in etcd, under the keys that DM uses.
/// Texts are as they were given; empty for not given.
/// </summary>
public sealed partial record TaskCliArgs
{
    private const string TimeFormats = "write it as in '2026-01-31 13:01:50', '2026-01-31T13:01:50' or '2026-01-31T13:01:50+08:00'";

    /// <summary><c>--start-time</c>: the binlog's time to follow from.</summary>
    [JsonPropertyName("start_time")]
    public string StartTime { get; init; } = "";

    /// <summary><c>--safe-mode-duration</c>.</summary>
    [JsonPropertyName("safe_mode_duration")]
    public string SafeModeDuration { get; init; } = "";

    /// <summary><c>--timeout</c> of <c>stop-task</c>: how long open transactions are waited for.</summary>
    [JsonPropertyName("wait_time_on_stop")]
    public string WaitTimeOnStop { get; init; } = "";

    /// <summary><see cref="StartTime"/>; without a distance to UTC it is in this machine's time zone. Null for not given.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadOption"/>: it is no time.</exception>
    [JsonIgnore]
    public DateTimeOffset? StartsAt => StartTime.Length == 0 ? null : Time(StartTime, TimeZoneInfo.Local);

    /// <summary><see cref="SafeModeDuration"/>; null for not given.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadSafeModeDuration"/>: it is no duration.</exception>
    [JsonIgnore]
    public TimeSpan? SafeModeFor => Duration("safe-mode-duration", SafeModeDuration, ConfigErrors.BadSafeModeDuration);

    /// <summary><see cref="WaitTimeOnStop"/>; null for not given.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadOption"/>: it is no duration.</exception>
    [JsonIgnore]
    public TimeSpan? WaitsOnStop => Duration("wait-time-on-stop", WaitTimeOnStop, ConfigErrors.BadOption);

    /// <summary>Checks all of them.</summary>
    /// <exception cref="TiFerryException">One can't be used.</exception>
    public void Verify() => _ = (StartsAt, SafeModeFor, WaitsOnStop);

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static TaskCliArgs FromJson(string json) => JsonSerializer.Deserialize<TaskCliArgs>(json) ?? new TaskCliArgs();

    /// <summary>Reads a time in the forms that DM takes.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">The time zone of a text without a distance to UTC.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadOption"/>: it is no time.</exception>
    public static DateTimeOffset Time(string text, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var match = TimeText().Match(text);
        if (!match.Success || !DateTime.TryParseExact(match.Groups["time"].Value.Replace('T', ' '), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            throw new TiFerryException(ConfigErrors.BadOption, ErrorScope.Internal, $"start-time: '{text}' is no time", TimeFormats);
        var distance = match.Groups["distance"].Value;
        if (distance is "Z")
            return new DateTimeOffset(time, TimeSpan.Zero);
        if (distance.Length == 0)
            return new DateTimeOffset(time, zone.GetUtcOffset(time));
        var (hours, minutes) = (int.Parse(distance[1..3], CultureInfo.InvariantCulture), int.Parse(distance[^2..], CultureInfo.InvariantCulture));
        if (hours > 14 || minutes > 59 || (hours == 14 && minutes > 0))
            throw new TiFerryException(ConfigErrors.BadOption, ErrorScope.Internal, $"start-time: '{distance}' is no distance to UTC", TimeFormats);
        var offset = new TimeSpan(hours, minutes, 0);
        return new DateTimeOffset(time, distance[0] == '-' ? -offset : offset);
    }

    private static TimeSpan? Duration(string name, string text, ErrorCode code) => text.Length == 0 ? null : GoDuration.TryParse(text, out var duration)
        ? duration
        : throw new TiFerryException(code, ErrorScope.Internal, $"{name}: '{text}' is no duration", "write it as in '60s' or '1m30s'");

    [GeneratedRegex(@"^(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2})(?<distance>Z|[+-][0-9]{2}:?[0-9]{2})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex TimeText();
}
