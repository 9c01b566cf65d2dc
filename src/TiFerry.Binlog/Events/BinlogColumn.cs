using TiFerry.Binlog.Values;

namespace TiFerry.Binlog.Events;

/// <summary>
/// A column as a table map describes it. What is beyond type, metadata and nullability is there only when the source writes it:
/// MySQL 8.0 and MariaDB 10.5 with <c>binlog_row_metadata</c> MINIMAL (signedness, collations of text, geometry type) or FULL (all).
/// </summary>
public sealed class BinlogColumn
{
    internal BinlogColumn(int ordinal, BinlogColumnType type, ushort meta, bool isNullable)
    {
        Ordinal = ordinal;
        Type = type;
        Meta = meta;
        IsNullable = isNullable;
    }

    /// <summary>Place in the table, from 0.</summary>
    public int Ordinal { get; }

    /// <summary>The type.</summary>
    public BinlogColumnType Type { get; }

    /// <summary>
    /// The type's metadata: precision &lt;&lt; 8 | scale for DECIMAL, digits of the fraction for temporal types, greatest length in bytes for CHAR and VARCHAR,
    /// bytes of length for BLOB, TEXT, JSON and GEOMETRY, bytes of value for ENUM, SET, FLOAT and DOUBLE, bytes &lt;&lt; 8 | bits for BIT.
    /// </summary>
    public ushort Meta { get; }

    /// <summary>Whether values can be NULL.</summary>
    public bool IsNullable { get; }

    /// <summary>For numeric columns whether they are unsigned; null when unknown or not numeric.</summary>
    public bool? IsUnsigned { get; internal set; }

    /// <summary>Number of the collation of text, ENUM or SET; 63 for binary; null when unknown.</summary>
    public uint? Collation { get; internal set; }

    /// <summary>The name; null when unknown.</summary>
    public string? Name { get; internal set; }

    /// <summary>Members of ENUM or SET in the column's character set; null when unknown.</summary>
    public IReadOnlyList<byte[]>? Members { get; internal set; }

    /// <summary>The geometry type's number; null when unknown.</summary>
    public int? GeometryType { get; internal set; }

    /// <summary>Dimensions of a VECTOR; null when unknown.</summary>
    public int? VectorDimensions { get; internal set; }

    /// <summary>False for an INVISIBLE column; null when unknown.</summary>
    public bool? IsVisible { get; internal set; }

    internal bool IsNumeric => Type is BinlogColumnType.Tiny or BinlogColumnType.Short or BinlogColumnType.Int24 or BinlogColumnType.Long or BinlogColumnType.LongLong
        or BinlogColumnType.Float or BinlogColumnType.Double or BinlogColumnType.NewDecimal or BinlogColumnType.Year;

    internal bool IsEnumOrSet => Type is BinlogColumnType.Enum or BinlogColumnType.Set;

    internal bool IsCharacter => Type is BinlogColumnType.String or BinlogColumnType.VarString or BinlogColumnType.VarChar or BinlogColumnType.Blob
        or BinlogColumnType.TinyBlob or BinlogColumnType.MediumBlob or BinlogColumnType.LongBlob
        or BinlogColumnType.BlobCompressed or BinlogColumnType.VarCharCompressed;

    // MariaDB counts geometry among the columns that have a collation; MySQL does not.
    internal bool HasCollation(bool isMariaDb) => IsCharacter || (isMariaDb && Type == BinlogColumnType.Geometry);
}
