using TiFerry.Binlog;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Ddl;

/// <summary>What a schema change of the source means for the target.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Schema">The database for the target's session; empty where there is none.</param>
/// <param name="Steps">The statements for the target, in order; none where only something has to be remembered.</param>
/// <param name="Position">Its end position in the binlog.</param>
/// <param name="Operation">The digest of the binlog operation that made the plan; empty for none.</param>
internal sealed record DdlPlan(StatementKind Kind, string Schema, IReadOnlyList<DdlStep> Steps, BinlogPosition Position, string Operation = "");

/// <summary>One statement for the target.</summary>
/// <param name="Sql">The statement, UTF-8.</param>
/// <param name="Session">The SET statement that gives the target's session the source's settings.</param>
/// <param name="Objects">The target's objects that it touches.</param>
/// <param name="IsRename">Whether it is RENAME TABLE.</param>
/// <param name="IsShared">Whether its table takes the rows of other tables of the source too, which have the same schema changes.</param>
/// <param name="HasSeveralChanges">Whether it makes several changes at once, so that one of them being there already says nothing of the others.</param>
/// <param name="IsExchange">Whether it exchanges rows between tables and leaves their definitions as they are.</param>
internal sealed record DdlStep(byte[] Sql, string Session, IReadOnlyList<TableName> Objects, bool IsRename, bool IsShared, bool HasSeveralChanges, bool IsExchange);
