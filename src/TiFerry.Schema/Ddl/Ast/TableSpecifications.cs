namespace TiFerry.Schema.Ddl.Ast;

/// <summary>RENAME [TO] name.</summary>
public sealed record RenameTo(ObjectName NewName) : AlterSpecification
{
    /// <inheritdoc/>
    public override ObjectName? OtherTable => NewName;
}

/// <summary>CONVERT TO CHARACTER SET.</summary>
/// <param name="Charset">In lower case; null for DEFAULT, the database's.</param>
/// <param name="Collation">In lower case; null for none written.</param>
public sealed record ConvertToCharset(string? Charset, string? Collation) : AlterSpecification;

/// <summary>A table option; [DEFAULT] CHARACTER SET and COLLATE are options like others.</summary>
public sealed record SetTableOption(OptionClause Option) : AlterSpecification;

/// <summary>ORDER BY columns.</summary>
public sealed record OrderRowsBy(NodeList<KeyPart> Columns) : AlterSpecification;

/// <summary>DISCARD TABLESPACE, IMPORT TABLESPACE.</summary>
public sealed record MoveTablespace(bool IsImport) : AlterSpecification;

/// <summary>FORCE: the table is rebuilt.</summary>
public sealed record Force : AlterSpecification;

/// <summary>ALGORITHM=, how the change is made.</summary>
/// <param name="Value">In upper case.</param>
public sealed record AlgorithmClause(string Value) : AlterSpecification;

/// <summary>LOCK=, who may use the table meanwhile.</summary>
/// <param name="Value">In upper case.</param>
public sealed record LockClause(string Value) : AlterSpecification;

/// <summary>WITH VALIDATION, WITHOUT VALIDATION: whether new generated values are checked.</summary>
public sealed record ValidationClause(bool IsWith) : AlterSpecification;

/// <summary>What does not change the definition in a way that replication has to follow, kept as text: SECONDARY_LOAD, TiDB's SET TIFLASH REPLICA, CACHE, NOCACHE, ATTRIBUTES, STATS_OPTIONS, REMOVE TTL, ...</summary>
/// <param name="Keyword">Its leading words in upper case, for example <c>SET TIFLASH REPLICA</c>.</param>
/// <param name="Text">The whole of it.</param>
public sealed record OtherSpecification(string Keyword, SqlExpression Text) : AlterSpecification;
