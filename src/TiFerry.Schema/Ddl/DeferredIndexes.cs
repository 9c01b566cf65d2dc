using System.Text;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl;

/// <summary>
/// A table's definition with its plain secondary indexes taken out, to be added when the rows are there: sorting an index once costs a fraction of
/// keeping it up to date row by row. Unique keys stay, because they guard the rows.
/// </summary>
/// <param name="Create">CREATE TABLE without these indexes.</param>
/// <param name="Definitions">Their definitions, as CREATE and ALTER TABLE take them.</param>
public sealed record DeferredIndexes(string Create, IReadOnlyList<string> Definitions)
{
    /// <summary>Divides a definition as SHOW CREATE TABLE prints it.</summary>
    /// <param name="definition">The text.</param>
    /// <param name="dialect">The server that wrote it.</param>
    /// <remarks>
    /// A table with foreign keys keeps all its indexes, since InnoDB would make up those that a foreign key needs; so does an AUTO_INCREMENT column,
    /// which must have one.
    /// </remarks>
    public static DeferredIndexes Of(string definition, SqlDialect dialect)
    {
        var sql = Encoding.UTF8.GetBytes(definition);
        var elements = ElementsOf(sql, dialect);
        string? autoIncrement = null;
        foreach (var element in elements)
        {
            var lexer = new SqlLexer(sql.AsSpan(element), dialect);
            var first = lexer.Next();
            while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
            {
                if (lexer.Is(token, "FOREIGN"u8))
                    return new DeferredIndexes(definition, []);
                if (lexer.Is(token, "AUTO_INCREMENT"u8) && first.Kind == SqlTokenKind.QuotedName)
                    autoIncrement = lexer.NameOf(first);
            }
        }

        var kept = new List<Range>();
        var definitions = new List<string>();
        foreach (var element in elements)
        {
            if (IsPlainIndex(sql.AsSpan(element), dialect, autoIncrement))
            {
                definitions.Add(Encoding.UTF8.GetString(sql.AsSpan(element)).Trim());
            }
            else
            {
                kept.Add(element);
            }
        }
        if (definitions.Count == 0)
            return new DeferredIndexes(definition, []);
        var create = new StringBuilder(definition.Length);
        create.Append(Encoding.UTF8.GetString(sql.AsSpan(..elements[0].Start.Value)));
        create.AppendJoin(',', kept.Select(r => Encoding.UTF8.GetString(sql.AsSpan(r))));
        create.Append(Encoding.UTF8.GetString(sql.AsSpan(elements[^1].End.Value..)));
        return new DeferredIndexes(create.ToString(), definitions);
    }

    /// <summary>The name in one of <see cref="Definitions"/>.</summary>
    public static string NameOf(string definition)
    {
        var lexer = new SqlLexer(Encoding.UTF8.GetBytes(definition), SqlDialect.MySql);
        lexer.Next();
        return lexer.NameOf(lexer.Next());
    }

    // The comma-separated parts of the first bracket.
    private static List<Range> ElementsOf(byte[] sql, SqlDialect dialect)
    {
        var elements = new List<Range>();
        var lexer = new SqlLexer(sql, dialect);
        var depth = 0;
        var start = 0;
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
        {
            if (token.Kind == SqlTokenKind.OpenParenthesis && ++depth == 1)
                start = token.End;
            if (depth == 1 && token.Kind is (SqlTokenKind.Comma or SqlTokenKind.CloseParenthesis))
            {
                elements.Add(start..token.Start);
                start = token.End;
            }
            if (token.Kind == SqlTokenKind.CloseParenthesis && --depth == 0)
                break;
        }
        return elements;
    }

    private static bool IsPlainIndex(ReadOnlySpan<byte> element, SqlDialect dialect, string? autoIncrement)
    {
        var lexer = new SqlLexer(element, dialect);
        if (!lexer.Is(lexer.Next(), "KEY"u8) || lexer.Next().Kind != SqlTokenKind.QuotedName)
            return false;
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
        {
            if (token.Kind == SqlTokenKind.QuotedName && string.Equals(lexer.NameOf(token), autoIncrement, StringComparison.OrdinalIgnoreCase))
                return false;
        }
        return true;
    }
}
