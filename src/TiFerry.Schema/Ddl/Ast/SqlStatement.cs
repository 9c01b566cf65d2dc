namespace TiFerry.Schema.Ddl.Ast;

/// <summary>A statement as <see cref="DdlParser"/> reads it.</summary>
public abstract record SqlStatement : SqlNode
{
    /// <summary>What it does.</summary>
    public abstract StatementKind Kind { get; }

    /// <summary>Every name of a table or database in it, in the order of the text; bodies of views, triggers and routines are not looked into.</summary>
    public NodeList<NameReference> References { get; init; } = [];

    /// <summary>
    /// The objects it creates, changes or removes, in the order of the text: tables, views, sequences, routines, ...;
    /// for an index or CREATE TRIGGER the table it belongs to; for a rename old and new name; for EXCHANGE PARTITION both tables.
    /// Empty for statements on databases, transactions and rows.
    /// </summary>
    public virtual IReadOnlyList<ObjectName> Objects => [];

    /// <summary>Old and new names, of RENAME TABLE and ALTER TABLE ... RENAME.</summary>
    public virtual IReadOnlyList<ObjectRename> Renames => [];

    /// <summary>The database that CREATE/ALTER/DROP DATABASE or USE names; null for others and for ALTER DATABASE without a name (the session's).</summary>
    public virtual string? Database => null;

    /// <summary>Whether it is about a table that lives in the source's session only (TEMPORARY).</summary>
    public virtual bool IsTemporary => false;

    /// <summary>Compares what the statement means; <see cref="References"/> follow from it.</summary>
    public virtual bool Equals(SqlStatement? other) => base.Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();
}
