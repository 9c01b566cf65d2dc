namespace TiFerry.Schema.Ddl.Ast;

/// <summary>CREATE INDEX.</summary>
/// <param name="Table">The table.</param>
/// <param name="Key">The new key, with its name.</param>
public sealed record CreateIndex(ObjectName Table, KeyDefinition Key) : SqlStatement
{
    /// <summary>MariaDB's OR REPLACE.</summary>
    public bool OrReplace { get; init; }

    /// <summary>MariaDB's <c>WAIT n</c> or <c>NOWAIT</c>; null for none.</summary>
    public string? Wait { get; init; }

    /// <summary>ALGORITHM and LOCK.</summary>
    public NodeList<AlterSpecification> Clauses { get; init; } = [];

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind.CreateIndex;

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectName> Objects => [Table];
}

/// <summary>DROP INDEX.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">The key; PRIMARY is the primary key.</param>
public sealed record DropIndex(ObjectName Table, string Name) : SqlStatement
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }

    /// <summary>MariaDB's <c>WAIT n</c> or <c>NOWAIT</c>; null for none.</summary>
    public string? Wait { get; init; }

    /// <summary>ALGORITHM and LOCK.</summary>
    public NodeList<AlterSpecification> Clauses { get; init; } = [];

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind.DropIndex;

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectName> Objects => [Table];
}
