using System.Buffers;
using System.Text;
using TiFerry.MySql;

namespace TiFerry.Schema.Lexing;

/// <summary>
/// Cuts SQL text into tokens as the server's own lexer does (MySQL manual "Language Structure", MariaDB "Lexical Structure").
/// Never throws and never stops early: whatever cannot be read is an <see cref="SqlTokenKind.Invalid"/> token.
/// The text is UTF-8 (or any character set in which ASCII bytes stand for ASCII only: not sjis, gbk or big5).
/// A copy of the lexer is a bookmark: it goes on from where the original was.
/// </summary>
public ref struct SqlLexer
{
    private static readonly SearchValues<byte> SpaceBytes = SearchValues.Create(" \t\n\v\f\r"u8);
    private static readonly SearchValues<byte> NameBytes = CreateNameBytes();
    private static readonly SearchValues<byte> HostBytes = CreateNameBytes((byte)'.');
    private static readonly SearchValues<byte> DigitBytes = SearchValues.Create("0123456789"u8);
    private static readonly SearchValues<byte> HexBytes = SearchValues.Create("0123456789abcdefABCDEF"u8);
    private static readonly SearchValues<byte> BitBytes = SearchValues.Create("01"u8);

    private readonly ReadOnlySpan<byte> _sql;
    private readonly SqlDialect _dialect;
    private int _at;
    private bool _inVersionComment;

    // The last token, when it was directly followed by the current position: "a.1b" is two names only without spaces.
    private SqlTokenKind _previous;

    /// <summary>Starts at the beginning of <paramref name="sql"/>.</summary>
    public SqlLexer(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        _sql = sql;
        _dialect = dialect;
        _at = 0;
        _inVersionComment = false;
        _previous = SqlTokenKind.End;
    }

    /// <summary>The whole text.</summary>
    public readonly ReadOnlySpan<byte> Text => _sql;

    /// <summary>The offset of the next unread byte.</summary>
    public readonly int Position => _at;

    /// <summary>Whether the next token stands inside a version comment.</summary>
    public readonly bool InVersionComment => _inVersionComment;

    /// <summary>The next token that means something; <see cref="SqlTokenKind.End"/> at the end and ever after.</summary>
    public SqlToken Next()
    {
        SqlToken token;
        do
            token = NextWithTrivia();
        while (token.IsTrivia);
        return token;
    }

    /// <summary>The next token, spaces and comments included: together they are the whole text without a gap.</summary>
    public SqlToken NextWithTrivia()
    {
        var start = _at;
        if (start >= _sql.Length)
            return new SqlToken(SqlTokenKind.End, _sql.Length, 0);
        var kind = Scan();
        _previous = kind;
        return new SqlToken(kind, start, _at - start);
    }

    /// <summary>The bytes of a token.</summary>
    public readonly ReadOnlySpan<byte> Slice(SqlToken token) => _sql.Slice(token.Start, token.Length);

    /// <summary>Whether the token is this keyword, in any letter case; a quoted name never is one.</summary>
    public readonly bool Is(SqlToken token, ReadOnlySpan<byte> keyword)
        => token.Kind == SqlTokenKind.Word && token.Length == keyword.Length && Ascii.EqualsIgnoreCase(Slice(token), keyword);

    /// <summary>Whether the token is this operator.</summary>
    public readonly bool IsOperator(SqlToken token, ReadOnlySpan<byte> sign)
        => token.Kind == SqlTokenKind.Operator && Slice(token).SequenceEqual(sign);

    /// <summary>The name that a <see cref="SqlTokenKind.Word"/> or <see cref="SqlTokenKind.QuotedName"/> token stands for, unquoted.</summary>
    public readonly string NameOf(SqlToken token)
    {
        var text = Slice(token);
        if (token.Kind != SqlTokenKind.QuotedName)
            return Encoding.UTF8.GetString(text);
        var quote = text[0];
        var name = Encoding.UTF8.GetString(text[1..^1]);
        return text[1..^1].Contains(quote) ? name.Replace(new string((char)quote, 2), ((char)quote).ToString(), StringComparison.Ordinal) : name;
    }

    /// <summary>
    /// The value of a <see cref="SqlTokenKind.Text"/> or <see cref="SqlTokenKind.NationalText"/> token as bytes, with quotes and
    /// escapes resolved (manual: "String Literals"; <c>\%</c> and <c>\_</c> keep their backslash).
    /// </summary>
    public readonly byte[] ValueOf(SqlToken token)
    {
        var text = Slice(token);
        var open = text.IndexOfAny((byte)'\'', (byte)'"');
        var quote = text[open];
        var body = text[(open + 1)..^1];
        var value = new byte[body.Length];
        var length = 0;
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] == quote)
            {
                i++;
                value[length++] = quote;
            }
            else if (body[i] == '\\' && _dialect.HasBackslashEscapes)
            {
                i++;
                if (body[i] is (byte)'%' or (byte)'_')
                    value[length++] = (byte)'\\';
                value[length++] = Unescape(body[i]);
            }
            else
            {
                value[length++] = body[i];
            }
        }

        return value.AsSpan(0, length).ToArray();
    }

    private static byte Unescape(byte letter) => letter switch
    {
        (byte)'0' => 0,
        (byte)'b' => (byte)'\b',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'Z' => 26,
        _ => letter,
    };

    private SqlTokenKind Scan()
    {
        var c = _sql[_at];
        switch (c)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\v' or (byte)'\f' or (byte)'\r':
                SkipAll(SpaceBytes);
                return SqlTokenKind.Whitespace;
            case (byte)'#':
                return ScanLineComment();
            case (byte)'-' when IsDashComment():
                return ScanLineComment();
            case (byte)'/' when Peek(1) == '*':
                return ScanBlockComment();
            case (byte)'*' when _inVersionComment && Peek(1) == '/':
                _at += 2;
                _inVersionComment = false;
                return SqlTokenKind.VersionCommentEnd;
            case (byte)'\'':
                return ScanQuoted(c, _dialect.HasBackslashEscapes, SqlTokenKind.Text);
            case (byte)'"':
                return _dialect.HasAnsiQuotes
                    ? ScanQuoted(c, backslashEscapes: false, SqlTokenKind.QuotedName)
                    : ScanQuoted(c, _dialect.HasBackslashEscapes, SqlTokenKind.Text);
            case (byte)'`':
                return ScanQuoted(c, backslashEscapes: false, SqlTokenKind.QuotedName);
            case (byte)'@':
                return ScanVariable();
            case (byte)'.':
                return ScanDot();
            case (byte)',':
                return One(SqlTokenKind.Comma);
            case (byte)'(':
                return One(SqlTokenKind.OpenParenthesis);
            case (byte)')':
                return One(SqlTokenKind.CloseParenthesis);
            case (byte)';':
                return One(SqlTokenKind.Semicolon);
            case (byte)'?':
                return One(SqlTokenKind.Parameter);
            case >= (byte)'0' and <= (byte)'9' when _previous != SqlTokenKind.Dot:
                return ScanNumber();
            case (byte)'$' when IsDollarText(out var length):
                _at += length;
                return SqlTokenKind.DollarText;
            default:
                return NameBytes.Contains(c) ? ScanWord(c) : ScanOperator(c);
        }
    }

    private SqlTokenKind ScanWord(byte first)
    {
        if (_previous != SqlTokenKind.Dot && Peek(1) == '\'')
        {
            switch (first)
            {
                case (byte)'n' or (byte)'N':
                    _at++;
                    return ScanQuoted((byte)'\'', _dialect.HasBackslashEscapes, SqlTokenKind.NationalText);
                case (byte)'x' or (byte)'X':
                    _at++;
                    return ScanQuoted((byte)'\'', backslashEscapes: false, SqlTokenKind.HexText);
                case (byte)'b' or (byte)'B':
                    _at++;
                    return ScanQuoted((byte)'\'', backslashEscapes: false, SqlTokenKind.BitText);
                default:
                    break;
            }
        }

        SkipAll(NameBytes);
        return SqlTokenKind.Word;
    }

    private SqlTokenKind ScanNumber()
    {
        if (_sql[_at] == '0' && ScanPrefixed((byte)'x', HexBytes))
            return SqlTokenKind.HexNumber;
        if (_sql[_at] == '0' && ScanPrefixed((byte)'b', BitBytes))
            return SqlTokenKind.BitNumber;

        SkipAll(DigitBytes);
        if (Peek(0) is 'e' or 'E' && TakeExponent())
            return SqlTokenKind.Float;
        if (Peek(0) == '.')
        {
            _at++;
            return ScanFraction();
        }

        // Names may begin with digits: 1st, 2024_orders.
        if (Peek(0) is var c and >= 0 && NameBytes.Contains((byte)c))
        {
            SkipAll(NameBytes);
            return SqlTokenKind.Word;
        }

        return SqlTokenKind.Integer;
    }

    private SqlTokenKind ScanFraction()
    {
        SkipAll(DigitBytes);
        return Peek(0) is 'e' or 'E' && TakeExponent() ? SqlTokenKind.Float : SqlTokenKind.Decimal;
    }

    private bool TakeExponent()
    {
        var digits = Peek(1) is '+' or '-' ? 2 : 1;
        if (Peek(digits) is not (>= '0' and <= '9'))
            return false;
        _at += digits;
        SkipAll(DigitBytes);
        return true;
    }

    private bool ScanPrefixed(byte letter, SearchValues<byte> digits)
    {
        if (Peek(1) != letter)
            return false;
        var rest = _sql[(_at + 2)..];
        var length = rest.IndexOfAnyExcept(digits);
        if (length < 0)
            length = rest.Length;
        if (length == 0 || (length < rest.Length && NameBytes.Contains(rest[length])))
            return false;
        _at += 2 + length;
        return true;
    }

    private SqlTokenKind ScanDot()
    {
        // After a name a dot always joins: in "t.5e3" the second part is a name.
        var joins = _previous is SqlTokenKind.Word or SqlTokenKind.QuotedName or SqlTokenKind.SystemVariable;
        _at++;
        return !joins && Peek(0) is >= '0' and <= '9' ? ScanFraction() : SqlTokenKind.Dot;
    }

    private SqlTokenKind ScanVariable()
    {
        _at++;
        switch (Peek(0))
        {
            case '@':
                _at++;
                SkipAll(NameBytes);
                return SqlTokenKind.SystemVariable;
            case '\'' or '"' or '`':
                return ScanQuoted(_sql[_at], backslashEscapes: Peek(0) != '`' && _dialect.HasBackslashEscapes, SqlTokenKind.UserVariable);
            case var c and >= 0 when HostBytes.Contains((byte)c):
                SkipAll(HostBytes);
                return SqlTokenKind.UserVariable;
            default:
                return SqlTokenKind.Operator;
        }
    }

    private SqlTokenKind ScanQuoted(byte quote, bool backslashEscapes, SqlTokenKind kind)
    {
        _at++;
        while (true)
        {
            var rest = _sql[_at..];
            var stop = backslashEscapes ? rest.IndexOfAny(quote, (byte)'\\') : rest.IndexOf(quote);
            var width = stop >= 0 && (rest[stop] == '\\' || (stop + 1 < rest.Length && rest[stop + 1] == quote)) ? 2 : 1;
            if (stop < 0 || stop + width > rest.Length)
            {
                _at = _sql.Length;
                return SqlTokenKind.Invalid;
            }

            _at += stop + width;
            if (width == 1)
                return kind;
        }
    }

    private SqlTokenKind ScanLineComment()
    {
        var length = _sql[_at..].IndexOf((byte)'\n');
        _at = length < 0 ? _sql.Length : _at + length + 1;
        return SqlTokenKind.Comment;
    }

    // "--" begins a comment only before a space, a control character or the end of the text.
    private readonly bool IsDashComment() => Peek(1) == '-' && Peek(2) is (<= ' ' or 127);

    private SqlTokenKind ScanBlockComment()
    {
        var (executes, markLength) = ReadCommentMark();
        if (executes)
        {
            _at += markLength;
            _inVersionComment = true;
            return SqlTokenKind.VersionCommentStart;
        }

        return SkipBlockComment(nested: markLength > 2);
    }

    /// <summary>Whether the server executes the comment that begins here, and how long its mark is ("/*", "/*!50100", "/*T![ttl]").</summary>
    private readonly (bool Executes, int Length) ReadCommentMark()
    {
        switch (Peek(2))
        {
            case '!':
                return ReadVersionMark(3);
            case 'M' when Peek(3) == '!':
                return _dialect.Flavour == ServerFlavour.MariaDb ? ReadVersionMark(4) : (false, 2);
            case 'T' when Peek(3) == '!' && _dialect.Flavour == ServerFlavour.TiDb:
                var close = Peek(4) == '[' ? _sql[_at..].IndexOf((byte)']') : 3;
                return close < 0 ? (false, 2) : (true, close + 1);
            default:
                return (false, 2);
        }
    }

    private readonly (bool Executes, int Length) ReadVersionMark(int length)
    {
        var isMariaDbMark = length == 4;
        var digits = 0;
        var version = 0;
        var maxDigits = _dialect.Flavour == ServerFlavour.MySql && _dialect.Version < 80000 ? 5 : 6;
        while (digits < maxDigits && Peek(length + digits) is >= '0' and <= '9' and var digit)
        {
            version = (version * 10) + (digit - '0');
            digits++;
        }

        // Fewer than five digits are not a version but the first token of the code.
        if (digits < 5)
            return (true, length);
        var executes = _dialect.Flavour switch
        {
            ServerFlavour.TiDb => true,
            // MariaDB leaves out what was written for MySQL 5.7 and later.
            ServerFlavour.MariaDb => version <= _dialect.Version && (isMariaDbMark || version is < 50700 or > 99999),
            _ => version <= _dialect.Version,
        };
        return (executes, length + digits);
    }

    // A skipped version comment may hold plain comments, one level deep.
    private SqlTokenKind SkipBlockComment(bool nested)
    {
        _at += 2;
        var depth = 1;
        while (depth > 0)
        {
            var rest = _sql[_at..];
            var stop = nested && depth == 1 ? IndexOfCommentSign(rest) : rest.IndexOf("*/"u8);
            if (stop < 0)
            {
                _at = _sql.Length;
                return SqlTokenKind.Invalid;
            }

            depth += rest[stop] == '*' ? -1 : 1;
            _at += stop + 2;
        }

        return SqlTokenKind.Comment;
    }

    private static int IndexOfCommentSign(ReadOnlySpan<byte> text)
    {
        var close = text.IndexOf("*/"u8);
        var open = text.IndexOf("/*"u8);
        return open >= 0 && open < close ? open : close;
    }

    // Dollar quoting came with MySQL 9.0; before that $ is a letter like others.
    private readonly bool IsDollarText(out int length)
    {
        length = 0;
        if (_dialect.Flavour != ServerFlavour.MySql || _dialect.Version < 90000)
            return false;
        var rest = _sql[_at..];
        var tag = rest[1..].IndexOf((byte)'$') + 2;
        if (tag < 2 || rest[..tag].ContainsAnyExcept(NameBytes))
            return false;
        var close = rest[tag..].IndexOf(rest[..tag]);
        length = close < 0 ? 0 : (tag * 2) + close;
        return close >= 0;
    }

    private SqlTokenKind ScanOperator(byte first)
    {
        var length = OperatorLength(first);
        _at += Math.Max(length, 1);
        return length == 0 ? SqlTokenKind.Invalid : SqlTokenKind.Operator;
    }

    private readonly int OperatorLength(byte first) => ((char)first, Peek(1), Peek(2)) switch
    {
        ('<', '=', '>') or ('-', '>', '>') => 3,
        ('<', '=' or '>' or '<', _) or ('>', '=' or '>', _) or ('!', '=', _) or (':', '=', _) or ('&', '&', _) or ('|', '|', _) or ('-', '>', _) => 2,
        ('\\', 'N', _) => 2,
        ('=' or '<' or '>' or '!' or '+' or '-' or '*' or '/' or '%' or '^' or '~' or '&' or '|' or ':' or '{' or '}', _, _) => 1,
        _ => 0,
    };

    private SqlTokenKind One(SqlTokenKind kind)
    {
        _at++;
        return kind;
    }

    private readonly int Peek(int distance) => _at + distance < _sql.Length ? _sql[_at + distance] : -1;

    private void SkipAll(SearchValues<byte> bytes)
    {
        var length = _sql[_at..].IndexOfAnyExcept(bytes);
        _at = length < 0 ? _sql.Length : _at + length;
    }

    private static SearchValues<byte> CreateNameBytes(params ReadOnlySpan<byte> more)
    {
        var bytes = new List<byte>(more.ToArray()) { (byte)'$', (byte)'_' };
        for (var c = 0; c <= byte.MaxValue; c++)
        {
            if (c >= 128 || char.IsAsciiLetterOrDigit((char)c))
                bytes.Add((byte)c);
        }

        return SearchValues.Create([.. bytes]);
    }
}
