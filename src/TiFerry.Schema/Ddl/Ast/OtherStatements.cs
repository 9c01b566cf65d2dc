namespace TiFerry.Schema.Ddl.Ast;

/// <summary>
/// A statement on views, sequences, triggers, routines, events, accounts, things of the server as a whole, or table maintenance, of which only the kind and
/// the objects are read.
/// </summary>
/// <param name="StatementKind">What it does.</param>
/// <param name="Text">The whole statement.</param>
public sealed record ObjectStatement(StatementKind StatementKind, SqlExpression Text) : SqlStatement
{
    /// <summary>The objects it is about.</summary>
    public NodeList<ObjectName> Names { get; init; } = [];

    /// <summary>IF EXISTS.</summary>
    public bool IfExists { get; init; }

    /// <summary>IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>OR REPLACE.</summary>
    public bool OrReplace { get; init; }

    /// <summary>TEMPORARY.</summary>
    public bool Temporary { get; init; }

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind;

    /// <inheritdoc/>
    public override IReadOnlyList<ObjectName> Objects => Names;

    /// <inheritdoc/>
    public override bool IsTemporary => Temporary;
}

/// <summary>A statement that is no definition: on transactions, rows, variables; reading. Nothing but its kind is read.</summary>
/// <param name="StatementKind">What it does.</param>
public sealed record OtherStatement(StatementKind StatementKind) : SqlStatement
{
    /// <summary>The database of USE; null for others.</summary>
    public string? UsedDatabase { get; init; }

    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind;

    /// <inheritdoc/>
    public override string? Database => UsedDatabase;
}

/// <summary>A statement that could not be read; a caller must refuse it.</summary>
/// <param name="Error">Why, with line, column and the text near it.</param>
public sealed record UnknownStatement(string Error) : SqlStatement
{
    /// <inheritdoc/>
    public override StatementKind Kind => StatementKind.Unknown;
}
