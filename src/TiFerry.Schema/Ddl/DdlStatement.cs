namespace TiFerry.Schema.Ddl;

/// <summary>What a statement is and which objects it is about. Immutable.</summary>
public sealed record DdlStatement(StatementKind Kind)
{
    /// <summary>
    /// The objects it creates, changes or removes, in the order of the text: tables, views, sequences, routines, ...;
    /// for an index or a trigger the table it belongs to; for a rename old and new name; for EXCHANGE PARTITION both tables.
    /// Empty for statements on databases, transactions and rows.
    /// </summary>
    public IReadOnlyList<ObjectName> Objects { get; init; } = [];

    /// <summary>Old and new names, of RENAME TABLE and ALTER TABLE ... RENAME.</summary>
    public IReadOnlyList<ObjectRename> Renames { get; init; } = [];

    /// <summary>The database that CREATE/ALTER/DROP DATABASE or USE names; null for others and for ALTER DATABASE without a name (the session's).</summary>
    public string? Database { get; init; }

    /// <summary>The table that CREATE TABLE ... LIKE copies; null for others.</summary>
    public ObjectName? LikeSource { get; init; }

    /// <summary>Whether TEMPORARY was written: such a table lives in the source's session only.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>Whether IF EXISTS was written.</summary>
    public bool IfExists { get; init; }

    /// <summary>Whether IF NOT EXISTS was written.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>Whether OR REPLACE was written.</summary>
    public bool OrReplace { get; init; }

    /// <summary>
    /// Whether a CREATE TABLE ends in START TRANSACTION: MySQL 8.0.21 and later logs CREATE TABLE ... SELECT like this,
    /// with the rows following in the same transaction. See <see cref="DdlText.WithoutStartTransaction"/>.
    /// </summary>
    public bool StartsTransaction { get; init; }
}

/// <summary>One renamed table.</summary>
/// <param name="From">The name before.</param>
/// <param name="To">The name afterwards.</param>
public readonly record struct ObjectRename(ObjectName From, ObjectName To);
