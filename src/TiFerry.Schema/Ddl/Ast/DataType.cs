namespace TiFerry.Schema.Ddl.Ast;

/// <summary>The type of a column with the attributes that belong to it.</summary>
/// <param name="Name">
/// The type in lower case under one name for all synonyms, as information_schema's DATA_TYPE has it: <c>int</c>, <c>decimal</c>, <c>double</c>, <c>varchar</c>, <c>mediumtext</c>, <c>timestamp</c>, ...
/// BOOL is <c>tinyint</c> of length 1; FLOAT(n) is <c>float</c> or <c>double</c> without length; JSON stays <c>json</c>.
/// </param>
public sealed record DataType(string Name) : SqlNode
{
    /// <summary>The first number in brackets: characters, bytes, digits, bits, fractional seconds or vector dimensions; null for none.</summary>
    public long? Length { get; init; }

    /// <summary>The second number in brackets; null for none.</summary>
    public int? Decimals { get; init; }

    /// <summary>UNSIGNED, or implied by ZEROFILL.</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>ZEROFILL.</summary>
    public bool IsZerofill { get; init; }

    /// <summary>The character set in lower case; ASCII and UNICODE are <c>latin1</c> and <c>ucs2</c>; null for none written.</summary>
    public string? Charset { get; init; }

    /// <summary>The collation in lower case; null for none written.</summary>
    public string? Collation { get; init; }

    /// <summary>The BINARY attribute: the <c>_bin</c> collation of the character set.</summary>
    public bool IsBinary { get; init; }

    /// <summary>NATIONAL, NCHAR, NVARCHAR: the character set is 3-byte UTF-8.</summary>
    public bool IsNational { get; init; }

    /// <summary>The members of ENUM or SET, else empty.</summary>
    public NodeList<string> Members { get; init; } = [];

    /// <summary>The spatial reference system; null for none written.</summary>
    public long? Srid { get; init; }
}
