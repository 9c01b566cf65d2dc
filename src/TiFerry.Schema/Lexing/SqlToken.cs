namespace TiFerry.Schema.Lexing;

/// <summary>What a token is.</summary>
public enum SqlTokenKind : byte
{
    /// <summary>The end of the text; its length is 0.</summary>
    End,

    /// <summary>An unquoted word: a keyword or a name.</summary>
    Word,

    /// <summary>A name in backticks, or in double quotes under ANSI_QUOTES.</summary>
    QuotedName,

    /// <summary>A string in single quotes, or in double quotes without ANSI_QUOTES.</summary>
    Text,

    /// <summary><c>N'...'</c>: a string in the national character set (utf8mb3).</summary>
    NationalText,

    /// <summary><c>x'...'</c>.</summary>
    HexText,

    /// <summary><c>b'...'</c>.</summary>
    BitText,

    /// <summary><c>$tag$...$tag$</c>, the body of a MySQL 9 stored program in another language.</summary>
    DollarText,

    /// <summary>Digits.</summary>
    Integer,

    /// <summary>Digits with a point.</summary>
    Decimal,

    /// <summary>A number with an exponent.</summary>
    Float,

    /// <summary><c>0x...</c>.</summary>
    HexNumber,

    /// <summary><c>0b...</c>.</summary>
    BitNumber,

    /// <summary><c>@name</c>, <c>@'name'</c>, also the <c>@host</c> part of an account.</summary>
    UserVariable,

    /// <summary><c>@@name</c>.</summary>
    SystemVariable,

    /// <summary><c>?</c>.</summary>
    Parameter,

    /// <summary><c>.</c>.</summary>
    Dot,

    /// <summary><c>,</c>.</summary>
    Comma,

    /// <summary><c>(</c>.</summary>
    OpenParenthesis,

    /// <summary><c>)</c>.</summary>
    CloseParenthesis,

    /// <summary><c>;</c>.</summary>
    Semicolon,

    /// <summary>Any other sign: <c>=</c>, <c>:=</c>, <c>&lt;=&gt;</c>, <c>-&gt;&gt;</c>, ...</summary>
    Operator,

    /// <summary>A byte that cannot stand there, or a string, name or comment that is not closed (it reaches to the end of the text).</summary>
    Invalid,

    /// <summary>Spaces, tabs and line ends.</summary>
    Whitespace,

    /// <summary>A comment, also a version comment that this server skips.</summary>
    Comment,

    /// <summary>The beginning of a version comment that this server executes, for example <c>/*!50100</c>; what follows is code.</summary>
    VersionCommentStart,

    /// <summary>The <c>*/</c> that ends a version comment.</summary>
    VersionCommentEnd,
}

/// <summary>A piece of SQL text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">The offset of its first byte.</param>
/// <param name="Length">Its length in bytes, quotes included.</param>
public readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length)
{
    /// <summary>The offset just behind it.</summary>
    public int End => Start + Length;

    /// <summary>Whether it carries no meaning: space, a comment, or the mark of a version comment.</summary>
    public bool IsTrivia => Kind >= SqlTokenKind.Whitespace;

    /// <summary>Whether it can name an object.</summary>
    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;
}
