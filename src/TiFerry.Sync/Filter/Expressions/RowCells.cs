using System.Globalization;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>Takes row images apart: only the columns that expressions name, each as it is read.</summary>
internal sealed class RowCells(TableName table, TimeZoneInfo zone)
{
    private readonly List<ColumnNode> _columns = [];
    private Cell[] _cells = [];
    private int[] _slots = [];
    private TableMapEvent? _checked;

    public ReadOnlySpan<Cell> Cells => _cells;

    /// <summary>The slot of a column, the same for each time it is named.</summary>
    public int SlotOf(int ordinal)
    {
        if (ordinal >= _slots.Length)
        {
            var known = _slots.Length;
            Array.Resize(ref _slots, ordinal + 1);
            _slots.AsSpan(known).Fill(-1);
        }

        if (_slots[ordinal] < 0)
        {
            _slots[ordinal] = _cells.Length;
            Array.Resize(ref _cells, _cells.Length + 1);
        }

        return _slots[ordinal];
    }

    /// <summary>Notes how the column behind a slot is read.</summary>
    public void Add(ColumnNode column)
    {
        if (column.Slot == _columns.Count)
            _columns.Add(column);
    }

    /// <summary>Reads one image.</summary>
    /// <exception cref="TiFerryException">The image lacks a column that is named, or holds another type.</exception>
    public void Read(TableMapEvent map, ColumnBitmap present, ReadOnlySpan<byte> image)
    {
        if (!ReferenceEquals(map, _checked))
            Check(map);
        var reader = new RowImageReader(map, present, image);
        var left = _cells.Length;
        while (left > 0 && reader.Read())
        {
            if (reader.Ordinal >= _slots.Length || _slots[reader.Ordinal] is not (>= 0 and var slot))
                continue;
            left--;
            ref var cell = ref _cells[slot];
            cell.IsNull = reader.IsNull;
            if (!reader.IsNull)
                Read(_columns[slot], reader.Value, image, ref cell);
        }

        if (left > 0)
        {
            throw new TiFerryException(SyncErrors.PartialRowImage, ErrorScope.Upstream,
                $"a row change of table {table} does not hold all columns that its expression filter names",
                "SET GLOBAL binlog_row_image = FULL on the source, or name only columns that are always in the binlog");
        }
    }

    private void Read(ColumnNode column, BinlogValue value, ReadOnlySpan<byte> image, ref Cell cell)
    {
        switch (column.Reading)
        {
            case ColumnReading.Integer:
                cell.Bits = value.Type == BinlogColumnType.Bit || column.Type.IsUnsigned ? (long)value.AsUInt64() : value.AsInt64();
                break;
            case ColumnReading.Decimal:
                Span<byte> digits = stackalloc byte[BinlogValue.MaxScalarTextLength];
                cell.Number = ExactNumber.Parse(digits[..value.FormatText(digits, unsigned: false)]);
                break;
            case ColumnReading.Double:
                cell.Bits = BitConverter.DoubleToInt64Bits(value.AsDouble());
                break;
            case ColumnReading.Enum or ColumnReading.Set:
                cell.Bits = (long)value.AsSetMask();
                break;
            case ColumnReading.Date or ColumnReading.DateTime or ColumnReading.Timestamp or ColumnReading.Time:
                cell.Bits = ReadTemporal(column.Reading, value);
                break;
            case ColumnReading.Opaque:
                break;
            default:
                ReadBytes(value, image, ref cell);
                break;
        }
    }

    private static void ReadBytes(BinlogValue value, ReadOnlySpan<byte> image, ref Cell cell)
    {
        var bytes = value.AsBytes();
        cell.Expanded = null;
        cell.Length = bytes.Length;
        if (bytes.IsEmpty)
            cell.Offset = 0;
        else if (!image.Overlaps(bytes, out cell.Offset))
            cell.Expanded = bytes.ToArray();
    }

    private long ReadTemporal(ColumnReading reading, BinlogValue value)
    {
        Span<byte> text = stackalloc byte[BinlogValue.MaxScalarTextLength];
        text = text[..value.FormatText(text, unsigned: false)];
        if (reading == ColumnReading.Time)
        {
            var isNegative = text[0] == '-';
            if (isNegative)
                text = text[1..];
            var time = TimeAt(text, text.IndexOf((byte)':'));
            return isNegative ? -time : time;
        }

        var date = new Temporal(Number(text[..4]), Number(text[5..7]), Number(text[8..10]), 0, 0, 0, 0);
        if (text.Length == 10)
            return date.Packed;
        var micros = TimeAt(text[11..], 2);
        var at = date with
        {
            Hour = (int)(micros / 3_600_000_000),
            Minute = (int)(micros / 60_000_000 % 60),
            Second = (int)(micros / 1_000_000 % 60),
            Microsecond = (int)(micros % 1_000_000),
        };
        return reading == ColumnReading.Timestamp && !at.IsZeroDate && !ReferenceEquals(zone, TimeZoneInfo.Utc) ? ToZone(at).Packed : at.Packed;
    }

    private Temporal ToZone(Temporal utc)
    {
        var time = new DateTime(utc.Year, utc.Month, utc.Day, utc.Hour, utc.Minute, utc.Second, DateTimeKind.Utc);
        return Temporal.Of(time + zone.GetUtcOffset(time), utc.Microsecond);
    }

    private static long TimeAt(ReadOnlySpan<byte> text, int hourWidth)
    {
        var seconds = (((Number(text[..hourWidth]) * 60L) + Number(text.Slice(hourWidth + 1, 2))) * 60) + Number(text.Slice(hourWidth + 4, 2));
        var fraction = text[(hourWidth + 6)..];
        var micros = 0L;
        if (fraction.Length > 1)
        {
            micros = Number(fraction[1..]);
            for (var i = fraction.Length - 1; i < 6; i++)
                micros *= 10;
        }

        return (seconds * 1_000_000) + micros;
    }

    private static int Number(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
            value = (value * 10) + (digit - '0');
        return value;
    }

    private void Check(TableMapEvent map)
    {
        foreach (var column in _columns)
        {
            var ordinal = column.Column.Ordinal;
            if (ordinal < map.ColumnCount && Holds(column.Column.Kind, map.Columns[ordinal].Type))
                continue;
            throw new TiFerryException(SyncErrors.ColumnMismatch, ErrorScope.Upstream,
                string.Create(CultureInfo.InvariantCulture, $"a row change of table {table} does not fit the definition for which its expression filter was made: column {TableName.Quote(column.Column.Name)} is {column.Column.ColumnType}"),
                "start again, so that the source's definition is read again");
        }

        _checked = map;
    }

    private static bool Holds(ColumnKind kind, BinlogColumnType type) => kind switch
    {
        ColumnKind.Integer => type is BinlogColumnType.Tiny or BinlogColumnType.Short or BinlogColumnType.Int24 or BinlogColumnType.Long or BinlogColumnType.LongLong,
        ColumnKind.Decimal => type is BinlogColumnType.NewDecimal,
        ColumnKind.Float or ColumnKind.Double => type is BinlogColumnType.Float or BinlogColumnType.Double,
        ColumnKind.Bit => type is BinlogColumnType.Bit,
        ColumnKind.Year => type is BinlogColumnType.Year,
        ColumnKind.Temporal => type is BinlogColumnType.Date or BinlogColumnType.NewDate or BinlogColumnType.Time or BinlogColumnType.Time2
            or BinlogColumnType.DateTime or BinlogColumnType.DateTime2 or BinlogColumnType.Timestamp or BinlogColumnType.Timestamp2,
        ColumnKind.Enum => type is BinlogColumnType.Enum,
        ColumnKind.Set => type is BinlogColumnType.Set,
        ColumnKind.Text or ColumnKind.Binary or ColumnKind.FixedBinary => type is BinlogColumnType.String or BinlogColumnType.VarChar or BinlogColumnType.VarString
            or BinlogColumnType.Blob or BinlogColumnType.TinyBlob or BinlogColumnType.MediumBlob or BinlogColumnType.LongBlob
            or BinlogColumnType.BlobCompressed or BinlogColumnType.VarCharCompressed,
        _ => true,
    };
}
