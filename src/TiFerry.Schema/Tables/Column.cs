namespace TiFerry.Schema.Tables;

/// <summary>A column as <c>information_schema.COLUMNS</c> describes it.</summary>
public sealed record Column
{
    /// <summary>Place in the table, from 0; hidden columns of the server itself are not counted.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The name as stored.</summary>
    public required string Name { get; init; }

    /// <summary>The type with length and attributes, for example <c>decimal(10,2) unsigned</c>.</summary>
    public required string ColumnType { get; init; }

    /// <summary>The coarse kind of the type.</summary>
    public required ColumnKind Kind { get; init; }

    /// <summary>The character set; null for types that have none.</summary>
    public string? Charset { get; init; }

    /// <summary>The collation; null for types that have none.</summary>
    public string? Collation { get; init; }

    /// <summary>Whether NULL is allowed.</summary>
    public bool IsNullable { get; init; }

    /// <summary>Whether a number is unsigned.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>Whether the server computes the value (VIRTUAL, STORED or PERSISTENT): never written.</summary>
    public bool IsGenerated { get; init; }

    /// <summary>Whether the value is computed at each read and takes no place in the row.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>Whether an INSERT may leave the column out: it is generated, counts by itself, has a default value or takes NULL.</summary>
    public bool CanBeOmitted { get; init; }

    /// <summary>Length in bytes of BINARY(n), else 0.</summary>
    public int FixedLength { get; init; }

    /// <summary>Whether FLOAT or DOUBLE has a display scale (<c>FLOAT(7,4)</c>), which rounds the text form.</summary>
    public bool HasDisplayScale { get; init; }

    /// <summary>The members of an ENUM or SET in order, else empty.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Whether equality of two values of this column is equality of their bytes, so that keys can be told apart by bytes.</summary>
    public bool ComparesByBytes => Kind switch
    {
        ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Bit or ColumnKind.Year or ColumnKind.Temporal
            or ColumnKind.Enum or ColumnKind.Set or ColumnKind.FixedBinary or ColumnKind.Binary
            or ColumnKind.Uuid or ColumnKind.Inet4 or ColumnKind.Inet6 => true,
        _ => false,
    };
}
