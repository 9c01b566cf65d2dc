namespace TiFerry.Schema.Ddl.Ast;

/// <summary>ALTER TABLE.</summary>
/// <param name="Name">The table, under its name before the statement.</param>
public sealed record AlterTable(ObjectName Name) : SqlStatement
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }

    /// <summary>IGNORE: rows that collide in a new unique key are dropped.</summary>
    public bool Ignore { get; init; }

    /// <summary>MariaDB's <c>WAIT n</c> or <c>NOWAIT</c>; null for none.</summary>
    public string? Wait { get; init; }

    /// <summary>What is changed, in the order of the text.</summary>
    public NodeList<AlterSpecification> Specifications { get; init; } = [];

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind.AlterTable;

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectName> Objects => [Name, .. Specifications.Select(s => s.OtherTable).OfType<ObjectName>()];

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectRename> Renames => [.. Specifications.OfType<RenameTo>().Select(r => new ObjectRename(Name, r.NewName))];
}

/// <summary>One change of ALTER TABLE.</summary>
public abstract record AlterSpecification : SqlNode
{
    /// <summary>The second table it changes or creates: the new name, the partner of a partition; null for none.</summary>
    public virtual ObjectName? OtherTable => null;
}
