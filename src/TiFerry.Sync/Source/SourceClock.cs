using System.Globalization;
using TiFerry.MySql;

namespace TiFerry.Sync.Source;

/// <summary>The source's clock against ours: events carry its time stamps.</summary>
internal static class SourceClock
{
    /// <summary>By how much the source's clock is ahead; half of the question's way is taken for the answer's.</summary>
    public static async ValueTask<TimeSpan> OffsetAsync(MySqlConnection source, CancellationToken ct)
    {
        var asked = DateTimeOffset.UtcNow;
        var text = await source.QueryScalarAsync("SELECT UNIX_TIMESTAMP(NOW(6))", ct);
        var here = asked + (DateTimeOffset.UtcNow - asked) / 2;
        return DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(double.Parse(text!, CultureInfo.InvariantCulture)) - here;
    }
}
