using System.Text;
using TiFerry.Schema.Lexing;

namespace TiFerry.Import.Sql;

/// <summary>What the SET statements at the beginning of a file say about its rows.</summary>
/// <param name="CharacterSet">SET NAMES; null where the file does not say.</param>
/// <param name="TimeZone">SET TIME_ZONE; null where the file does not say.</param>
internal readonly record struct FileSettings(string? CharacterSet, string? TimeZone)
{
    /// <summary>Takes a statement in.</summary>
    /// <param name="sql">The statement.</param>
    /// <exception cref="FormatException">It is no SET, or sets what changes how texts are read.</exception>
    public FileSettings With(ReadOnlySpan<byte> sql)
    {
        var result = this;
        var lexer = new SqlLexer(sql, SqlDialect.MySql);
        var token = lexer.Next();
        if (token.Kind is SqlTokenKind.End or SqlTokenKind.Semicolon)
            return result;
        if (!lexer.Is(token, "SET"u8))
            throw new FormatException($"'{Start(sql)}' is neither INSERT nor SET");
        while ((token = lexer.Next()).Kind != SqlTokenKind.End)
        {
            if (lexer.Is(token, "NAMES"u8))
            {
                result = result with { CharacterSet = ValueOf(lexer, lexer.Next()) };
            }
            else if (lexer.Is(token, "TIME_ZONE"u8) && lexer.IsOperator(lexer.Next(), "="u8))
            {
                var value = lexer.Next();
                // A variable takes an earlier setting back, at the end of a file.
                if (value.Kind == SqlTokenKind.Text)
                    result = result with { TimeZone = ValueOf(lexer, value) };
            }
            else if (lexer.Is(token, "SQL_MODE"u8) && lexer.IsOperator(lexer.Next(), "="u8) && lexer.Next() is { Kind: SqlTokenKind.Text } mode)
            {
                var modes = ValueOf(lexer, mode).Split(',', StringSplitOptions.TrimEntries);
                if (modes.FirstOrDefault(m => m.ToUpperInvariant() is "ANSI" or "ANSI_QUOTES" or "NO_BACKSLASH_ESCAPES") is { } unusual)
                    throw new FormatException($"rows written under sql_mode {unusual} can't be loaded");
            }
        }
        return result;
    }

    private static string ValueOf(SqlLexer lexer, SqlToken token) =>
        token.Kind == SqlTokenKind.Text ? Encoding.UTF8.GetString(lexer.ValueOf(token)) : lexer.NameOf(token);

    private static string Start(ReadOnlySpan<byte> sql) => Encoding.UTF8.GetString(sql[..Math.Min(sql.Length, 60)]).ReplaceLineEndings(" ");
}
