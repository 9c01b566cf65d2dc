using System.Text;
using TiFerry.Core.Errors;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Ddl.Parsing;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl;

/// <summary>
/// Reads statements of MySQL 5.6 to 9, MariaDB 10 to 12 and TiDB, as far as they can stand in a binlog (MySQL manual "Data Definition Statements",
/// MariaDB "Data Definition", TiDB "SQL Statement Reference"). What it cannot read is an error, never a guess.
/// </summary>
public static class DdlParser
{
    private const int NearLength = 60;

    private static readonly SqlStatement Begin = new OtherStatement(StatementKind.Begin);
    private static readonly SqlStatement Commit = new OtherStatement(StatementKind.Commit);

    /// <summary>Reads one statement.</summary>
    /// <param name="sql">The statement in UTF-8.</param>
    /// <param name="dialect">The server that wrote it, with the session's sql_mode.</param>
    /// <returns>The statement; <see cref="UnknownStatement"/> where it could not be read. A statement on tables with more text behind its semicolon can't.</returns>
    public static SqlStatement Read(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        // Nearly every query event is one of these two.
        if (sql.SequenceEqual("BEGIN"u8))
            return Begin;
        if (sql.SequenceEqual("COMMIT"u8))
            return Commit;
        if (StatementKindReader.Read(sql, dialect) is { } other)
            return other;
        try
        {
            return new DdlReader(sql, dialect).Statement();
        }
        catch (SyntaxErrorException error)
        {
            return new UnknownStatement(Describe(sql, error));
        }
    }

    /// <summary>Reads one statement, or says why it can't be read.</summary>
    /// <param name="sql">The statement in UTF-8.</param>
    /// <param name="dialect">The server that wrote it, with the session's sql_mode.</param>
    /// <exception cref="TiFerryException"><see cref="SchemaErrors.CannotParseStatement"/>.</exception>
    public static SqlStatement Parse(ReadOnlySpan<byte> sql, SqlDialect dialect)
    {
        var statement = Read(sql, dialect);
        return statement is UnknownStatement unknown
            ? throw new TiFerryException(SchemaErrors.CannotParseStatement, ErrorScope.NotSet, $"the statement can't be read: {unknown.Error}")
            : statement;
    }

    private static string Describe(ReadOnlySpan<byte> sql, SyntaxErrorException error)
    {
        var before = sql[..error.Offset];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        var line = before.Count((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[lineStart..]) + 1;
        var near = Encoding.UTF8.GetString(sql[error.Offset..Math.Min(sql.Length, error.Offset + NearLength)]).ReplaceLineEndings(" ");
        return near.Length == 0 ? $"line {line}, column {column}: {error.Message}" : $"line {line}, column {column}, near '{near}': {error.Message}";
    }
}
