using TiFerry.Schema.Charsets;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>How a column's bytes become a value.</summary>
internal enum ColumnReading : byte
{
    Integer,
    Decimal,
    Double,
    Date,
    Time,
    DateTime,
    Timestamp,
    Bytes,

    /// <summary>BINARY(n), whose zeros at the end the binlog leaves out.</summary>
    FixedBytes,

    /// <summary>Text in latin1.</summary>
    Latin1,

    Enum,
    Set,

    /// <summary>A type whose values can only be told from NULL.</summary>
    Opaque,
}

/// <summary>A column's value.</summary>
/// <param name="type">What is known of its values.</param>
/// <param name="position">Where it stands in the expression.</param>
/// <param name="column">The column.</param>
/// <param name="slot">Its place among the columns that are read.</param>
/// <param name="reading">How its bytes become a value.</param>
internal sealed class ColumnNode(ValueType type, int position, Column column, int slot, ColumnReading reading) : Node(type, position)
{
    private readonly byte[][] _members = [.. column.Members.Select(System.Text.Encoding.UTF8.GetBytes)];

    public Column Column { get; } = column;

    public int Slot { get; } = slot;

    public ColumnReading Reading { get; } = reading;

    /// <summary>Whether it is an ENUM or SET, which counts by its number, and not taken as bytes.</summary>
    public bool IsMember => Reading is ColumnReading.Enum or ColumnReading.Set && Type.Collation is not { IsBinary: true };

    /// <summary>The column's bytes as they are stored.</summary>
    public ColumnNode AsBytes(TextCollation binary) =>
        new(ValueType.Text(binary, Coercibility.Implicit), Position, Column, Slot, Reading == ColumnReading.Latin1 ? ColumnReading.Bytes : Reading);

    /// <summary>The number of an ENUM's member, the mask of a SET.</summary>
    public ColumnNode AsNumber() => new(ValueType.Unsigned, Position, Column, Slot, ColumnReading.Integer);

    public override Value Evaluate(scoped ref readonly Row row)
    {
        ref readonly var cell = ref row.Cells[Slot];
        if (cell.IsNull)
            return Value.Null;
        switch (Reading)
        {
            case ColumnReading.Integer:
                return Value.OfInteger(Type.IsUnsigned ? (ulong)cell.Bits : cell.Bits);
            case ColumnReading.Decimal:
                return Value.OfDecimal(cell.Number);
            case ColumnReading.Double:
                return Value.OfDouble(BitConverter.Int64BitsToDouble(cell.Bits));
            case ColumnReading.Enum:
                return Value.OfText(cell.Bits == 0 ? default : _members[cell.Bits - 1]);
            case ColumnReading.Set:
                return Value.OfText(JoinMembers((ulong)cell.Bits, row.Scratch));
            case ColumnReading.Bytes:
                return Value.OfText(cell.BytesIn(row.Image));
            case ColumnReading.FixedBytes:
                return Value.OfText(Pad(cell.BytesIn(row.Image), row.Scratch));
            case ColumnReading.Latin1:
                return Value.OfText(FromLatin1(cell.BytesIn(row.Image), row.Scratch));
            case ColumnReading.Opaque:
                // Only whether it is NULL is ever asked.
                return Value.OfBoolean(true);
            default:
                return Value.OfTemporal(Type.Kind, cell.Bits);
        }
    }

    /// <summary>An ENUM or SET counts by its number.</summary>
    public override Truth Test(scoped ref readonly Row row)
    {
        if (!IsMember)
            return base.Test(in row);
        ref readonly var cell = ref row.Cells[Slot];
        return cell.IsNull ? Truth.Unknown : cell.Bits != 0 ? Truth.True : Truth.False;
    }

    private ReadOnlySpan<byte> JoinMembers(ulong mask, Scratch scratch)
    {
        var length = 0;
        for (var i = 0; i < _members.Length; i++)
            length += (mask >> i & 1) != 0 ? _members[i].Length + 1 : 0;
        if (length == 0)
            return default;
        var text = scratch.Take(length);
        var written = 0;
        for (var i = 0; i < _members.Length; i++)
        {
            if ((mask >> i & 1) == 0)
                continue;
            _members[i].CopyTo(text[written..]);
            written += _members[i].Length;
            text[written++] = (byte)',';
        }

        return text[..(length - 1)];
    }

    private ReadOnlySpan<byte> Pad(ReadOnlySpan<byte> bytes, Scratch scratch)
    {
        if (bytes.Length >= Column.FixedLength)
            return bytes;
        var padded = scratch.Take(Column.FixedLength);
        bytes.CopyTo(padded);
        padded[bytes.Length..].Clear();
        return padded;
    }

    private static ReadOnlySpan<byte> FromLatin1(ReadOnlySpan<byte> bytes, Scratch scratch)
    {
        if (System.Text.Ascii.IsValid(bytes))
            return bytes;
        var text = scratch.Take(bytes.Length * 3);
        return text[..TextCollation.FromLatin1(bytes, text)];
    }
}
