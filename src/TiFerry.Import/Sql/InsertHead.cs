using TiFerry.Schema.Lexing;

namespace TiFerry.Import.Sql;

/// <summary>What stands before the rows of an INSERT or REPLACE.</summary>
/// <param name="Schema">The database; null where none is written.</param>
/// <param name="Table">The table.</param>
/// <param name="Columns">The columns; null where none are written.</param>
internal sealed record InsertHead(string? Schema, string Table, IReadOnlyList<string>? Columns)
{
    /// <summary>Reads it.</summary>
    /// <param name="sql">The text from INSERT or REPLACE on.</param>
    /// <param name="isEnd">Whether nothing follows the text.</param>
    /// <param name="length">Its length, VALUES included; <see cref="SqlScanner.Incomplete"/> where the text is too short.</param>
    /// <exception cref="FormatException">It is not of a form that can be loaded.</exception>
    public static InsertHead? Read(ReadOnlySpan<byte> sql, bool isEnd, out int length)
    {
        var lexer = new SqlLexer(sql, SqlDialect.MySql);
        length = SqlScanner.Incomplete;
        var token = lexer.Next();
        do
        {
            token = lexer.Next();
        }
        while (token.Kind == SqlTokenKind.Word && (lexer.Is(token, "INTO"u8) || lexer.Is(token, "IGNORE"u8)));
        string? schema = null;
        var table = token.IsName ? lexer.NameOf(token) : null;
        token = lexer.Next();
        if (token.Kind == SqlTokenKind.Dot)
        {
            token = lexer.Next();
            (schema, table) = (table, token.IsName ? lexer.NameOf(token) : null);
            token = lexer.Next();
        }
        List<string>? columns = null;
        if (token.Kind == SqlTokenKind.OpenParenthesis)
        {
            columns = [];
            token = lexer.Next();
            while (token.IsName)
            {
                columns.Add(lexer.NameOf(token));
                token = lexer.Next();
                if (token.Kind == SqlTokenKind.Comma)
                    token = lexer.Next();
            }
            if (token.Kind == SqlTokenKind.CloseParenthesis)
                token = lexer.Next();
        }
        // What looks complete may go on where the text ends, and the text may end inside a name.
        if (token.End >= sql.Length && !isEnd)
            return null;
        if (table is null || !(lexer.Is(token, "VALUES"u8) || lexer.Is(token, "VALUE"u8)))
            throw new FormatException("only INSERT INTO table (columns) VALUES (...), ... can be loaded");
        length = token.End;
        return new InsertHead(schema, table, columns);
    }
}
