using System.Text;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Dm.Control.Commands;

/// <summary>SQL statements given as operands.</summary>
internal static class StatementList
{
    private static readonly SqlDialect[] Dialects = [SqlDialect.MySql, SqlDialect.MariaDb, SqlDialect.TiDb];

    /// <summary>The statements, each with its semicolon where it has one.</summary>
    /// <exception cref="ControlException">There is none, or one can't be read.</exception>
    public static IReadOnlyList<string> Parse(IEnumerable<string> operands)
    {
        var text = TrimQuotes(string.Join(' ', operands).Trim());
        var statements = Split(text);
        if (statements.Count == 0)
            throw new ControlException("no valid SQLs");
        foreach (var statement in statements)
        {
            if (Fault(statement) is { } fault)
                throw new ControlException($"invalid sql '{text}': {fault}");
        }
        return statements;
    }

    /// <summary>A text without double quotes around it.</summary>
    public static string TrimQuotes(string text) => text.Length > 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;

    private static List<string> Split(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var lexer = new SqlLexer(bytes, SqlDialect.MySql);
        var statements = new List<string>();
        var start = 0;
        var isEmpty = true;
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
        {
            if (token.Kind != SqlTokenKind.Semicolon)
            {
                isEmpty = false;
                continue;
            }
            if (!isEmpty)
                statements.Add(Encoding.UTF8.GetString(bytes.AsSpan(start..token.End)).Trim());
            start = token.End;
            isEmpty = true;
        }
        if (!isEmpty)
            statements.Add(Encoding.UTF8.GetString(bytes.AsSpan(start)).Trim());
        return statements;
    }

    // The dialect of the target isn't known here, so a statement that any of them can read will do.
    private static string? Fault(string statement)
    {
        var bytes = Encoding.UTF8.GetBytes(statement.TrimEnd(';', ' '));
        string? first = null;
        foreach (var dialect in Dialects)
        {
            if (DdlParser.Read(bytes, dialect) is not UnknownStatement unknown)
                return null;
            first ??= unknown.Error;
        }
        return first;
    }
}
