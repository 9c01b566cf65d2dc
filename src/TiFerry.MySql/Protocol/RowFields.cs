using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace TiFerry.MySql.Protocol;

/// <summary>Finds the fields of a row: offset and length of each, one after the other in an array; a length of <see cref="Null"/> is NULL.</summary>
internal static class RowFields
{
    public const int Null = -1;

    private const byte NullMark = 0xFB;
    private const int NullBitmapOffset = 2;

    /// <summary>A text row: a length-encoded string for each field, 0xFB for NULL. False where the row does not hold exactly its fields.</summary>
    public static bool TryLocateText(ReadOnlySpan<byte> row, int rowOffset, Span<int> fields)
    {
        var at = 0;
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            if ((uint)at >= (uint)row.Length)
                return false;
            int length = row[at];
            if (length < NullMark)
            {
                at++;
            }
            else if (length == NullMark)
            {
                fields[i] = rowOffset;
                fields[i + 1] = Null;
                at++;
                continue;
            }
            else if (!TryReadLongLength(row, ref at, out length))
            {
                return false;
            }

            fields[i] = rowOffset + at;
            fields[i + 1] = length;
            at += length;
        }

        return at == row.Length;
    }

    /// <summary>A binary row: 0x00, NULL bitmap (its first two bits unused), then the values that are not NULL. False where the row does not hold exactly its fields.</summary>
    public static bool TryLocateBinary(ReadOnlySpan<byte> row, int rowOffset, ColumnDefinition[] columns, Span<int> fields)
    {
        var at = 1 + ((columns.Length + NullBitmapOffset + 7) / 8);
        if (at > row.Length || row[0] != 0)
            return false;
        for (var i = 0; i < columns.Length; i++)
        {
            var bit = i + NullBitmapOffset;
            if ((row[1 + (bit / 8)] & (1 << (bit % 8))) != 0)
            {
                fields[2 * i] = rowOffset;
                fields[(2 * i) + 1] = Null;
                continue;
            }

            var length = FixedLength(columns[i].Type);
            if (length < 0 ? !TryReadLength(row, ref at, out length) : length > row.Length - at)
                return false;
            fields[2 * i] = rowOffset + at;
            fields[(2 * i) + 1] = length;
            at += length;
        }

        return at == row.Length;
    }

    /// <summary>The bytes that a type takes in a binary row; -1 where its length comes before it.</summary>
    private static int FixedLength(ColumnType type) => type switch
    {
        ColumnType.Null => 0,
        ColumnType.Tiny => 1,
        ColumnType.Short or ColumnType.Year => 2,
        ColumnType.Int24 or ColumnType.Long or ColumnType.Float => 4,
        ColumnType.LongLong or ColumnType.Double => 8,
        _ => -1,
    };

    private static bool TryReadLength(ReadOnlySpan<byte> row, ref int at, out int length)
    {
        length = 0;
        if ((uint)at >= (uint)row.Length || row[at] == NullMark)
            return false;
        if (row[at] > NullMark)
            return TryReadLongLength(row, ref at, out length);
        length = row[at++];
        return length <= row.Length - at;
    }

    /// <summary>A length of 2, 3 or 8 bytes behind 0xFC, 0xFD or 0xFE.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryReadLongLength(ReadOnlySpan<byte> row, ref int at, out int length)
    {
        length = 0;
        var width = row[at] switch { 0xFC => 2, 0xFD => 3, 0xFE => 8, _ => int.MaxValue };
        if (width > row.Length - at - 1)
            return false;
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        row.Slice(at + 1, width).CopyTo(bytes);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        at += 1 + width;
        length = (int)value;
        return value <= (ulong)(row.Length - at);
    }
}
