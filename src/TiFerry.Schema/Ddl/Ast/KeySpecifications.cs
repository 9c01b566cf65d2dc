namespace TiFerry.Schema.Ddl.Ast;

/// <summary>ADD KEY, UNIQUE, PRIMARY KEY, ...</summary>
public sealed record AddKey(KeyDefinition Key) : AlterSpecification;

/// <summary>DROP KEY name. A key with the name PRIMARY is the primary key.</summary>
public sealed record DropKey(string Name) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>DROP PRIMARY KEY.</summary>
public sealed record DropPrimaryKey : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>RENAME KEY name TO name.</summary>
public sealed record RenameKey(string OldName, string NewName) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>ALTER INDEX name VISIBLE | INVISIBLE.</summary>
public sealed record SetKeyVisibility(string Name, bool IsVisible) : AlterSpecification;

/// <summary>MariaDB's ALTER KEY name [NOT] IGNORED.</summary>
public sealed record SetKeyIgnored(string Name, bool IsIgnored) : AlterSpecification
{
    /// <summary>IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>ENABLE KEYS, DISABLE KEYS.</summary>
public sealed record SetKeysEnabled(bool IsEnabled) : AlterSpecification;
