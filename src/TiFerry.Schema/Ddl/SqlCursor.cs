using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl;

/// <summary>Walks over the tokens of a statement with one token in sight, and takes the pieces that statements have in common.</summary>
internal ref struct SqlCursor
{
    private SqlLexer _lexer;

    public SqlCursor(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        _lexer = new SqlLexer(sql, dialect);
        Current = _lexer.Next();
        PreviousEnd = 0;
    }

    /// <summary>The token in sight, not yet taken.</summary>
    public SqlToken Current { get; private set; }

    /// <summary>The offset behind the last token that was taken.</summary>
    public int PreviousEnd { get; private set; }

    public readonly bool AtEnd => Current.Kind == SqlTokenKind.End;

    public readonly bool AtStatementEnd => Current.Kind is SqlTokenKind.End or SqlTokenKind.Semicolon;

    public void Advance()
    {
        PreviousEnd = Current.End;
        Current = _lexer.Next();
    }

    public readonly bool At(ReadOnlySpan<byte> keyword) => _lexer.Is(Current, keyword);

    /// <summary>Whether the token behind the current one is this keyword.</summary>
    public readonly bool NextIs(ReadOnlySpan<byte> keyword)
    {
        var ahead = _lexer;
        return ahead.Is(ahead.Next(), keyword);
    }

    public bool Take(ReadOnlySpan<byte> keyword)
    {
        if (!At(keyword))
            return false;
        Advance();
        return true;
    }

    public bool Take(SqlTokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        Advance();
        return true;
    }

    public bool TakeBoth(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!At(first) || !NextIs(second))
            return false;
        Advance();
        Advance();
        return true;
    }

    public string? TakeName()
    {
        if (!Current.IsName)
            return null;
        var name = _lexer.NameOf(Current);
        Advance();
        return name;
    }

    /// <summary>Takes everything up to the parenthesis that closes the one in sight; without one, a single token.</summary>
    public void SkipGroup()
    {
        var depth = 0;
        do
        {
            if (Current.Kind == SqlTokenKind.OpenParenthesis)
                depth++;
            else if (Current.Kind == SqlTokenKind.CloseParenthesis)
                depth--;
            Advance();
        }
        while (depth > 0 && !AtEnd);
    }
}
