using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Schema.Tracking;

/// <summary>Rewrites expressions that are kept as text.</summary>
internal static class ExpressionText
{
    private const SqlMode ReadModes = SqlMode.AnsiQuotes | SqlMode.NoBackslashEscapes | SqlMode.PipesAsConcat;

    /// <summary>The expression as a session with an empty sql_mode has to write it.</summary>
    /// <exception cref="TiFerryException">It joins strings by <c>||</c>, which only PIPES_AS_CONCAT allows.</exception>
    public static SqlExpression Plain(SqlExpression expression, SqlDialect dialect) =>
        (dialect.Mode & ReadModes) == SqlMode.None ? expression : expression with { Text = Rewrite(expression.Text, dialect, Requote) };

    /// <summary>The expression with columns under their new names.</summary>
    /// <param name="expression">In the form of <see cref="Plain"/>.</param>
    /// <param name="renames">New names by old ones.</param>
    /// <param name="dialect">The server.</param>
    public static SqlExpression RenameColumns(SqlExpression expression, IReadOnlyDictionary<string, string> renames, SqlDialect dialect)
    {
        if (renames.Count == 0)
            return expression;
        return expression with
        {
            Text = Rewrite(expression.Text, dialect with { Mode = SqlMode.None }, (token, text, lexer) =>
                token.IsName && !IsCall(lexer, token) && renames.TryGetValue(lexer.NameOf(token), out var name) ? TableName.Quote(name) : text),
        };
    }

    /// <summary>Whether the expression reads one of the columns.</summary>
    public static bool Mentions(SqlExpression expression, IReadOnlySet<string> columns, SqlDialect dialect)
    {
        var lexer = new SqlLexer(Encoding.UTF8.GetBytes(expression.Text), dialect with { Mode = SqlMode.None });
        for (var token = lexer.Next(); token.Kind != SqlTokenKind.End; token = lexer.Next())
        {
            if (token.IsName && !IsCall(lexer, token) && columns.Contains(lexer.NameOf(token)))
                return true;
        }

        return false;
    }

    private static string Requote(SqlToken token, string text, SqlLexer lexer) => token.Kind switch
    {
        SqlTokenKind.QuotedName => TableName.Quote(lexer.NameOf(token)),
        SqlTokenKind.Text => SqlText.Literal(Encoding.UTF8.GetString(lexer.ValueOf(token))),
        SqlTokenKind.NationalText => $"N{SqlText.Literal(Encoding.UTF8.GetString(lexer.ValueOf(token)))}",
        _ => text,
    };

    private static bool IsCall(SqlLexer lexer, SqlToken token) => token.Kind == SqlTokenKind.Word && lexer.Next().Kind == SqlTokenKind.OpenParenthesis;

    private delegate string TokenRewrite(SqlToken token, string text, SqlLexer lexerBehindIt);

    private static string Rewrite(string expression, SqlDialect dialect, TokenRewrite rewrite)
    {
        var lexer = new SqlLexer(Encoding.UTF8.GetBytes(expression), dialect);
        var text = new StringBuilder();
        for (var token = lexer.NextWithTrivia(); token.Kind != SqlTokenKind.End; token = lexer.NextWithTrivia())
        {
            if (dialect.Mode.HasFlag(SqlMode.PipesAsConcat) && lexer.IsOperator(token, "||"u8))
            {
                throw new TiFerryException(SchemaErrors.CannotParseStatement, ErrorScope.Upstream,
                    $"the expression {expression} joins strings by || under the sql_mode PIPES_AS_CONCAT, which can't be kept",
                    "replace the statement by one that uses CONCAT");
            }

            text.Append(rewrite(token, Encoding.UTF8.GetString(lexer.Slice(token)), lexer));
        }

        return text.ToString();
    }
}
