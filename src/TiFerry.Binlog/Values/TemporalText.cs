using System.Buffers.Binary;

namespace TiFerry.Binlog.Values;

/// <summary>
/// Dates and times as text, all in UTC. The layouts are those of "Date and Time Data Type Representation" (MySQL Internals);
/// MariaDB's old ones with a fraction are of its <c>Field_*_hires</c>.
/// </summary>
internal static class TemporalText
{
    private const long MicrosecondsPerSecond = 1_000_000;

    private static ReadOnlySpan<int> PowersOfTen => [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    public static int WriteYear(int year, Span<byte> destination)
    {
        NumberText.WriteFixed((uint)year, 4, destination);
        return 4;
    }

    /// <summary>Three bytes little-endian: 15 bits of year, 4 of month, 5 of day.</summary>
    public static int WriteDate(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        var packed = (uint)(raw[0] | (raw[1] << 8) | (raw[2] << 16));
        return WriteDate(packed >> 9, (packed >> 5) & 0x0F, packed & 0x1F, destination);
    }

    /// <summary>Five bytes big-endian with the first bit set: 17 bits of year × 13 + month, 5 of day, 5 of hour, 6 of minute, 6 of second; then the fraction.</summary>
    public static int WriteDateTime(ReadOnlySpan<byte> raw, int digits, Span<byte> destination)
    {
        var packed = ((long)raw[0] << 32 | BinaryPrimitives.ReadUInt32BigEndian(raw[1..])) - 0x80_0000_0000;
        var written = WritePackedDateTime(packed, destination);
        return written + WriteFraction(ReadFraction(raw[5..]), digits, destination[written..]);
    }

    /// <summary>Three bytes big-endian around 0x800000: 10 bits of hour, 6 of minute, 6 of second; then the fraction. Negative times are the complement of it all.</summary>
    public static int WriteTime(ReadOnlySpan<byte> raw, int digits, Span<byte> destination)
    {
        var fractionBytes = raw.Length - 3;
        var all = 0L;
        foreach (var b in raw)
            all = (all << 8) | b;
        all -= 0x80_0000L << (fractionBytes * 8);
        var isNegative = all < 0;
        all = Math.Abs(all);
        var time = (uint)(all >> (fractionBytes * 8));
        var fraction = (uint)(all & ((1L << (fractionBytes * 8)) - 1));
        var written = WriteTime(isNegative, (time >> 12) & 0x3FF, (time >> 6) & 0x3F, time & 0x3F, destination);
        return written + WriteFraction(fraction, digits, destination[written..]);
    }

    /// <summary>Four bytes big-endian of seconds since 1970, then the fraction.</summary>
    public static int WriteTimestamp(ReadOnlySpan<byte> raw, int digits, Span<byte> destination)
    {
        var fraction = ReadFraction(raw[4..]);
        var written = WriteUnixTime(BinaryPrimitives.ReadUInt32BigEndian(raw), fraction, destination);
        return written + WriteFraction(fraction, digits, destination[written..]);
    }

    /// <summary>Four bytes of seconds since 1970, little-endian; or MariaDB's, big-endian, with a fraction of just the digits.</summary>
    public static int WriteOldTimestamp(ReadOnlySpan<byte> raw, int digits, Span<byte> destination)
    {
        if (digits == 0)
            return WriteUnixTime(BinaryPrimitives.ReadUInt32LittleEndian(raw), 0, destination);
        var fraction = ReadFraction(raw[4..]);
        var written = WriteUnixTime(BinaryPrimitives.ReadUInt32BigEndian(raw), fraction, destination);
        return written + WriteDigits(fraction, digits, destination[written..]);
    }

    /// <summary>A number HHMMSS of three bytes; or MariaDB's microseconds from the lowest TIME on, cut to the digits.</summary>
    public static int WriteOldTime(ReadOnlySpan<byte> raw, int digits, Span<byte> destination)
    {
        if (digits == 0)
        {
            var number = raw[0] | (raw[1] << 8) | ((sbyte)raw[2] << 16);
            var value = (uint)Math.Abs(number);
            return WriteTime(number < 0, value / 10000, value / 100 % 100, value % 100, destination);
        }

        const long LowestSecond = (838 * 3600) + (59 * 60) + 60;
        var units = ReadBigEndian(raw) - (LowestSecond * PowersOfTen[digits]);
        var isNegative = units < 0;
        units = Math.Abs(units);
        var seconds = (uint)(units / PowersOfTen[digits]);
        var written = WriteTime(isNegative, seconds / 3600, seconds / 60 % 60, seconds % 60, destination);
        return written + WriteDigits((uint)(units % PowersOfTen[digits]), digits, destination[written..]);
    }

    /// <summary>A number YYYYMMDDHHMMSS of eight bytes; or MariaDB's mixed-radix number, cut to the digits.</summary>
    public static int WriteOldDateTime(ReadOnlySpan<byte> raw, int digits, Span<byte> destination)
    {
        if (digits == 0)
        {
            var number = BinaryPrimitives.ReadUInt64LittleEndian(raw);
            var date = (uint)(number / 1_000_000);
            var time = (uint)(number % 1_000_000);
            return WriteDateTime(date / 10000, date / 100 % 100, date % 100, time / 10000, time / 100 % 100, time % 100, destination);
        }

        var units = ReadBigEndian(raw);
        var fraction = (uint)(units % PowersOfTen[digits]);
        var rest = units / PowersOfTen[digits];
        var second = (uint)(rest % 60);
        var minute = (uint)(rest / 60 % 60);
        var hour = (uint)(rest / 3600 % 24);
        var day = (uint)(rest / 86400 % 32);
        var month = (uint)(rest / (86400 * 32) % 13);
        var year = (uint)(rest / (86400L * 32 * 13));
        var written = WriteDateTime(year, month, day, hour, minute, second, destination);
        return written + WriteDigits(fraction, digits, destination[written..]);
    }

    /// <summary>A date, date and time, or time inside JSON: <c>packed</c> as for DATETIME or TIME, then 24 bits of microseconds; six digits are printed.</summary>
    public static int WriteJsonDateTime(long packed, Span<byte> destination)
    {
        packed = Math.Abs(packed);
        var written = WritePackedDateTime(packed >> 24, destination);
        return written + WriteMicroseconds((uint)(packed & 0xFFFFFF), destination[written..]);
    }

    /// <inheritdoc cref="WriteJsonDateTime"/>
    public static int WriteJsonDate(long packed, Span<byte> destination)
    {
        var ymd = (Math.Abs(packed) >> 24) >> 17;
        return WriteDate((uint)((ymd >> 5) / 13), (uint)((ymd >> 5) % 13), (uint)(ymd & 0x1F), destination);
    }

    /// <inheritdoc cref="WriteJsonDateTime"/>
    public static int WriteJsonTime(long packed, Span<byte> destination)
    {
        var isNegative = packed < 0;
        packed = Math.Abs(packed);
        var time = (uint)(packed >> 24);
        var written = WriteTime(isNegative, (time >> 12) & 0x3FF, (time >> 6) & 0x3F, time & 0x3F, destination);
        return written + WriteMicroseconds((uint)(packed & 0xFFFFFF), destination[written..]);
    }

    /// <summary>Second 0 is the zero date.</summary>
    private static int WriteUnixTime(uint seconds, uint fraction, Span<byte> destination)
    {
        if (seconds == 0 && fraction == 0)
            return WriteDateTime(0, 0, 0, 0, 0, 0, destination);
        var t = DateTime.UnixEpoch.AddSeconds(seconds);
        return WriteDateTime((uint)t.Year, (uint)t.Month, (uint)t.Day, (uint)t.Hour, (uint)t.Minute, (uint)t.Second, destination);
    }

    private static int WritePackedDateTime(long packed, Span<byte> destination)
    {
        var ymd = packed >> 17;
        var ym = ymd >> 5;
        var hms = (uint)(packed & 0x1FFFF);
        return WriteDateTime((uint)(ym / 13), (uint)(ym % 13), (uint)(ymd & 0x1F), hms >> 12, (hms >> 6) & 0x3F, hms & 0x3F, destination);
    }

    private static int WriteDateTime(uint year, uint month, uint day, uint hour, uint minute, uint second, Span<byte> destination)
    {
        WriteDate(year, month, day, destination);
        destination[10] = (byte)' ';
        NumberText.WriteFixed(hour, 2, destination[11..]);
        destination[13] = (byte)':';
        NumberText.WriteFixed(minute, 2, destination[14..]);
        destination[16] = (byte)':';
        NumberText.WriteFixed(second, 2, destination[17..]);
        return 19;
    }

    private static int WriteDate(uint year, uint month, uint day, Span<byte> destination)
    {
        NumberText.WriteFixed(year, 4, destination);
        destination[4] = (byte)'-';
        NumberText.WriteFixed(month, 2, destination[5..]);
        destination[7] = (byte)'-';
        NumberText.WriteFixed(day, 2, destination[8..]);
        return 10;
    }

    private static int WriteTime(bool isNegative, uint hour, uint minute, uint second, Span<byte> destination)
    {
        var written = 0;
        if (isNegative)
            destination[written++] = (byte)'-';
        var hourWidth = hour > 99 ? 3 : 2;
        NumberText.WriteFixed(hour, hourWidth, destination[written..]);
        written += hourWidth;
        destination[written++] = (byte)':';
        NumberText.WriteFixed(minute, 2, destination[written..]);
        written += 2;
        destination[written++] = (byte)':';
        NumberText.WriteFixed(second, 2, destination[written..]);
        return written + 2;
    }

    private static uint ReadFraction(ReadOnlySpan<byte> bytes)
    {
        var fraction = 0u;
        foreach (var b in bytes)
            fraction = (fraction << 8) | b;
        return fraction;
    }

    /// <summary>Two digits per byte are stored: an odd last digit has a zero after it that is not printed.</summary>
    private static int WriteFraction(uint fraction, int digits, Span<byte> destination)
    {
        if ((digits & 1) != 0)
            fraction /= 10;
        return WriteDigits(fraction, digits, destination);
    }

    private static int WriteMicroseconds(uint microseconds, Span<byte> destination) => WriteDigits(microseconds % (uint)MicrosecondsPerSecond, 6, destination);

    private static int WriteDigits(uint fraction, int digits, Span<byte> destination)
    {
        if (digits == 0)
            return 0;
        destination[0] = (byte)'.';
        NumberText.WriteFixed(fraction, digits, destination[1..]);
        return digits + 1;
    }

    private static long ReadBigEndian(ReadOnlySpan<byte> bytes)
    {
        var value = 0L;
        foreach (var b in bytes)
            value = (value << 8) | b;
        return value;
    }
}
