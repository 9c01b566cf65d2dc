namespace TiFerry.Binlog.Values;

/// <summary>
/// Widths of TIME, DATETIME and TIMESTAMP in the formats before MySQL 5.6. With fractional digits they are MariaDB's own
/// (<c>mysql56_temporal_format=OFF</c>), whose precision the binlog does not carry.
/// </summary>
internal static class OldTemporal
{
    public static bool Is(BinlogColumnType type) => type is BinlogColumnType.Timestamp or BinlogColumnType.Time or BinlogColumnType.DateTime;

    public static int TimestampWidth(int precision) => 4 + FractionWidth(precision);

    public static int TimeWidth(int precision) => precision switch { 0 => 3, 1 or 2 => 4, < 6 => 5, _ => 6 };

    public static int DateTimeWidth(int precision) => precision switch { 0 => 8, 1 or 2 => 6, < 6 => 7, _ => 8 };

    public static int FractionWidth(int precision) => (precision + 1) / 2;
}
