namespace TiFerry.Schema.Ddl.Ast;

/// <summary>ADD FOREIGN KEY.</summary>
public sealed record AddForeignKey(ForeignKeyDefinition ForeignKey) : AlterSpecification;

/// <summary>DROP FOREIGN KEY name.</summary>
public sealed record DropForeignKey(string Name) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>ADD CHECK.</summary>
public sealed record AddCheck(CheckDefinition Check) : AlterSpecification;

/// <summary>DROP CHECK name (MySQL 8.0.16).</summary>
public sealed record DropCheck(string Name) : AlterSpecification;

/// <summary>DROP CONSTRAINT name: a check, foreign key, unique key or (PRIMARY) the primary key.</summary>
public sealed record DropConstraint(string Name) : AlterSpecification
{
    /// <summary>MariaDB's IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>ALTER CHECK | CONSTRAINT name [NOT] ENFORCED (MySQL 8.0.16).</summary>
public sealed record SetCheckEnforced(string Name, bool IsEnforced) : AlterSpecification;

/// <summary>MariaDB's ADD PERIOD FOR.</summary>
public sealed record AddPeriod(PeriodDefinition Period) : AlterSpecification;

/// <summary>MariaDB's DROP PERIOD FOR name.</summary>
public sealed record DropPeriod(string Name) : AlterSpecification
{
    /// <summary>IF EXISTS.</summary>
    public bool IfExists { get; init; }
}

/// <summary>MariaDB's ADD SYSTEM VERSIONING, DROP SYSTEM VERSIONING.</summary>
public sealed record SetSystemVersioning(bool IsAdded) : AlterSpecification;
