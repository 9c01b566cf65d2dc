namespace TiFerry.Binlog.Values;

/// <summary>What the hot loops need to know of a column, in four bytes.</summary>
internal readonly struct ColumnLayout
{
    public ColumnLayout(BinlogColumnType type, ushort meta, int width)
    {
        Type = type;
        Meta = meta;
        Width = (sbyte)width;
    }

    public readonly ushort Meta;
    public readonly BinlogColumnType Type;

    /// <summary>Bytes of every value; or, when negative, how many bytes of length stand before the value.</summary>
    public readonly sbyte Width;

    public static ColumnLayout Of(BinlogColumnType type, ushort meta, int? oldTemporalPrecision)
    {
        var width = type switch
        {
            BinlogColumnType.Null => 0,
            BinlogColumnType.Tiny or BinlogColumnType.Year => 1,
            BinlogColumnType.Short => 2,
            BinlogColumnType.Int24 or BinlogColumnType.Date or BinlogColumnType.NewDate => 3,
            BinlogColumnType.Long => 4,
            BinlogColumnType.LongLong => 8,
            BinlogColumnType.Float => 4,
            BinlogColumnType.Double => 8,
            BinlogColumnType.Timestamp => OldTemporal.TimestampWidth(oldTemporalPrecision ?? 0),
            BinlogColumnType.Time => OldTemporal.TimeWidth(oldTemporalPrecision ?? 0),
            BinlogColumnType.DateTime => OldTemporal.DateTimeWidth(oldTemporalPrecision ?? 0),
            BinlogColumnType.Timestamp2 => 4 + ((meta + 1) / 2),
            BinlogColumnType.DateTime2 => 5 + ((meta + 1) / 2),
            BinlogColumnType.Time2 => 3 + ((meta + 1) / 2),
            BinlogColumnType.Bit => (meta >> 8) + ((meta & 0xFF) != 0 ? 1 : 0),
            BinlogColumnType.NewDecimal => DecimalText.BinarySize(meta >> 8, meta & 0xFF),
            BinlogColumnType.Enum or BinlogColumnType.Set => meta,
            BinlogColumnType.VarChar or BinlogColumnType.VarString or BinlogColumnType.VarCharCompressed or BinlogColumnType.String => meta > 255 ? -2 : -1,
            _ => -meta,
        };
        return new ColumnLayout(type, oldTemporalPrecision is { } precision ? (ushort)precision : meta, width);
    }
}
