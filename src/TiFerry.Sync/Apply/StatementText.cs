using System.Text;
using System.Text.RegularExpressions;
using TiFerry.MySql;
using TiFerry.Schema.Lexing;

namespace TiFerry.Sync.Apply;

/// <summary>Statements and server messages for errors and logs: without row values unless they are asked for (<c>--redact=off</c>).</summary>
internal static partial class StatementText
{
    private const int MaxBytes = 4096;
    private const int MaxChars = 300;

    /// <summary>The beginning of a statement.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="redacts">Whether literals become question marks.</param>
    public static string ForMessage(ReadOnlySpan<byte> sql, bool redacts)
    {
        var part = sql[..Math.Min(sql.Length, MaxBytes)];
        var text = redacts ? WithoutLiterals(part) : Encoding.UTF8.GetString(part);
        return text.Length > MaxChars ? $"{text[..MaxChars]}..." : text;
    }

    /// <summary>A server's error whose message holds no quoted values.</summary>
    public static Exception Redact(MySqlServerException error) =>
        new MySqlServerException(error.Code, error.SqlState, Quoted().Replace(error.ServerMessage, "'?'"));

    private static string WithoutLiterals(ReadOnlySpan<byte> sql)
    {
        var text = new StringBuilder();
        var lexer = new SqlLexer(sql, SqlDialect.MySql);
        var end = 0;
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
        {
            if (token.Start > end)
                text.Append(' ');
            text.Append(token.Kind is >= SqlTokenKind.Text and <= SqlTokenKind.BitNumber ? "?" : Encoding.UTF8.GetString(sql.Slice(token.Start, token.Length)));
            end = token.Start + token.Length;
        }
        return text.ToString();
    }

    [GeneratedRegex("'(?:[^']|'')*'(?! for (?:key|column))", RegexOptions.None, 1000)]
    private static partial Regex Quoted();
}
