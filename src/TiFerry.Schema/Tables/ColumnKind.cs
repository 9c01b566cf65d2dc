namespace TiFerry.Schema.Tables;

/// <summary>What decides how a column's values are written as SQL and compared: a coarse view of the data type.</summary>
public enum ColumnKind
{
    /// <summary>TINYINT to BIGINT.</summary>
    Integer,

    /// <summary>DECIMAL, NUMERIC.</summary>
    Decimal,

    /// <summary>FLOAT, single precision.</summary>
    Float,

    /// <summary>DOUBLE, REAL.</summary>
    Double,

    /// <summary>BIT(n).</summary>
    Bit,

    /// <summary>YEAR.</summary>
    Year,

    /// <summary>DATE, TIME, DATETIME, TIMESTAMP with or without fraction.</summary>
    Temporal,

    /// <summary>ENUM.</summary>
    Enum,

    /// <summary>SET.</summary>
    Set,

    /// <summary>CHAR, VARCHAR and all TEXT sizes: bytes in a character set.</summary>
    Text,

    /// <summary>BINARY(n): padded with zero bytes to its length.</summary>
    FixedBinary,

    /// <summary>VARBINARY and all BLOB sizes.</summary>
    Binary,

    /// <summary>JSON as a type of its own (MySQL, TiDB); MariaDB's JSON is a LONGTEXT.</summary>
    Json,

    /// <summary>GEOMETRY and its kinds: SRID and WKB.</summary>
    Geometry,

    /// <summary>VECTOR (MySQL 9, MariaDB 11.7): packed 32-bit floats.</summary>
    Vector,

    /// <summary>MariaDB's UUID.</summary>
    Uuid,

    /// <summary>MariaDB's INET4.</summary>
    Inet4,

    /// <summary>MariaDB's INET6.</summary>
    Inet6,
}
