namespace TiFerry.Schema.Ddl.Ast;

/// <summary>What happens to the children of a parent that goes or changes.</summary>
public enum ReferentialAction
{
    /// <summary>Nothing was written: the same as <see cref="NoAction"/>.</summary>
    Unspecified,

    /// <summary>RESTRICT.</summary>
    Restrict,

    /// <summary>CASCADE.</summary>
    Cascade,

    /// <summary>SET NULL.</summary>
    SetNull,

    /// <summary>SET DEFAULT.</summary>
    SetDefault,

    /// <summary>NO ACTION.</summary>
    NoAction,
}

/// <summary>REFERENCES table (columns) ...</summary>
/// <param name="Table">The parent.</param>
public sealed record ForeignKeyReference(ObjectName Table) : SqlNode
{
    /// <summary>The parent's columns; empty where none were written.</summary>
    public NodeList<string> Columns { get; init; } = [];

    /// <summary>MATCH: FULL, PARTIAL or SIMPLE; null for none written. No server acts on it.</summary>
    public string? Match { get; init; }

    /// <summary>ON DELETE.</summary>
    public ReferentialAction OnDelete { get; init; }

    /// <summary>ON UPDATE.</summary>
    public ReferentialAction OnUpdate { get; init; }
}

/// <summary>[CONSTRAINT name] FOREIGN KEY [index] (columns) REFERENCES ...</summary>
/// <param name="Reference">The parent.</param>
public sealed record ForeignKeyDefinition(ForeignKeyReference Reference) : TableElement
{
    /// <summary>CONSTRAINT name; null for none, empty for CONSTRAINT without a name.</summary>
    public string? ConstraintName { get; init; }

    /// <summary>The name behind FOREIGN KEY; null for none written.</summary>
    public string? IndexName { get; init; }

    /// <summary>MariaDB's IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>The child's columns.</summary>
    public NodeList<string> Columns { get; init; } = [];
}
