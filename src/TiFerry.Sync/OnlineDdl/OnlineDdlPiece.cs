using TiFerry.Binlog;
using TiFerry.Schema.Ddl.Ast;
using TiFerry.Schema.Lexing;

namespace TiFerry.Sync.OnlineDdl;

/// <summary>A schema change on one table, or one rename: what is left of a statement when it is split.</summary>
/// <param name="Statement">The piece as it was parsed.</param>
/// <param name="Text">Its text in UTF-8.</param>
/// <param name="DefaultSchema">The database of the source's session.</param>
/// <param name="Dialect">The source's dialect with the session's sql_mode.</param>
/// <param name="Position">The end position of its event.</param>
/// <param name="Session">The SET statement that gives a session of the target the source's settings.</param>
public readonly record struct OnlineDdlPiece(SqlStatement Statement, ReadOnlyMemory<byte> Text, string DefaultSchema, SqlDialect Dialect, BinlogPosition Position, string Session);
