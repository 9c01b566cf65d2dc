namespace TiFerry.Binlog.Values;

/// <summary>
/// Column types as table maps carry them (MySQL's <c>enum_field_types</c>, MariaDB's two compressed types).
/// ENUM and SET, which travel inside <see cref="String"/>, are already told apart.
/// </summary>
public enum BinlogColumnType : byte
{
    /// <summary>DECIMAL as MySQL before 5.0 stored it; refused.</summary>
    Decimal = 0,

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

    /// <summary>Always NULL.</summary>
    Null = 6,

    /// <summary>TIMESTAMP in the format before MySQL 5.6, or MariaDB's with <c>mysql56_temporal_format=OFF</c>.</summary>
    Timestamp = 7,

    /// <summary>BIGINT.</summary>
    LongLong = 8,

    /// <summary>MEDIUMINT.</summary>
    Int24 = 9,

    /// <summary>DATE.</summary>
    Date = 10,

    /// <summary>TIME in the old format.</summary>
    Time = 11,

    /// <summary>DATETIME in the old format.</summary>
    DateTime = 12,

    /// <summary>YEAR.</summary>
    Year = 13,

    /// <summary>DATE as the server stores it internally.</summary>
    NewDate = 14,

    /// <summary>VARCHAR or VARBINARY.</summary>
    VarChar = 15,

    /// <summary>BIT.</summary>
    Bit = 16,

    /// <summary>TIMESTAMP.</summary>
    Timestamp2 = 17,

    /// <summary>DATETIME.</summary>
    DateTime2 = 18,

    /// <summary>TIME.</summary>
    Time2 = 19,

    /// <summary>The hidden column behind a multi-valued index; never in a row image.</summary>
    TypedArray = 20,

    /// <summary>MariaDB's TEXT or BLOB with COMPRESSED.</summary>
    BlobCompressed = 140,

    /// <summary>MariaDB's VARCHAR or VARBINARY with COMPRESSED.</summary>
    VarCharCompressed = 141,

    /// <summary>VECTOR of MySQL 9.</summary>
    Vector = 242,

    /// <summary>JSON in MySQL's binary form.</summary>
    Json = 245,

    /// <summary>DECIMAL.</summary>
    NewDecimal = 246,

    /// <summary>ENUM.</summary>
    Enum = 247,

    /// <summary>SET.</summary>
    Set = 248,

    /// <summary>TINYTEXT or TINYBLOB.</summary>
    TinyBlob = 249,

    /// <summary>MEDIUMTEXT or MEDIUMBLOB.</summary>
    MediumBlob = 250,

    /// <summary>LONGTEXT or LONGBLOB.</summary>
    LongBlob = 251,

    /// <summary>TEXT or BLOB of any size.</summary>
    Blob = 252,

    /// <summary>VARCHAR of very old tables.</summary>
    VarString = 253,

    /// <summary>CHAR, BINARY, and MariaDB's UUID, INET4 and INET6.</summary>
    String = 254,

    /// <summary>Any spatial type: four bytes of SRID, then WKB.</summary>
    Geometry = 255,
}
