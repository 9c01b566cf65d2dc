using System.Globalization;
using System.Text.RegularExpressions;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>
/// Dates and times as the servers hold them: any day from 0000-00-00 on, zero months and days included. A date with its time is one number that sorts as it does:
/// (year × 13 + month) × 32 + day, hour, minute, second and microsecond behind it. A TIME is its microseconds.
/// </summary>
internal readonly partial record struct Temporal(int Year, int Month, int Day, int Hour, int Minute, int Second, int Microsecond)
{
    public const long MicrosecondsPerDay = 86_400_000_000;

    private const long LongestTime = ((838 * 3600L) + (59 * 60) + 59) * 1_000_000;

    private static readonly int[] MonthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>The number that sorts as the date does.</summary>
    public long Packed => ((((((((long)Year * 13) + Month) << 5) | (uint)Day) << 17) | ((uint)Hour << 12) | ((uint)Minute << 6) | (uint)Second) << 24) | (uint)Microsecond;

    /// <summary>Microseconds since midnight.</summary>
    public long TimeOfDay => ((((Hour * 60L) + Minute) * 60) + Second) * 1_000_000 + Microsecond;

    /// <summary>Whether year, month and day are all 0.</summary>
    public bool IsZeroDate => Year == 0 && Month == 0 && Day == 0;

    /// <summary>Whether the month or the day is 0.</summary>
    public bool HasZeroPart => Month == 0 || Day == 0;

    /// <summary>Days since the year 0, as TO_DAYS gives them (proleptic Gregorian; the year 0 counts as no leap year).</summary>
    public long DayNumber
    {
        get
        {
            if (Year == 0 && Month == 0)
                return 0;
            var days = (365L * Year) + (31 * (Month - 1)) + Day;
            var year = Year;
            if (Month <= 2)
                year--;
            else
                days -= ((Month * 4) + 23) / 10;
            return days + (year / 4) - (((year / 100) + 1) * 3 / 4);
        }
    }

    public static Temporal Unpack(long packed)
    {
        var micros = (int)(packed & 0xFF_FFFF);
        var time = (int)(packed >> 24) & 0x1_FFFF;
        var date = packed >> 41;
        return new((int)((date >> 5) / 13), (int)((date >> 5) % 13), (int)(date & 0x1F), time >> 12, (time >> 6) & 0x3F, time & 0x3F, micros);
    }

    /// <summary>Midnight of a packed date and time.</summary>
    public static long DateOf(long packed) => packed & ~((1L << 41) - 1);

    /// <summary>The date with a day number; null outside the years 1 to 9999.</summary>
    public static Temporal? FromDayNumber(long days, long timeOfDay)
    {
        if (days is <= 365 or > 3_652_424)
            return null;
        // Day 366 is 0001-01-01.
        var date = DateTime.MinValue.AddDays(days - 366);
        return new(date.Year, date.Month, date.Day, (int)(timeOfDay / 3_600_000_000), (int)(timeOfDay / 60_000_000 % 60), (int)(timeOfDay / 1_000_000 % 60), (int)(timeOfDay % 1_000_000));
    }

    public static Temporal Of(DateTime time, int microsecond) => new(time.Year, time.Month, time.Day, time.Hour, time.Minute, time.Second, microsecond);

    public static int DaysIn(int year, int month) => month == 2 && IsLeap(year) ? 29 : MonthDays[month - 1];

    public static bool IsLeap(int year) => year % 4 == 0 && (year % 100 != 0 || (year % 400 == 0 && year != 0));

    /// <summary>Reads <c>YYYY-MM-DD[ hh:mm:ss[.ffffff]][+hh:mm]</c> or a number; null for what is none of them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="zone">The session's time zone, into which a time with an offset is converted.</param>
    /// <param name="hasTime">Whether a time stands behind the date.</param>
    public static Temporal? ParseDate(string text, TimeZoneInfo zone, out bool hasTime)
    {
        var match = DateText().Match(text);
        if (!match.Success)
            match = DigitsText().Match(text);
        hasTime = match.Success && match.Groups["h"].Success;
        if (!match.Success)
            return null;
        var time = new Temporal(
            Part(match, "y"), Part(match, "m"), Part(match, "d"), Part(match, "h"), Part(match, "i"), Part(match, "s"),
            match.Groups["f"].Success ? int.Parse(match.Groups["f"].Value.PadRight(6, '0'), CultureInfo.InvariantCulture) : 0);
        if (!time.IsPossible)
            return null;
        return match.Groups["o"].Success ? time.FromOffset(match.Groups["o"].Value, zone) : time;
    }

    /// <summary>Reads <c>[-]hhh:mm:ss[.ffffff]</c> or <c>[-]hhmmss</c>; null for what is neither.</summary>
    public static long? ParseTime(string text)
    {
        var match = TimeText().Match(text);
        if (!match.Success)
            return null;
        var hours = match.Groups["h"].Success ? Part(match, "h") : 0;
        var fraction = match.Groups["f"].Success ? int.Parse(match.Groups["f"].Value.PadRight(6, '0'), CultureInfo.InvariantCulture) : 0;
        if (Part(match, "i") > 59 || Part(match, "s") > 59)
            return null;
        var time = ((((hours * 60L) + Part(match, "i")) * 60) + Part(match, "s")) * 1_000_000 + fraction;
        return time > LongestTime ? null : match.Value[0] == '-' ? -time : time;
    }

    /// <summary>Writes <c>YYYY-MM-DD</c>; returns 10.</summary>
    public int WriteDate(Span<byte> destination)
    {
        Fixed(Year, 4, destination);
        destination[4] = (byte)'-';
        Fixed(Month, 2, destination[5..]);
        destination[7] = (byte)'-';
        Fixed(Day, 2, destination[8..]);
        return 10;
    }

    /// <summary>Writes <c>YYYY-MM-DD hh:mm:ss</c> with so many digits of the fraction; returns the bytes.</summary>
    public int WriteDateTime(int scale, Span<byte> destination)
    {
        WriteDate(destination);
        destination[10] = (byte)' ';
        return 11 + WriteTime(TimeOfDay, scale, destination[11..]);
    }

    /// <summary>Writes <c>[-]hh:mm:ss</c> with so many digits of the fraction; returns the bytes.</summary>
    public static int WriteTime(long microseconds, int scale, Span<byte> destination)
    {
        var written = 0;
        if (microseconds < 0)
        {
            destination[written++] = (byte)'-';
            microseconds = -microseconds;
        }

        var hours = (int)(microseconds / 3_600_000_000);
        var width = hours > 99 ? 3 : 2;
        Fixed(hours, width, destination[written..]);
        written += width;
        destination[written++] = (byte)':';
        Fixed((int)(microseconds / 60_000_000 % 60), 2, destination[written..]);
        destination[written + 2] = (byte)':';
        Fixed((int)(microseconds / 1_000_000 % 60), 2, destination[(written + 3)..]);
        written += 5;
        if (scale == 0)
            return written;
        Span<byte> fraction = stackalloc byte[6];
        Fixed((int)(microseconds % 1_000_000), 6, fraction);
        destination[written++] = (byte)'.';
        fraction[..scale].CopyTo(destination[written..]);
        return written + scale;
    }

    /// <summary>The number that the date is where a number is wanted: YYYYMMDD, YYYYMMDDhhmmss and the fraction.</summary>
    public static ExactNumber ToNumber(ValueKind kind, long value, int scale)
    {
        if (kind == ValueKind.Time)
        {
            var time = Math.Abs(value);
            var hms = (time / 3_600_000_000 * 10_000) + (time / 60_000_000 % 60 * 100) + (time / 1_000_000 % 60);
            var number = WithFraction(hms, time % 1_000_000, scale);
            return value < 0 ? -number : number;
        }

        var t = Unpack(value);
        var ymd = (t.Year * 10_000L) + (t.Month * 100) + t.Day;
        return kind == ValueKind.Date
            ? new ExactNumber(ymd, 0)
            : WithFraction((ymd * 1_000_000) + (t.Hour * 10_000) + (t.Minute * 100) + t.Second, t.Microsecond, scale);
    }

    private static ExactNumber WithFraction(long whole, long microseconds, int scale) =>
        scale == 0 ? new ExactNumber(whole, 0) : new ExactNumber(((Int128)whole * 1_000_000) + microseconds, 6).Truncate(scale);

    private bool IsPossible => Month <= 12 && Day <= (Month == 0 ? 31 : DaysIn(Year, Month)) && Hour < 24 && Minute < 60 && Second < 60;

    private Temporal? FromOffset(string offset, TimeZoneInfo zone)
    {
        var minutes = (int.Parse(offset.AsSpan(1, 2), CultureInfo.InvariantCulture) * 60) + int.Parse(offset.AsSpan(4, 2), CultureInfo.InvariantCulture);
        if (HasZeroPart || Year is < 2 or > 9998 || minutes > 14 * 60)
            return null;
        var there = new DateTimeOffset(Year, Month, Day, Hour, Minute, Second, TimeSpan.FromMinutes(offset[0] == '-' ? -minutes : minutes));
        return Of(TimeZoneInfo.ConvertTime(there, zone).DateTime, Microsecond);
    }

    private static int Part(Match match, string name) => match.Groups[name].Success ? int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static void Fixed(int value, int width, Span<byte> destination)
    {
        for (var i = width - 1; i >= 0; i--)
        {
            destination[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    [GeneratedRegex(@"^\s*(?<y>\d{4})-(?<m>\d{1,2})-(?<d>\d{1,2})(?:[ T](?<h>\d{1,2}):(?<i>\d{1,2}):(?<s>\d{1,2})(?:\.(?<f>\d{1,6}))?(?<o>[+-]\d\d:\d\d)?)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex DateText();

    [GeneratedRegex(@"^(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)(?:(?<h>\d\d)(?<i>\d\d)(?<s>\d\d))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex DigitsText();

    [GeneratedRegex(@"^-?(?:(?<h>\d{1,3}):(?<i>\d\d):(?<s>\d\d)(?:\.(?<f>\d{1,6}))?|(?<h>\d{1,3})(?<i>\d\d)(?<s>\d\d)|(?<s>\d\d?)|(?<i>\d\d?)(?<s>\d\d))$", RegexOptions.ExplicitCapture)]
    private static partial Regex TimeText();
}
