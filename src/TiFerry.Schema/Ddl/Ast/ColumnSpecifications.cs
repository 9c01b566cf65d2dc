namespace TiFerry.Schema.Ddl.Ast;

/// <summary>Where a column goes. The default leaves it at its place, or adds it at the end.</summary>
/// <param name="IsFirst">FIRST.</param>
/// <param name="After">The column of AFTER; null for none.</param>
public readonly record struct ColumnPosition(bool IsFirst, string? After);

/// <summary>ADD [COLUMN] definition [FIRST | AFTER column].</summary>
public sealed record AddColumn(ColumnDefinition Column, ColumnPosition Position = default) : AlterSpecification
{
    /// <summary>MariaDB's IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }
}

/// <summary>ADD [COLUMN] (definition, ...); also keys and constraints may stand between the brackets.</summary>
public sealed record AddColumns(NodeList<TableElement> Elements) : AlterSpecification
{
    /// <summary>MariaDB's IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }
}

/// <summary>DROP [COLUMN] name.</summary>
public sealed record DropColumn(string Name) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>MODIFY [COLUMN] definition [FIRST | AFTER column].</summary>
public sealed record ModifyColumn(ColumnDefinition Column, ColumnPosition Position = default) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>CHANGE [COLUMN] name definition [FIRST | AFTER column].</summary>
public sealed record ChangeColumn(string OldName, ColumnDefinition Column, ColumnPosition Position = default) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>RENAME COLUMN name TO name.</summary>
public sealed record RenameColumn(string OldName, string NewName) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>ALTER [COLUMN] name SET DEFAULT value.</summary>
public sealed record SetColumnDefault(string Name, ColumnDefault Default) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>ALTER [COLUMN] name DROP DEFAULT.</summary>
public sealed record DropColumnDefault(string Name) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>ALTER [COLUMN] name SET VISIBLE | INVISIBLE (MySQL 8.0.23).</summary>
public sealed record SetColumnVisibility(string Name, bool IsVisible) : AlterSpecification;
