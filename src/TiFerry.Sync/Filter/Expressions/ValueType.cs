using TiFerry.Schema.Charsets;

namespace TiFerry.Sync.Filter.Expressions;

/// <summary>The kinds of values that an expression has.</summary>
internal enum ValueKind : byte
{
    /// <summary>NULL.</summary>
    Null,

    /// <summary>An integer of 64 bits, signed or not.</summary>
    Integer,

    /// <summary>DECIMAL.</summary>
    Decimal,

    /// <summary>DOUBLE.</summary>
    Double,

    /// <summary>Text in UTF-8, or bytes.</summary>
    Text,

    /// <summary>DATE, packed as <see cref="Temporal"/> does.</summary>
    Date,

    /// <summary>TIME, in microseconds.</summary>
    Time,

    /// <summary>DATETIME, or TIMESTAMP in the session's time zone; packed as <see cref="Temporal"/> does.</summary>
    DateTime,
}

/// <summary>How strongly a text insists on its collation (MySQL manual, "Collation Coercibility in Expressions"); the lower wins.</summary>
internal enum Coercibility : byte
{
    /// <summary>COLLATE.</summary>
    Explicit = 0,

    /// <summary>A column, or what a function makes of one.</summary>
    Implicit = 2,

    /// <summary>A literal.</summary>
    Coercible = 4,

    /// <summary>A number or a date as text.</summary>
    Numeric = 5,
}

/// <summary>What is known of a value before any row is seen.</summary>
/// <param name="Kind">Its kind, when it is not NULL.</param>
internal readonly record struct ValueType(ValueKind Kind)
{
    /// <summary>Whether an integer is unsigned.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>Digits behind the point of a decimal or of a time's seconds.</summary>
    public int Scale { get; init; }

    /// <summary>Digits of a decimal column; 0 where the most is not known.</summary>
    public int Precision { get; init; }

    /// <summary>The collation of a text; null for other kinds.</summary>
    public TextCollation? Collation { get; init; }

    /// <summary>How strongly it insists on the collation.</summary>
    public Coercibility Coercibility { get; init; }

    /// <summary>Whether the number's text form is not the plain one, as of FLOAT and ZEROFILL, or differs between servers.</summary>
    public bool HasOwnText { get; init; }

    /// <summary>Whether a decimal is a choice between signed and unsigned integers.</summary>
    public bool HasMixedSigns { get; init; }

    /// <summary>Whether it is a choice between numbers of different types, or a date's number: its digits behind the point vary from row to row.</summary>
    public bool HasMixedKinds { get; init; }

    /// <summary>Whether it is a choice between dates, or a member of an ENUM or SET: what the servers make of it beyond comparing it differs.</summary>
    public bool IsChosen { get; init; }

    public static ValueType Null { get; } = new(ValueKind.Null);

    public static ValueType Integer { get; } = new(ValueKind.Integer);

    public static ValueType Unsigned { get; } = new(ValueKind.Integer) { IsUnsigned = true };

    public static ValueType Double { get; } = new(ValueKind.Double);

    public bool IsTemporal => Kind is ValueKind.Date or ValueKind.Time or ValueKind.DateTime;

    public bool IsNumber => Kind is ValueKind.Integer or ValueKind.Decimal or ValueKind.Double;

    public bool IsExact => Kind is ValueKind.Integer or ValueKind.Decimal;

    public static ValueType Decimal(int scale) => new(ValueKind.Decimal) { Scale = scale };

    public static ValueType Text(TextCollation collation, Coercibility coercibility) => new(ValueKind.Text) { Collation = collation, Coercibility = coercibility };

    /// <summary>The type's name for messages.</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Integer => "an integer",
        ValueKind.Decimal => "a decimal",
        ValueKind.Double => "a floating-point number",
        ValueKind.Text => "text",
        ValueKind.Date => "a date",
        ValueKind.Time => "a time",
        ValueKind.DateTime => "a date and time",
        _ => "NULL",
    };
}
