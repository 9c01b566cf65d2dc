using System.Text;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

/// <summary>
/// A recursive-descent parser over the tokens of one statement. Each method reads one rule of the servers' grammar, from where the reader is to behind
/// it, and throws <see cref="SyntaxErrorException"/> where the text is something else.
/// </summary>
internal ref partial struct DdlReader
{
    private readonly SqlLexer _lexer;
    private readonly SqlDialect _dialect;
    private readonly List<SqlToken> _tokens = [];
    private readonly List<NameReference> _references = [];
    private int _at;

    public DdlReader(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        _dialect = dialect;
        _lexer = new SqlLexer(sql, dialect);
        var lexer = _lexer;
        SqlToken token;
        do
            _tokens.Add(token = lexer.Next());
        while (token.Kind != SqlTokenKind.End);
    }

    private readonly SqlToken Current => _tokens[_at];

    private readonly bool AtStatementEnd => Current.Kind is SqlTokenKind.End or SqlTokenKind.Semicolon;

    private readonly SqlToken Ahead(int distance) => _tokens[Math.Min(_at + distance, _tokens.Count - 1)];

    private readonly bool At(ReadOnlySpan<byte> keyword) => _lexer.Is(Current, keyword);

    private readonly bool At(SqlTokenKind kind) => Current.Kind == kind;

    private readonly bool AtBoth(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => At(first) && NextIs(second);

    private readonly bool NextIs(ReadOnlySpan<byte> keyword) => _lexer.Is(Ahead(1), keyword);

    private readonly bool NextIs(SqlTokenKind kind) => Ahead(1).Kind == kind;

    private readonly bool AtEquals => _lexer.IsOperator(Current, "="u8);

    private readonly bool NextIsEquals => _lexer.IsOperator(Ahead(1), "="u8);

    private void Advance(int count = 1) => _at = Math.Min(_at + count, _tokens.Count - 1);

    private bool Take(ReadOnlySpan<byte> keyword)
    {
        if (!At(keyword))
            return false;
        Advance();
        return true;
    }

    private bool Take(SqlTokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        Advance();
        return true;
    }

    private bool TakeBoth(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!AtBoth(first, second))
            return false;
        Advance(2);
        return true;
    }

    private bool TakeEquals()
    {
        if (!AtEquals)
            return false;
        Advance();
        return true;
    }

    private void Expect(ReadOnlySpan<byte> keyword)
    {
        if (!Take(keyword))
            throw Expected(Encoding.ASCII.GetString(keyword));
    }

    private void Expect(SqlTokenKind kind, string what)
    {
        if (!Take(kind))
            throw Expected(what);
    }

    private void Open() => Expect(SqlTokenKind.OpenParenthesis, "(");

    private void Close() => Expect(SqlTokenKind.CloseParenthesis, ")");

    private bool TakeIfExists() => TakeBoth("IF"u8, "EXISTS"u8);

    private bool TakeIfNotExists()
    {
        if (!TakeBoth("IF"u8, "NOT"u8))
            return false;
        Expect("EXISTS"u8);
        return true;
    }

    /// <summary>MariaDB's lock time-out, <c>WAIT n</c> or <c>NOWAIT</c>.</summary>
    private string? TakeWait()
    {
        if (Take("NOWAIT"u8))
            return "NOWAIT";
        if (!At("WAIT"u8) || Ahead(1).Kind is not (SqlTokenKind.Integer or SqlTokenKind.Decimal))
            return null;
        Advance(2);
        return $"WAIT {Encoding.ASCII.GetString(_lexer.Slice(Ahead(-1)))}";
    }

    /// <summary>The whole of it must have been read, but for semicolons.</summary>
    private T Finish<T>(T statement)
        where T : SqlStatement
    {
        var span = SpanFrom(0);
        while (Take(SqlTokenKind.Semicolon))
        {
        }

        return At(SqlTokenKind.End) ? statement with { References = [.. _references], Span = span } : throw Expected("the end of the statement");
    }

    private readonly SyntaxErrorException Expected(string what) => new(
        At(SqlTokenKind.End) ? $"{what} expected, but the statement ends"
        : At(SqlTokenKind.Invalid) ? $"{what} expected, but here begins a string, name or comment without end, or a sign that SQL does not have"
        : $"{what} expected",
        Current.Start);
}
