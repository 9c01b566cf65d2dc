using System.Text;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl.Targets;

/// <summary>Writes MySQL's <c>column->'path'</c> and <c>column->>'path'</c> as the functions they stand for.</summary>
internal static class JsonPaths
{
    /// <summary>The expression with functions in place of the operators.</summary>
    public static SqlExpression AsFunctions(SqlExpression expression)
    {
        var sql = Encoding.UTF8.GetBytes(expression.Text);
        var result = new StringBuilder();
        var copied = 0;
        var lexer = new SqlLexer(sql, SqlDialect.MySql);
        var columnStart = 0;
        SqlToken previous = default;
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
        {
            var unquotes = lexer.IsOperator(token, "->>"u8);
            if (unquotes || lexer.IsOperator(token, "->"u8))
            {
                var path = lexer.Next();
                var call = $"JSON_EXTRACT({Text(columnStart, previous.End)}, {Text(path.Start, path.End)})";
                result.Append(Text(copied, columnStart)).Append(unquotes ? $"JSON_UNQUOTE({call})" : call);
                copied = path.End;
                token = path;
            }
            else if (previous.Kind != SqlTokenKind.Dot && token.Kind != SqlTokenKind.Dot)
            {
                // A column's name may have a table's in front of it.
                columnStart = token.Start;
            }

            previous = token;
        }

        return new SqlExpression(result.Append(Text(copied, sql.Length)).ToString());

        string Text(int start, int end) => Encoding.UTF8.GetString(sql.AsSpan(start..end));
    }
}
