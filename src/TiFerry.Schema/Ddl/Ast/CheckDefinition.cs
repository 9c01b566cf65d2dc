namespace TiFerry.Schema.Ddl.Ast;

/// <summary>[CONSTRAINT name] CHECK (expression), of a table or in a column. MySQL before 8.0.16 and MariaDB before 10.2 ignore it.</summary>
/// <param name="Expression">The expression without the brackets around it.</param>
public sealed record CheckDefinition(SqlExpression Expression) : TableElement
{
    /// <summary>CONSTRAINT name; null for none, empty for CONSTRAINT without a name.</summary>
    public string? ConstraintName { get; init; }

    /// <summary>MariaDB's IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>False for NOT ENFORCED, true for ENFORCED, null where neither was written.</summary>
    public bool? IsEnforced { get; init; }
}
