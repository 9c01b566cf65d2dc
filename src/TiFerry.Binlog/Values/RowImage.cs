using System.Buffers.Binary;

namespace TiFerry.Binlog.Values;

/// <summary>The length of a row image: a NULL bitmap over the columns present, then the values that are not NULL.</summary>
internal static class RowImage
{
    /// <summary>The image's bytes, or -1 when <paramref name="data"/> is too short.</summary>
    public static int Measure(ReadOnlySpan<ColumnLayout> layouts, ColumnBitmap present, ReadOnlySpan<byte> data)
    {
        var position = (present.PresentCount + 7) / 8;
        if (position > data.Length)
            return -1;
        var nulls = data[..position];
        return present.IsFull ? MeasureFull(layouts, nulls, data) : MeasurePart(layouts, present.Bits, nulls, data);
    }

    /// <summary>The value's bytes including those of its length, or -1 when <paramref name="data"/> is too short.</summary>
    public static int MeasureValue(ColumnLayout layout, ReadOnlySpan<byte> data)
    {
        int width = layout.Width;
        if (width < 0)
        {
            if (data.Length < -width)
                return -1;
            var length = -width + ReadLength(data, -width);
            return length <= data.Length ? (int)length : -1;
        }

        return width <= data.Length ? width : -1;
    }

    public static long ReadLength(ReadOnlySpan<byte> data, int bytes) => bytes switch
    {
        1 => data[0],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(data),
        3 => data[0] | (data[1] << 8) | (data[2] << 16),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(data),
    };

    private static int MeasureFull(ReadOnlySpan<ColumnLayout> layouts, ReadOnlySpan<byte> nulls, ReadOnlySpan<byte> data)
    {
        var position = nulls.Length;
        for (var i = 0; i < layouts.Length; i++)
        {
            if ((nulls[i >> 3] & (1 << (i & 7))) != 0)
                continue;
            int width = layouts[i].Width;
            if (width >= 0)
            {
                position += width;
                continue;
            }

            if (position > data.Length + width)
                return -1;
            var end = position - width + ReadLength(data[position..], -width);
            if (end > data.Length)
                return -1;
            position = (int)end;
        }

        return position <= data.Length ? position : -1;
    }

    private static int MeasurePart(ReadOnlySpan<ColumnLayout> layouts, ReadOnlySpan<byte> present, ReadOnlySpan<byte> nulls, ReadOnlySpan<byte> data)
    {
        var position = nulls.Length;
        var index = 0;
        for (var i = 0; i < layouts.Length; i++)
        {
            if ((present[i >> 3] & (1 << (i & 7))) == 0)
                continue;
            var isNull = (nulls[index >> 3] & (1 << (index & 7))) != 0;
            index++;
            if (isNull)
                continue;
            var length = MeasureValue(layouts[i], data[position..]);
            if (length < 0)
                return -1;
            position += length;
        }

        return position;
    }
}
