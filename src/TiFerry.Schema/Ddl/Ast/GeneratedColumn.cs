namespace TiFerry.Schema.Ddl.Ast;

/// <summary>Where the value of a generated column is kept.</summary>
public enum GeneratedStorage
{
    /// <summary>Nothing was written: virtual.</summary>
    Unspecified,

    /// <summary>VIRTUAL.</summary>
    Virtual,

    /// <summary>STORED, or MariaDB's PERSISTENT.</summary>
    Stored,
}

/// <summary>GENERATED ALWAYS AS (expression).</summary>
/// <param name="Expression">The expression without the brackets around it.</param>
/// <param name="Storage">Where the value is kept.</param>
public sealed record GeneratedColumn(SqlExpression Expression, GeneratedStorage Storage) : SqlNode;
