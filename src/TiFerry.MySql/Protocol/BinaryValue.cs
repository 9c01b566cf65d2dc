using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace TiFerry.MySql.Protocol;

/// <summary>Values of the binary protocol, as prepared statements return them.</summary>
internal static class BinaryValue
{
    /// <summary>Reads a value of an integer type.</summary>
    public static bool TryReadInteger(ColumnDefinition column, ReadOnlySpan<byte> bytes, out Int128 value)
    {
        var unsigned = column.IsUnsigned;
        switch (column.Type)
        {
            case ColumnType.Tiny:
                value = unsigned ? bytes[0] : (sbyte)bytes[0];
                return true;
            case ColumnType.Short:
                value = unsigned ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes);
                return true;
            case ColumnType.Year:
                value = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
                return true;
            case ColumnType.Int24 or ColumnType.Long:
                value = unsigned ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes);
                return true;
            case ColumnType.LongLong:
                value = unsigned ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);
                return true;
            default:
                value = 0;
                return false;
        }
    }

    /// <summary>The value as text, as the text protocol would give it (but for the digits of FLOAT and DOUBLE, and YEAR's and ZEROFILL's leading zeros).</summary>
    public static string ToText(ColumnDefinition column, ReadOnlySpan<byte> bytes)
    {
        if (TryReadInteger(column, bytes, out var integer))
            return integer.ToString(CultureInfo.InvariantCulture);
        return column.Type switch
        {
            ColumnType.Float => BinaryPrimitives.ReadSingleLittleEndian(bytes).ToString("R", CultureInfo.InvariantCulture),
            ColumnType.Double => BinaryPrimitives.ReadDoubleLittleEndian(bytes).ToString("R", CultureInfo.InvariantCulture),
            ColumnType.Date => DateText(bytes),
            ColumnType.DateTime or ColumnType.Timestamp => $"{DateText(bytes)} {ClockText(bytes.Length > 4 ? bytes[4..] : [], column.Decimals, hours: bytes.Length > 4 ? bytes[4] : 0)}",
            ColumnType.Time => TimeText(bytes, column.Decimals),
            _ => Encoding.UTF8.GetString(bytes),
        };
    }

    /// <summary>Year (2 bytes), month, day; nothing at all for the zero date.</summary>
    private static string DateText(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? "0000-00-00" : $"{BinaryPrimitives.ReadUInt16LittleEndian(bytes):0000}-{bytes[2]:00}-{bytes[3]:00}";

    /// <summary>Sign, days (4 bytes), hours, minutes, seconds, perhaps microseconds (4 bytes); nothing at all for 0.</summary>
    private static string TimeText(ReadOnlySpan<byte> bytes, byte decimals)
    {
        if (bytes.IsEmpty)
            return ClockText([], decimals, hours: 0);
        var hours = (BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]) * 24) + bytes[5];
        return (bytes[0] != 0 ? "-" : "") + ClockText(bytes[5..], decimals, hours);
    }

    private static string ClockText(ReadOnlySpan<byte> clock, byte decimals, long hours)
    {
        var text = clock.IsEmpty ? $"{hours:00}:00:00" : $"{hours:00}:{clock[1]:00}:{clock[2]:00}";
        if (decimals is 0 or > 6)
            return text;
        var micros = clock.Length > 3 ? BinaryPrimitives.ReadUInt32LittleEndian(clock[3..]) : 0;
        return text + '.' + micros.ToString("000000", CultureInfo.InvariantCulture)[..decimals];
    }
}
