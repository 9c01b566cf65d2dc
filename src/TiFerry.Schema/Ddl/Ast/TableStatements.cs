namespace TiFerry.Schema.Ddl.Ast;

/// <summary>DROP TABLE.</summary>
/// <param name="Names">The tables.</param>
public sealed record DropTable(NodeList<ObjectName> Names) : SqlStatement
{
    /// <summary>IF EXISTS.</summary>
    public bool IfExists { get; init; }

    /// <summary>TEMPORARY.</summary>
    public bool Temporary { get; init; }

    /// <summary>MariaDB's <c>WAIT n</c> or <c>NOWAIT</c>; null for none.</summary>
    public string? Wait { get; init; }

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind.DropTable;

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectName> Objects => Names;

    /// <inheritdoc/>
    public override bool IsTemporary => Temporary;
}

/// <summary>RENAME TABLE. The renames happen one after another.</summary>
/// <param name="Pairs">Old and new names.</param>
public sealed record RenameTable(NodeList<ObjectRename> Pairs) : SqlStatement
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }

    /// <summary>MariaDB's <c>WAIT n</c> or <c>NOWAIT</c> of the first pair; null for none.</summary>
    public string? Wait { get; init; }

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind.RenameTable;

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectName> Objects => [.. Pairs.SelectMany(p => new[] { p.From, p.To })];

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectRename> Renames => Pairs;
}

/// <summary>TRUNCATE TABLE.</summary>
/// <param name="Name">The table.</param>
public sealed record TruncateTable(ObjectName Name) : SqlStatement
{
    /// <summary>MariaDB's <c>WAIT n</c> or <c>NOWAIT</c>; null for none.</summary>
    public string? Wait { get; init; }

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind.TruncateTable;

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectName> Objects => [Name];
}
