namespace TiFerry.MySql;

/// <summary>The wire type of a column or parameter (MySQL's <c>enum_field_types</c>).</summary>
public enum ColumnType : byte
{
    /// <summary>DECIMAL of servers before 5.0.</summary>
    OldDecimal = 0,

    /// <summary>TINYINT.</summary>
    Tiny = 1,

    /// <summary>SMALLINT.</summary>
    Short = 2,

    /// <summary>INT.</summary>
    Long = 3,

    /// <summary>FLOAT.</summary>
    Float = 4,

    /// <summary>DOUBLE.</summary>
    Double = 5,

    /// <summary>NULL.</summary>
    Null = 6,

    /// <summary>TIMESTAMP.</summary>
    Timestamp = 7,

    /// <summary>BIGINT.</summary>
    LongLong = 8,

    /// <summary>MEDIUMINT.</summary>
    Int24 = 9,

    /// <summary>DATE.</summary>
    Date = 10,

    /// <summary>TIME.</summary>
    Time = 11,

    /// <summary>DATETIME.</summary>
    DateTime = 12,

    /// <summary>YEAR.</summary>
    Year = 13,

    /// <summary>DATE, internal to the server.</summary>
    NewDate = 14,

    /// <summary>VARCHAR, internal to the server.</summary>
    VarChar = 15,

    /// <summary>BIT.</summary>
    Bit = 16,

    /// <summary>VECTOR (MySQL 9).</summary>
    Vector = 242,

    /// <summary>JSON.</summary>
    Json = 245,

    /// <summary>DECIMAL.</summary>
    NewDecimal = 246,

    /// <summary>ENUM.</summary>
    Enum = 247,

    /// <summary>SET.</summary>
    Set = 248,

    /// <summary>TINYBLOB, TINYTEXT.</summary>
    TinyBlob = 249,

    /// <summary>MEDIUMBLOB, MEDIUMTEXT.</summary>
    MediumBlob = 250,

    /// <summary>LONGBLOB, LONGTEXT.</summary>
    LongBlob = 251,

    /// <summary>BLOB, TEXT of any size.</summary>
    Blob = 252,

    /// <summary>VARCHAR, VARBINARY.</summary>
    VarString = 253,

    /// <summary>CHAR, BINARY (and ENUM, SET, which say so in their flags).</summary>
    String = 254,

    /// <summary>Spatial types.</summary>
    Geometry = 255,
}
