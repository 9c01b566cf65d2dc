namespace TiFerry.Schema.Ddl.Ast;

/// <summary>What a name in a statement stands for.</summary>
public enum ReferenceRole
{
    /// <summary>A database that the statement is about; its table part is empty.</summary>
    Database,

    /// <summary>The table, view or sequence that the statement is about.</summary>
    Subject,

    /// <summary>The routine, event or trigger that the statement is about.</summary>
    StoredProgram,

    /// <summary>The new name of a table.</summary>
    RenameTarget,

    /// <summary>The table that CREATE TABLE ... LIKE copies.</summary>
    LikeSource,

    /// <summary>The parent table of a foreign key.</summary>
    ForeignKeyParent,

    /// <summary>The other table of EXCHANGE PARTITION, CONVERT PARTITION or CONVERT TABLE.</summary>
    PartitionPartner,

    /// <summary>A table in UNION=(...) of the MERGE engine.</summary>
    UnionMember,

    /// <summary>The table that a trigger watches.</summary>
    TriggerTable,
}

/// <summary>A name of a database or table as it stands in the text.</summary>
/// <param name="Name">The name; for <see cref="ReferenceRole.Database"/> the schema with an empty object name.</param>
/// <param name="Role">What it stands for.</param>
public sealed record NameReference(ObjectName Name, ReferenceRole Role) : SqlNode;
