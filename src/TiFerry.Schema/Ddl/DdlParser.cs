using TiFerry.Core.Errors;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Schema.Ddl;

/// <summary>Reads statements of MySQL 5.6 to 9, MariaDB 10 to 12 and TiDB, as far as they can stand in a binlog.</summary>
public static class DdlParser
{
    /// <summary>Reads one statement.</summary>
    /// <param name="sql">The statement in UTF-8.</param>
    /// <param name="dialect">The server that wrote it, with the session's sql_mode.</param>
    /// <returns>The statement; <see cref="UnknownStatement"/> where it could not be read.</returns>
    public static SqlStatement Read(ReadOnlySpan<byte> sql, SqlDialect dialect) => new UnknownStatement("not read yet");

    /// <summary>Reads one statement, or says why it can't be read.</summary>
    /// <param name="sql">The statement in UTF-8.</param>
    /// <param name="dialect">The server that wrote it, with the session's sql_mode.</param>
    /// <exception cref="TiFerryException"><see cref="SchemaErrors.CannotParseStatement"/>.</exception>
    public static SqlStatement Parse(ReadOnlySpan<byte> sql, SqlDialect dialect) => Read(sql, dialect) is UnknownStatement unknown
        ? throw new TiFerryException(SchemaErrors.CannotParseStatement, ErrorScope.NotSet, unknown.Error)
        : Read(sql, dialect);
}
