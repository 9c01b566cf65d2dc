using TiFerry.Binlog;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Ddl;

/// <summary>A schema change that has to run on the target.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Schema">The session's database; empty where there was none.</param>
/// <param name="Statements">The statements for the target, in order.</param>
/// <param name="Objects">The objects it touches.</param>
/// <param name="Position">Its end position in the binlog.</param>
/// <param name="Session">The SET statement that gives the target's session the source's settings.</param>
internal sealed record DdlPlan(
    StatementKind Kind, string Schema, IReadOnlyList<byte[]> Statements, IReadOnlyList<TableName> Objects, BinlogPosition Position, string Session);
