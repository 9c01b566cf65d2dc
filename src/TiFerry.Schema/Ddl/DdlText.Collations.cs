using System.Buffers;
using System.Text;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl;

public static partial class DdlText
{
    /// <summary>
    /// Replaces names of character sets and collations where SQL expects one: behind COLLATE, CHARSET, CHARACTER SET, CHAR SET, SET NAMES and
    /// CONVERT's USING, with or without <c>=</c>, quoted or not, and in introducers (<c>_latin1'text'</c>). Strings, comments and identifiers stay as they are.
    /// </summary>
    /// <param name="sql">The statement.</param>
    /// <param name="dialect">The server that wrote it.</param>
    /// <param name="collation">Gives the collation to write for one in lower case; the same name or null keeps it.</param>
    /// <param name="charset">The same for a character set.</param>
    public static byte[] ReplaceCollations(ReadOnlySpan<byte> sql, SqlDialect dialect, Func<string, string?> collation, Func<string, string?> charset)
    {
        ArgumentNullException.ThrowIfNull(collation);
        ArgumentNullException.ThrowIfNull(charset);
        var result = new ArrayBufferWriter<byte>(sql.Length + 64);
        var copied = 0;
        var lexer = new SqlLexer(sql, dialect);
        SqlToken before = default, previous = default;
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token)
        {
            if (lexer.IsOperator(token, "="u8) && KeywordIntroduces(ref lexer, before, previous) is not null)
                continue;
            var isIntroducer = IsIntroducer(ref lexer, token);
            var replace = isIntroducer ? charset : KeywordIntroduces(ref lexer, before, previous) switch
            {
                true => collation,
                false => charset,
                null => null,
            };
            if (replace is not null && NameIn(ref lexer, token) is { } written && written[(isIntroducer ? 1 : 0)..] is var name
                && replace(name) is { } replacement && replacement != name)
            {
                result.Write(sql[copied..(token.Start + (isIntroducer ? 1 : 0))]);
                result.Write(Encoding.UTF8.GetBytes(replacement));
                copied = token.End;
            }

            (before, previous) = (previous, token);
        }

        result.Write(sql[copied..]);
        return result.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Writes the collation behind every character set that a definition of a table, column or database gives without one: it means the
    /// source's default, and the target may have another. Other statements come back as they are.
    /// </summary>
    /// <param name="sql">The statement.</param>
    /// <param name="dialect">The server that wrote it.</param>
    /// <param name="defaultCollation">The source's default collation of a character set in lower case; null leaves it alone.</param>
    public static byte[] WithExplicitCollations(ReadOnlySpan<byte> sql, SqlDialect dialect, Func<string, string?> defaultCollation)
    {
        ArgumentNullException.ThrowIfNull(defaultCollation);
        var kind = DdlParser.Read(sql, dialect).Kind;
        if (kind is not (StatementKind.CreateTable or StatementKind.CreateTableSelect or StatementKind.AlterTable or StatementKind.CreateDatabase or StatementKind.AlterDatabase))
            return sql.ToArray();

        var places = new List<(int Offset, string Collation)>();
        var options = default(CharsetClause);
        var definition = default(CharsetClause);
        // How deep in parentheses columns are defined: in CREATE TABLE 1; in ALTER TABLE 0 within ADD, MODIFY, CHANGE, CONVERT, 1 within ADD (...).
        const int Nowhere = -1;
        var definitionDepth = kind is StatementKind.CreateTable or StatementKind.CreateTableSelect ? 1 : Nowhere;
        var depth = 0;
        var lexer = new SqlLexer(sql, dialect);
        SqlToken before = default, previous = default;
        while (lexer.Next() is { Kind: not SqlTokenKind.End } token && !lexer.Is(token, "SELECT"u8))
        {
            switch (token.Kind)
            {
                case SqlTokenKind.OpenParenthesis:
                    if (depth++ == 0 && definitionDepth == 0 && OpensColumnList(ref lexer, previous))
                        definitionDepth = 1;
                    break;
                case SqlTokenKind.CloseParenthesis:
                    if (depth-- == definitionDepth)
                        definition.Finish(places, defaultCollation);
                    break;
                case SqlTokenKind.Comma:
                    if (depth == definitionDepth)
                        definition.Finish(places, defaultCollation);
                    if (depth == 0 && kind == StatementKind.AlterTable)
                        definitionDepth = Nowhere;
                    break;
                case SqlTokenKind.Operator when lexer.IsOperator(token, "="u8):
                    continue;
                default:
                    if (depth == 0 && kind == StatementKind.AlterTable && definitionDepth == Nowhere && BeginsSpecification(ref lexer, token))
                        definitionDepth = 0;
                    if (depth == definitionDepth)
                        definition.Read(ref lexer, before, previous, token);
                    else if (depth == 0)
                        options.Read(ref lexer, before, previous, token);
                    break;
            }

            (before, previous) = (previous, token);
        }

        definition.Finish(places, defaultCollation);
        options.Finish(places, defaultCollation);
        places.Sort((x, y) => x.Offset.CompareTo(y.Offset));
        var result = new ArrayBufferWriter<byte>(sql.Length + 64);
        var copied = 0;
        foreach (var (offset, collation) in places)
        {
            result.Write(sql[copied..offset]);
            result.Write(Encoding.UTF8.GetBytes($" COLLATE {collation}"));
            copied = offset;
        }

        result.Write(sql[copied..]);
        return result.WrittenSpan.ToArray();
    }

    private static bool BeginsSpecification(ref SqlLexer lexer, SqlToken token)
        => lexer.Is(token, "ADD"u8) || lexer.Is(token, "MODIFY"u8) || lexer.Is(token, "CHANGE"u8) || lexer.Is(token, "CONVERT"u8);

    // ADD (a INT, b INT), ADD COLUMN (...), ADD COLUMN IF NOT EXISTS (...)
    private static bool OpensColumnList(ref SqlLexer lexer, SqlToken previous)
        => lexer.Is(previous, "ADD"u8) || lexer.Is(previous, "COLUMN"u8) || lexer.Is(previous, "EXISTS"u8);

    /// <summary>What one column's definition, or the options of a table, say about the character set.</summary>
    private struct CharsetClause
    {
        private string? _charset;
        private int _end;
        private bool _isComplete;

        public void Read(ref SqlLexer lexer, SqlToken before, SqlToken previous, SqlToken token)
        {
            // BINARY behind a character set asks for its _bin collation.
            if (lexer.Is(token, "COLLATE"u8) || (lexer.Is(token, "BINARY"u8) && !IntroducesCharset(ref lexer, before, previous)))
                _isComplete = true;
            else if (IntroducesCharset(ref lexer, before, previous))
                (_charset, _end) = (NameIn(ref lexer, token), token.End);
        }

        public void Finish(List<(int Offset, string Collation)> places, Func<string, string?> defaultCollation)
        {
            if (_charset is not null and not "binary" && !_isComplete && defaultCollation(_charset) is { } collation)
                places.Add((_end, collation));
            this = default;
        }

        private static bool IntroducesCharset(ref SqlLexer lexer, SqlToken before, SqlToken previous)
            => lexer.Is(previous, "CHARSET"u8) || (lexer.Is(previous, "SET"u8) && (lexer.Is(before, "CHARACTER"u8) || lexer.Is(before, "CHAR"u8)));
    }

    // True: the next name is a collation. False: a character set. Null: neither.
    private static bool? KeywordIntroduces(ref SqlLexer lexer, SqlToken before, SqlToken previous)
    {
        if (lexer.Is(previous, "COLLATE"u8))
            return true;
        if (lexer.Is(previous, "CHARSET"u8) || lexer.Is(previous, "USING"u8))
            return false;
        if (lexer.Is(previous, "SET"u8) && (lexer.Is(before, "CHARACTER"u8) || lexer.Is(before, "CHAR"u8)))
            return false;
        return lexer.Is(previous, "NAMES"u8) && lexer.Is(before, "SET"u8) ? false : null;
    }

    // _utf8mb4'text', _latin1 x'41'
    private static bool IsIntroducer(ref SqlLexer lexer, SqlToken token)
    {
        if (token.Kind != SqlTokenKind.Word || lexer.Slice(token)[0] != '_')
            return false;
        var ahead = lexer;
        return ahead.Next().Kind is SqlTokenKind.Text or SqlTokenKind.HexText or SqlTokenKind.BitText or SqlTokenKind.HexNumber or SqlTokenKind.BitNumber;
    }

    private static string? NameIn(ref SqlLexer lexer, SqlToken token) => token.Kind switch
    {
        SqlTokenKind.Word or SqlTokenKind.QuotedName => lexer.NameOf(token).ToLowerInvariant(),
        SqlTokenKind.Text => Encoding.UTF8.GetString(lexer.ValueOf(token)).ToLowerInvariant(),
        _ => null,
    };
}
