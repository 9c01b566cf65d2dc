using System.Globalization;
using System.Text;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Parsing;

internal ref partial struct DdlReader
{
    private string Name(string what)
    {
        if (!Current.IsName)
            throw Expected(what);
        var name = _lexer.NameOf(Current);
        Advance();
        return name;
    }

    /// <summary><c>name</c>, <c>schema.name</c>, <c>.name</c>.</summary>
    private ObjectName Object(ReferenceRole role)
    {
        var start = _at;
        string? schema = null;
        var name = At(SqlTokenKind.Dot) ? "" : Name("the name of a table or another object");
        if (Take(SqlTokenKind.Dot))
            (schema, name) = (name.Length == 0 ? null : name, Name("a name"));

        var result = new ObjectName(schema, name);
        _references.Add(new NameReference(result, role) { Span = SpanFrom(start) });
        return result;
    }

    private NodeList<ObjectName> Objects(ReferenceRole role)
    {
        var names = new List<ObjectName>();
        do
            names.Add(Object(role));
        while (Take(SqlTokenKind.Comma));
        return [.. names];
    }

    private string DatabaseName()
    {
        var start = _at;
        var name = Name("the name of a database");
        _references.Add(new NameReference(new ObjectName(name, ""), ReferenceRole.Database) { Span = SpanFrom(start) });
        return name;
    }

    /// <summary><c>a, b, c</c></summary>
    private NodeList<string> NameList(string what)
    {
        var names = new List<string>();
        do
            names.Add(Name(what));
        while (Take(SqlTokenKind.Comma));
        return [.. names];
    }

    /// <summary><c>(a, b, c)</c>, <c>()</c></summary>
    private NodeList<string> BracketedNames(string what)
    {
        Open();
        if (Take(SqlTokenKind.CloseParenthesis))
            return [];
        var names = NameList(what);
        Close();
        return names;
    }

    private long Number(string what)
    {
        if (!At(SqlTokenKind.Integer) || !long.TryParse(_lexer.Slice(Current), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw Expected(what);
        Advance();
        return number;
    }

    private int SmallNumber(string what)
    {
        var number = Number(what);
        return number <= int.MaxValue ? (int)number : throw new SyntaxErrorException($"{what} is too large", Ahead(-1).Start);
    }

    private long BracketedNumber(string what)
    {
        Open();
        var number = Number(what);
        Close();
        return number;
    }

    private readonly bool AtText => Current.Kind is SqlTokenKind.Text or SqlTokenKind.NationalText;

    /// <summary>One string, or several that the server joins.</summary>
    private string Text(string what)
    {
        if (!AtText)
            throw Expected(what);
        var text = new StringBuilder();
        do
        {
            text.Append(Encoding.UTF8.GetString(_lexer.ValueOf(Current)));
            Advance();
        }
        while (At(SqlTokenKind.Text));
        return text.ToString();
    }

    /// <summary>A character set or collation: a word, a quoted name or a string.</summary>
    private string CharsetName(string what) => (AtText ? Text(what) : Name(what)).ToLowerInvariant();

    private string NameOrText(string what) => AtText ? Text(what) : Name(what);

    private string UpperWord(string what) => Name(what).ToUpperInvariant();

    private readonly TextSpan SpanFrom(int start) =>
        _at <= start ? new TextSpan(Current.Start, 0) : new TextSpan(_tokens[start].Start, _tokens[_at - 1].End - _tokens[start].Start);

    /// <summary>The tokens from <paramref name="start"/> to the current one, which is no part of it.</summary>
    private readonly SqlExpression ExpressionFrom(int start)
    {
        var text = new StringBuilder();
        for (var i = start; i < _at; i++)
        {
            if (i > start && _tokens[i].Start > _tokens[i - 1].End)
                text.Append(' ');
            text.Append(Encoding.UTF8.GetString(_lexer.Slice(_tokens[i])));
        }

        return new SqlExpression(text.ToString()) { Span = SpanFrom(start) };
    }

    /// <summary>One token, or everything from a bracket to the one that closes it.</summary>
    private void SkipGroup()
    {
        var open = Current.Start;
        var depth = 0;
        do
        {
            if (At(SqlTokenKind.OpenParenthesis))
                depth++;
            else if (At(SqlTokenKind.CloseParenthesis))
                depth--;
            else if (Current.Kind is SqlTokenKind.End or SqlTokenKind.Invalid)
                throw depth > 0 ? new SyntaxErrorException("this bracket is not closed", open) : Expected("something");
            Advance();
        }
        while (depth > 0);
    }

    /// <summary><c>( ... )</c>; gives what is between the brackets.</summary>
    private SqlExpression Bracketed()
    {
        if (!At(SqlTokenKind.OpenParenthesis))
            throw Expected("(");
        var start = _at + 1;
        SkipGroup();
        _at--;
        var inner = ExpressionFrom(start);
        _at++;
        return inner;
    }

    /// <summary>Everything up to a comma or closing bracket of this level, or the end of the statement.</summary>
    private SqlExpression UpToComma()
    {
        var start = _at;
        while (!AtStatementEnd && Current.Kind is not (SqlTokenKind.Comma or SqlTokenKind.CloseParenthesis))
            SkipGroup();
        return ExpressionFrom(start);
    }

    private SqlExpression UpToEnd()
    {
        var start = _at;
        while (!AtStatementEnd)
            SkipGroup();
        return ExpressionFrom(start);
    }
}
