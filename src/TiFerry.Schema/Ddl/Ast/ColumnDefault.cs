namespace TiFerry.Schema.Ddl.Ast;

/// <summary>What kind of default a column has.</summary>
public enum DefaultKind
{
    /// <summary>NULL.</summary>
    Null,

    /// <summary>A string, number, date or bit literal, with sign or introducer; TRUE and FALSE.</summary>
    Literal,

    /// <summary>CURRENT_TIMESTAMP or a synonym of it, with or without a precision.</summary>
    CurrentTimestamp,

    /// <summary>Any other expression, bracketed or (MariaDB) not.</summary>
    Expression,
}

/// <summary>The default of a column.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Expression">Its text; brackets around an expression belong to it; every synonym of CURRENT_TIMESTAMP is written <c>CURRENT_TIMESTAMP</c> or <c>CURRENT_TIMESTAMP(n)</c>.</param>
public sealed record ColumnDefault(DefaultKind Kind, SqlExpression Expression) : SqlNode
{
    /// <summary>The text of a string without introducer, or a number with its sign; TRUE and FALSE are 1 and 0. Null for other literals (hexadecimal, bits, dates, introducers) and other kinds.</summary>
    public string? Value { get; init; }
}
