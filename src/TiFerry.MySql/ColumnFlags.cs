namespace TiFerry.MySql;

/// <summary>The flags of a column definition (MySQL's <c>*_FLAG</c> constants).</summary>
[Flags]
public enum ColumnFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>NOT NULL.</summary>
    NotNull = 1,

    /// <summary>Part of the primary key.</summary>
    PrimaryKey = 2,

    /// <summary>Part of a unique key.</summary>
    UniqueKey = 4,

    /// <summary>Part of a non-unique key.</summary>
    MultipleKey = 8,

    /// <summary>BLOB or TEXT.</summary>
    Blob = 16,

    /// <summary>Unsigned number.</summary>
    Unsigned = 32,

    /// <summary>ZEROFILL.</summary>
    ZeroFill = 64,

    /// <summary>Binary string, or a binary collation.</summary>
    Binary = 128,

    /// <summary>ENUM.</summary>
    Enum = 256,

    /// <summary>AUTO_INCREMENT.</summary>
    AutoIncrement = 512,

    /// <summary>TIMESTAMP.</summary>
    Timestamp = 1024,

    /// <summary>SET.</summary>
    Set = 2048,

    /// <summary>No DEFAULT.</summary>
    NoDefaultValue = 4096,

    /// <summary>ON UPDATE CURRENT_TIMESTAMP.</summary>
    OnUpdateNow = 8192,

    /// <summary>Number.</summary>
    Number = 32768,
}
