using System.Buffers;
using System.Buffers.Binary;
using TiFerry.Binlog.Compression;
using TiFerry.Binlog.Values.Json;

namespace TiFerry.Binlog.Values;

/// <summary>
/// One value that is not NULL: its type, the type's metadata and its bytes. Nothing is decoded before it is asked for.
/// An accessor that does not fit the type throws <see cref="InvalidOperationException"/>.
/// </summary>
public readonly ref struct BinlogValue
{
    /// <summary>Most bytes that <see cref="FormatText"/> writes for a value that is not a string, JSON or geometry.</summary>
    public const int MaxScalarTextLength = 96;

    internal BinlogValue(BinlogColumnType type, ushort meta, ReadOnlySpan<byte> raw)
    {
        Type = type;
        Meta = meta;
        Raw = raw;
    }

    /// <summary>The type.</summary>
    public BinlogColumnType Type { get; }

    /// <summary>As <see cref="Events.BinlogColumn.Meta"/>; for temporal types in the old formats, the digits of the fraction.</summary>
    public ushort Meta { get; }

    /// <summary>The value's bytes in the image, without the bytes of its length.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    /// <summary>A signed integer of any width, or a YEAR.</summary>
    public long AsInt64() => Type switch
    {
        BinlogColumnType.Tiny => (sbyte)Raw[0],
        BinlogColumnType.Short => BinaryPrimitives.ReadInt16LittleEndian(Raw),
        BinlogColumnType.Int24 => Raw[0] | (Raw[1] << 8) | ((sbyte)Raw[2] << 16),
        BinlogColumnType.Long => BinaryPrimitives.ReadInt32LittleEndian(Raw),
        BinlogColumnType.LongLong => BinaryPrimitives.ReadInt64LittleEndian(Raw),
        BinlogColumnType.Year => Year,
        _ => throw NotA("signed integer"),
    };

    /// <summary>An unsigned integer of any width, a YEAR, an ENUM's index, a SET's or BIT's mask.</summary>
    public ulong AsUInt64() => Type switch
    {
        BinlogColumnType.Tiny => Raw[0],
        BinlogColumnType.Short => BinaryPrimitives.ReadUInt16LittleEndian(Raw),
        BinlogColumnType.Int24 => (uint)(Raw[0] | (Raw[1] << 8) | (Raw[2] << 16)),
        BinlogColumnType.Long => BinaryPrimitives.ReadUInt32LittleEndian(Raw),
        BinlogColumnType.LongLong => BinaryPrimitives.ReadUInt64LittleEndian(Raw),
        BinlogColumnType.Year => (ulong)Year,
        BinlogColumnType.Enum or BinlogColumnType.Set => AsSetMask(),
        BinlogColumnType.Bit => AsBit(),
        _ => throw NotA("unsigned integer"),
    };

    /// <summary>A DOUBLE, or a FLOAT widened.</summary>
    public double AsDouble() => Type switch
    {
        BinlogColumnType.Double => BinaryPrimitives.ReadDoubleLittleEndian(Raw),
        BinlogColumnType.Float => BinaryPrimitives.ReadSingleLittleEndian(Raw),
        _ => throw NotA("floating-point number"),
    };

    /// <summary>A FLOAT.</summary>
    public float AsSingle() => Type == BinlogColumnType.Float ? BinaryPrimitives.ReadSingleLittleEndian(Raw) : throw NotA("FLOAT");

    /// <summary>
    /// The bytes of CHAR, VARCHAR, BINARY, VARBINARY, TEXT, BLOB, GEOMETRY or VECTOR, exactly as the column holds them in its own character set.
    /// CHAR comes without trailing spaces and BINARY(n) without trailing zero bytes; the schema's length says how many to add.
    /// MariaDB's COMPRESSED columns are uncompressed into memory of their own.
    /// </summary>
    public ReadOnlySpan<byte> AsBytes() => Type switch
    {
        BinlogColumnType.String or BinlogColumnType.VarChar or BinlogColumnType.VarString
            or BinlogColumnType.Blob or BinlogColumnType.TinyBlob or BinlogColumnType.MediumBlob or BinlogColumnType.LongBlob
            or BinlogColumnType.Geometry or BinlogColumnType.Vector => Raw,
        BinlogColumnType.BlobCompressed or BinlogColumnType.VarCharCompressed => MariaDbCompression.ExpandColumn(Raw),
        _ => throw NotA("string of bytes"),
    };

    /// <summary>An ENUM's index: 1 for its first member, 0 for the error value <c>''</c>.</summary>
    public int AsEnumIndex() => Type == BinlogColumnType.Enum ? (int)AsSetMask() : throw NotA("ENUM");

    /// <summary>A SET's members: bit 0 is the first. Also an ENUM's index.</summary>
    public ulong AsSetMask()
    {
        if (Type is not (BinlogColumnType.Set or BinlogColumnType.Enum))
            throw NotA("SET");
        var mask = 0ul;
        for (var i = Raw.Length - 1; i >= 0; i--)
            mask = (mask << 8) | Raw[i];
        return mask;
    }

    /// <summary>A BIT's value.</summary>
    public ulong AsBit()
    {
        if (Type != BinlogColumnType.Bit)
            throw NotA("BIT");
        var bits = 0ul;
        foreach (var b in Raw)
            bits = (bits << 8) | b;
        return bits;
    }

    /// <summary>
    /// Writes the text that the server sends for the value with <c>time_zone='+00:00'</c> and returns its bytes.
    /// ENUM and SET are written as their number; BIT as its bytes; a zero-filled column without its zeros; FLOAT(M,D) and DOUBLE(M,D) without padding,
    /// since the binlog does not say D.
    /// </summary>
    /// <param name="destination">At least <see cref="MaxScalarTextLength"/> bytes, or the string's length; not for JSON.</param>
    /// <param name="unsigned">Whether an integer column is UNSIGNED; the binlog need not say so.</param>
    /// <param name="exactFloat">
    /// Writes a FLOAT with as many digits as it takes to read the same FLOAT back. The server sends six, and loses some.
    /// </param>
    public int FormatText(Span<byte> destination, bool unsigned, bool exactFloat = false)
    {
        switch (Type)
        {
            case BinlogColumnType.Tiny or BinlogColumnType.Short or BinlogColumnType.Int24 or BinlogColumnType.Long or BinlogColumnType.LongLong:
                return unsigned ? NumberText.Write(AsUInt64(), destination) : NumberText.Write(AsInt64(), destination);
            case BinlogColumnType.Enum or BinlogColumnType.Set:
                return NumberText.Write(AsSetMask(), destination);
            case BinlogColumnType.Year:
                return TemporalText.WriteYear(Year, destination);
            case BinlogColumnType.Float:
                return exactFloat ? FloatText.WriteExact(AsSingle(), destination) : FloatText.Write(AsSingle(), destination);
            case BinlogColumnType.Double:
                return FloatText.Write(AsDouble(), destination);
            case BinlogColumnType.NewDecimal:
                return DecimalText.Write(Raw, Meta >> 8, Meta & 0xFF, destination);
            case BinlogColumnType.Date or BinlogColumnType.NewDate:
                return TemporalText.WriteDate(Raw, destination);
            case BinlogColumnType.Time:
                return TemporalText.WriteOldTime(Raw, Meta, destination);
            case BinlogColumnType.DateTime:
                return TemporalText.WriteOldDateTime(Raw, Meta, destination);
            case BinlogColumnType.Timestamp:
                return TemporalText.WriteOldTimestamp(Raw, Meta, destination);
            case BinlogColumnType.Time2:
                return TemporalText.WriteTime(Raw, Meta, destination);
            case BinlogColumnType.DateTime2:
                return TemporalText.WriteDateTime(Raw, Meta, destination);
            case BinlogColumnType.Timestamp2:
                return TemporalText.WriteTimestamp(Raw, Meta, destination);
            case BinlogColumnType.Bit:
                Raw.CopyTo(destination);
                return Raw.Length;
            case BinlogColumnType.Json:
                throw new InvalidOperationException("JSON has no bounded text; use WriteText");
            default:
                var bytes = AsBytes();
                bytes.CopyTo(destination);
                return bytes.Length;
        }
    }

    /// <summary>As <see cref="FormatText"/>, for every type and length.</summary>
    public void WriteText(IBufferWriter<byte> writer, bool unsigned, bool exactFloat = false)
    {
        switch (Type)
        {
            case BinlogColumnType.Json:
                JsonText.Write(Raw, writer);
                break;
            case BinlogColumnType.String or BinlogColumnType.VarChar or BinlogColumnType.VarString
                or BinlogColumnType.Blob or BinlogColumnType.TinyBlob or BinlogColumnType.MediumBlob or BinlogColumnType.LongBlob
                or BinlogColumnType.Geometry or BinlogColumnType.Vector or BinlogColumnType.BlobCompressed or BinlogColumnType.VarCharCompressed:
                writer.Write(AsBytes());
                break;
            default:
                writer.Advance(FormatText(writer.GetSpan(MaxScalarTextLength), unsigned, exactFloat));
                break;
        }
    }

    private int Year => Raw[0] == 0 ? 0 : 1900 + Raw[0];

    private InvalidOperationException NotA(string what) => new($"a value of type {Type} is not a {what}");
}
