using System.Globalization;
using System.Text;
using TiFerry.MySql;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Schema.Tracking;

/// <summary>What a server makes of a written data type, and how <c>information_schema.COLUMNS.COLUMN_TYPE</c> shows it (MySQL manual, "Data Types").</summary>
internal static class TypeRules
{
    private const int MaxVarcharBytes = 65535;

    private static readonly string[] TextSizes = ["tinytext", "text", "mediumtext", "longtext"];
    private static readonly string[] BlobSizes = ["tinyblob", "blob", "mediumblob", "longblob"];

    /// <summary>Whether values of the type have a character set.</summary>
    public static bool HasCharset(string type) => type is "char" or "varchar" or "enum" or "set" || TextSizes.Contains(type);

    /// <summary>Whether it is one of the TEXT or BLOB sizes.</summary>
    public static bool IsLong(string type) => TextSizes.Contains(type) || BlobSizes.Contains(type);

    /// <summary>Whether a key may cover a prefix of such a column.</summary>
    public static bool CanHavePrefix(string type) => type is "char" or "varchar" or "binary" or "varbinary" || IsLong(type) || TableReader.KindOf(type) == ColumnKind.Geometry;

    /// <summary>The longest value of a TEXT or BLOB size, in bytes.</summary>
    public static long MaxBytesOf(string type) => type switch
    {
        "tinytext" or "tinyblob" => byte.MaxValue,
        "text" or "blob" => ushort.MaxValue,
        "mediumtext" or "mediumblob" => 0xFF_FFFF,
        _ => uint.MaxValue,
    };

    /// <summary>How much of a value of the type is in a key: characters of a text, else bytes (MySQL manual, "Data Type Storage Requirements").</summary>
    public static int KeyLength(DataType type)
    {
        var fraction = (int)(((type.Name is "time" or "datetime" or "timestamp" ? type.Length : null) ?? 0) + 1) / 2;
        return type.Name switch
        {
            "tinyint" or "year" => 1,
            "smallint" => 2,
            "mediumint" or "date" => 3,
            "int" or "float" => 4,
            "bigint" or "double" => 8,
            "time" => 3 + fraction,
            "timestamp" => 4 + fraction,
            "datetime" => 5 + fraction,
            "bit" => (int)(type.Length!.Value + 7) / 8,
            // Servers divide by the bytes of a character here, too.
            "enum" => (type.Members.Count > byte.MaxValue ? 2 : 1) / CharsetRules.MaxBytes(type.Charset!),
            "set" => type.Members.Count switch { <= 8 => 1, <= 16 => 2, <= 24 => 3, <= 32 => 4, _ => 8 } / CharsetRules.MaxBytes(type.Charset!),
            "decimal" => DecimalBytes((int)type.Length!.Value - (type.Decimals ?? 0)) + DecimalBytes(type.Decimals ?? 0),
            _ => (int)(type.Length ?? 0),
        };
    }

    /// <summary>The type with lengths as the server keeps them and the character set that the column ends up with.</summary>
    /// <param name="type">The type as written.</param>
    /// <param name="charset">The column's character set; ignored by types that have none.</param>
    /// <param name="dialect">The server.</param>
    public static DataType Complete(DataType type, CharsetChoice charset, SqlDialect dialect)
    {
        type = type with { IsBinary = false, IsNational = false, Charset = null, Collation = null };
        if (HasCharset(type.Name))
            type = WithCharset(type, charset);
        else if (type.Length is { } bytes and > 0 && Array.IndexOf(BlobSizes, type.Name) >= 0)
            type = type with { Name = BlobSizes[SizeFor(bytes)] };
        if (IsLong(type.Name))
            return type with { Length = null };
        return type.Name switch
        {
            "tinyint" or "smallint" or "mediumint" or "int" or "bigint" => type with { Length = DisplayWidth(type, dialect) },
            "decimal" => type with { Length = type.Length is null or 0 ? 10 : type.Length, Decimals = type.Decimals ?? 0 },
            "float" or "double" => type.Decimals is null ? type with { Length = null } : type,
            "bit" or "char" or "binary" => type with { Length = type.Length ?? 1 },
            "year" => type with { Length = ShowsDisplayWidth(dialect) ? YearWidth(type, dialect) : null },
            "time" or "datetime" or "timestamp" => type with { Length = type.Length is 0 ? null : type.Length },
            "vector" => type with { Length = type.Length ?? 2048 },
            "geomcollection" or "geometrycollection" => type with { Name = dialect is { Flavour: ServerFlavour.MySql, Version: >= 80011 } ? "geomcollection" : "geometrycollection" },
            _ => type,
        };
    }

    /// <summary>The type with another character set: the binary one makes bytes of characters, and a TEXT grows where its characters need more bytes.</summary>
    public static DataType Convert(DataType type, CharsetChoice charset)
    {
        if (type.Charset is null or "binary")
            return type;
        var size = Array.IndexOf(TextSizes, type.Name);
        if (size >= 0 && type.Name != "longtext" && !charset.IsBinary)
        {
            var characters = MaxBytesOf(type.Name) / CharsetRules.MaxBytes(type.Charset);
            type = type with { Name = TextSizes[Math.Max(size, SizeFor(characters * CharsetRules.MaxBytes(charset.Name)))] };
        }

        return WithCharset(type with { Length = size >= 0 ? null : type.Length }, charset);
    }

    /// <summary>Whether a VARCHAR is longer than a row can be; without strict mode the server makes a TEXT of it.</summary>
    public static bool IsTooLong(DataType type) =>
        type.Name is "varchar" or "varbinary" && type.Length > MaxVarcharBytes / (type.Charset is null ? 1 : CharsetRules.MaxBytes(type.Charset));

    /// <summary>The TEXT or BLOB that stands in for a VARCHAR of that length.</summary>
    /// <param name="type">The VARCHAR.</param>
    /// <param name="charset">The character set whose bytes count; null for bytes.</param>
    public static DataType ToLong(DataType type, string? charset)
    {
        var bytes = type.Length!.Value * (charset is null ? 1 : CharsetRules.MaxBytes(charset));
        return type with { Name = (type.Charset is null ? BlobSizes : TextSizes)[SizeFor(bytes)], Length = null };
    }

    /// <summary>The text of COLUMN_TYPE.</summary>
    public static string Show(DataType type)
    {
        var text = new StringBuilder(type.Name);
        if (type.Members.Count > 0)
            text.Append('(').AppendJoin(',', type.Members.Select(ShowMember)).Append(')');
        else if (type.Decimals is not null)
            text.Append(CultureInfo.InvariantCulture, $"({type.Length},{type.Decimals})");
        else if (type.Length is not null)
            text.Append(CultureInfo.InvariantCulture, $"({type.Length})");
        if (type.IsUnsigned)
            text.Append(" unsigned");
        if (type.IsZerofill)
            text.Append(" zerofill");
        return text.ToString();
    }

    private static DataType WithCharset(DataType type, CharsetChoice charset)
    {
        // A length of TEXT(n) picks the smallest size that holds n characters.
        if (Array.IndexOf(TextSizes, type.Name) >= 0 && type.Length is { } characters and > 0)
            type = type with { Name = TextSizes[SizeFor(characters * CharsetRules.MaxBytes(charset.Name))], Length = null };
        if (!charset.IsBinary)
            return type with { Charset = charset.Name, Collation = charset.Collation, Members = [.. type.Members.Select(m => m.TrimEnd(' '))] };
        return type.Name switch
        {
            "char" => type with { Name = "binary", Charset = null, Collation = null },
            "varchar" => type with { Name = "varbinary", Charset = null, Collation = null },
            "enum" or "set" => type with { Charset = "binary", Collation = null },
            var text => type with { Name = BlobSizes[Array.IndexOf(TextSizes, text)], Charset = null, Collation = null },
        };
    }

    // Nine digits are in four bytes; what is left over takes as few as it can.
    private static int DecimalBytes(int digits) => (digits / 9 * 4) + ((digits % 9) + 1) / 2;

    private static int SizeFor(long bytes) => bytes switch
    {
        <= byte.MaxValue => 0,
        <= ushort.MaxValue => 1,
        <= 0xFF_FFFF => 2,
        _ => 3,
    };

    // MySQL 8.0.19 shows the width of integers no more, but for TINYINT(1), which stands for BOOL, and with ZEROFILL.
    private static bool ShowsDisplayWidth(SqlDialect dialect) => dialect.Flavour != ServerFlavour.MySql || dialect.Version < 80019;

    private static long? DisplayWidth(DataType type, SqlDialect dialect)
    {
        var width = type.Length is null or 0 ? DefaultWidth(type) : type.Length;
        return ShowsDisplayWidth(dialect) || type.IsZerofill || (type.Name == "tinyint" && width == 1 && !type.IsUnsigned) ? width : null;
    }

    private static long DefaultWidth(DataType type) => (type.Name, type.IsUnsigned) switch
    {
        ("tinyint", false) => 4,
        ("tinyint", true) => 3,
        ("smallint", false) => 6,
        ("smallint", true) => 5,
        ("mediumint", false) => 9,
        ("mediumint", true) => 8,
        ("int", false) => 11,
        ("int", true) => 10,
        _ => 20,
    };

    private static long YearWidth(DataType type, SqlDialect dialect) => type.Length == 2 && dialect.Flavour == ServerFlavour.MariaDb ? 2 : 4;

    private static string ShowMember(string member)
    {
        var text = new StringBuilder("'");
        foreach (var c in member)
        {
            _ = c switch
            {
                '\'' => text.Append("''"),
                '\\' => text.Append(@"\\"),
                '\0' => text.Append(@"\0"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                _ => text.Append(c),
            };
        }

        return text.Append('\'').ToString();
    }
}
