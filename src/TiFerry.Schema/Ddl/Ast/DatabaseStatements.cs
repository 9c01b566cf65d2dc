namespace TiFerry.Schema.Ddl.Ast;

/// <summary>CREATE DATABASE.</summary>
/// <param name="Name">The database.</param>
public sealed record CreateDatabase(string Name) : SqlStatement
{
    /// <summary>MariaDB's OR REPLACE.</summary>
    public bool OrReplace { get; init; }

    /// <summary>IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>CHARACTER SET, COLLATE, ENCRYPTION, COMMENT, PLACEMENT POLICY.</summary>
    public NodeList<OptionClause> Options { get; init; } = [];

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind.CreateDatabase;

    /// <inheritdoc/>
    public override string? Database => Name;
}

/// <summary>ALTER DATABASE.</summary>
/// <param name="Name">The database; null for the session's.</param>
public sealed record AlterDatabase(string? Name) : SqlStatement
{
    /// <summary>CHARACTER SET, COLLATE, ENCRYPTION, READ ONLY, COMMENT, PLACEMENT POLICY, UPGRADE DATA DIRECTORY NAME.</summary>
    public NodeList<OptionClause> Options { get; init; } = [];

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind.AlterDatabase;

    /// <inheritdoc/>
    public override string? Database => Name;
}

/// <summary>DROP DATABASE.</summary>
/// <param name="Name">The database.</param>
public sealed record DropDatabase(string Name) : SqlStatement
{
    /// <summary>IF EXISTS.</summary>
    public bool IfExists { get; init; }

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind.DropDatabase;

    /// <inheritdoc/>
    public override string? Database => Name;
}
