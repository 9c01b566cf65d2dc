using System.Text;
using TiFerry.MySql;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

// MySQL manual "Data Types" and "Using Data Types from Other Database Engines"; MariaDB "Data Types" and "Oracle mode".
internal ref partial struct DdlReader
{
    private const int MaxFloatPrecision = 24;

    private DataType Type()
    {
        var start = _at;
        var type = TypeAttributes(BareType());
        return type with { Span = SpanFrom(start) };
    }

    private DataType BareType()
    {
        if (!At(SqlTokenKind.Word))
            throw Expected("a data type");
        var word = UpperWord("a data type");
        switch (word)
        {
            case "INT" or "INTEGER" or "INT4":
                return WithLength("int");
            case "TINYINT" or "INT1":
                return WithLength("tinyint");
            case "SMALLINT" or "INT2":
                return WithLength("smallint");
            case "MEDIUMINT" or "INT3" or "MIDDLEINT":
                return WithLength("mediumint");
            case "BIGINT" or "INT8":
                return WithLength("bigint");
            case "BOOL" or "BOOLEAN":
                return new DataType("tinyint") { Length = 1 };
            case "FLOAT" or "FLOAT4":
                return FloatType();
            case "DOUBLE" or "FLOAT8":
                Take("PRECISION"u8);
                return WithLength("double");
            case "REAL":
                return WithLength(_dialect.Mode.HasFlag(SqlMode.RealAsFloat) ? "float" : "double");
            case "DECIMAL" or "DEC" or "NUMERIC" or "FIXED":
                return WithLength("decimal");
            case "NUMBER" when IsMariaDb:
                return At(SqlTokenKind.OpenParenthesis) ? WithLength("decimal") : new DataType("double");
            case "LONG":
                return LongType();
            case "NATIONAL":
                return NationalType();
            case "NCHAR":
                return (TakeVarying() ? WithLength("varchar") : WithLength("char")) with { IsNational = true };
            case "NVARCHAR":
                return WithLength("varchar") with { IsNational = true };
            case "CHAR" or "CHARACTER":
                return WithLength(TakeVarying() ? "varchar" : "char");
            case "VARCHAR" or "VARCHARACTER":
                return WithLength("varchar");
            case "VARCHAR2" when IsMariaDb:
                return WithLength("varchar");
            case "RAW" when IsMariaDb:
                return WithLength("varbinary");
            case "CLOB" when IsMariaDb:
                return new DataType("longtext");
            case "ENUM" or "SET":
                return new DataType(word.ToLowerInvariant()) { Members = Members() };
            case "BLOB" when IsMariaDb && _dialect.Mode.HasFlag(SqlMode.Oracle) && !At(SqlTokenKind.OpenParenthesis):
                return new DataType("longblob");
            case "DATE" when IsMariaDb && _dialect.Mode.HasFlag(SqlMode.Oracle):
                return new DataType("datetime");
            case "GEOMETRYCOLLECTION" or "GEOMCOLLECTION":
                return new DataType(_dialect.Flavour == ServerFlavour.MySql && _dialect.Version >= 80000 ? "geomcollection" : "geometrycollection");
            case "BIT" or "BINARY" or "VARBINARY" or "BLOB" or "TEXT" or "YEAR" or "TIME" or "TIMESTAMP" or "DATETIME" or "VECTOR":
                return WithLength(word.ToLowerInvariant());
            case "TINYBLOB" or "MEDIUMBLOB" or "LONGBLOB" or "TINYTEXT" or "MEDIUMTEXT" or "LONGTEXT" or "DATE" or "JSON":
            case "GEOMETRY" or "POINT" or "LINESTRING" or "POLYGON" or "MULTIPOINT" or "MULTILINESTRING" or "MULTIPOLYGON":
                return new DataType(word.ToLowerInvariant());
            case "UUID" or "INET4" or "INET6" or "XMLTYPE" when IsMariaDb:
                return new DataType(word.ToLowerInvariant());
            default:
                Advance(-1);
                throw Expected("a data type");
        }
    }

    private readonly bool IsMariaDb => _dialect.Flavour == ServerFlavour.MariaDb;

    private bool TakeVarying() => Take("VARYING"u8) || Take("VARCHAR"u8) || Take("VARCHARACTER"u8);

    private DataType NationalType()
    {
        if (Take("VARCHAR"u8) || Take("VARCHARACTER"u8))
            return WithLength("varchar") with { IsNational = true };
        if (!Take("CHAR"u8))
            Expect("CHARACTER"u8);
        return (TakeVarying() ? WithLength("varchar") : WithLength("char")) with { IsNational = true };
    }

    // LONG [VARCHAR | CHAR VARYING | ...] is MEDIUMTEXT, LONG VARBINARY is MEDIUMBLOB.
    private DataType LongType()
    {
        if (Take("VARBINARY"u8))
            return new DataType("mediumblob");
        if (Take("CHAR"u8) || Take("CHARACTER"u8))
            Expect("VARYING"u8);
        else if (!Take("VARCHAR"u8))
            Take("VARCHARACTER"u8);
        return new DataType("mediumtext");
    }

    // FLOAT(p) only chooses between single and double precision.
    private DataType FloatType()
    {
        var type = WithLength("float");
        if (type.Length is not { } precision || type.Decimals is not null)
            return type;
        return new DataType(precision > MaxFloatPrecision ? "double" : "float");
    }

    private DataType WithLength(string name)
    {
        var type = new DataType(name);
        if (!Take(SqlTokenKind.OpenParenthesis))
            return type;
        if (At(SqlTokenKind.CloseParenthesis))
        {
            Close();
            return type;
        }

        type = type with { Length = Number("a length") };
        if (Take(SqlTokenKind.Comma))
            type = type with { Decimals = SmallNumber("the number of decimals") };
        else if (!Take("BYTE"u8))
            Take("CHAR"u8);
        Close();
        return type;
    }

    private NodeList<string> Members()
    {
        var members = new List<string>();
        Open();
        do
            members.Add(Member());
        while (Take(SqlTokenKind.Comma));
        Close();
        return [.. members];
    }

    private string Member()
    {
        if (AtText)
            return Text("a member");
        var digits = _lexer.Slice(Current);
        if (Current.Kind is not (SqlTokenKind.HexText or SqlTokenKind.HexNumber))
            throw Expected("a member in quotes");
        digits = Current.Kind == SqlTokenKind.HexText ? digits[2..^1] : digits[2..];
        var text = Convert.FromHexString(Encoding.ASCII.GetString(digits));
        if (text.Any(b => b >= 128))
            throw Expected("a member of ASCII letters");
        Advance();
        return Encoding.ASCII.GetString(text);
    }

    private DataType TypeAttributes(DataType type)
    {
        while (true)
        {
            if (Take("UNSIGNED"u8))
                type = type with { IsUnsigned = true };
            else if (Take("ZEROFILL"u8))
                type = type with { IsUnsigned = true, IsZerofill = true };
            else if (Take("SIGNED"u8))
                continue;
            else if (At("BYTE"u8) && AsBytes(type.Name) is { } bytes)
                type = TakeAs(type with { Name = bytes });
            else if (AtCharsetAttribute)
                type = CharsetAttribute(type);
            else
                return type;
        }
    }

    private DataType TakeAs(DataType type)
    {
        Advance();
        return type;
    }

    private static string? AsBytes(string type) => type switch
    {
        "char" => "binary",
        "varchar" => "varbinary",
        "tinytext" => "tinyblob",
        "text" => "blob",
        "mediumtext" => "mediumblob",
        "longtext" => "longblob",
        _ => null,
    };

    private readonly bool AtCharsetAttribute => At("CHARACTER"u8) || At("CHARSET"u8) || (At("CHAR"u8) && NextIs("SET"u8))
        || At("COLLATE"u8) || At("ASCII"u8) || At("UNICODE"u8) || At("BINARY"u8);

    private DataType CharsetAttribute(DataType type)
    {
        if (Take("ASCII"u8))
            return type with { Charset = "latin1" };
        if (Take("UNICODE"u8))
            return type with { Charset = "ucs2" };
        if (Take("BINARY"u8))
            return type with { IsBinary = true };
        if (Take("COLLATE"u8))
            return type with { Collation = CharsetName("a collation") };
        TakeCharsetWords();
        return type with { Charset = CharsetName("a character set") };
    }

    /// <summary>CHARACTER SET, CHAR SET, CHARSET.</summary>
    private void TakeCharsetWords()
    {
        if (Take("CHARSET"u8))
            return;
        if (!Take("CHARACTER"u8))
            Expect("CHAR"u8);
        Expect("SET"u8);
    }
}
