namespace TiFerry.Schema.Ddl.Ast;

/// <summary>MariaDB's PERIOD FOR name (start, end).</summary>
/// <param name="Name">The period; <c>SYSTEM_TIME</c> for that of system versioning.</param>
/// <param name="Start">The column where it begins.</param>
/// <param name="End">The column where it ends.</param>
public sealed record PeriodDefinition(string Name, string Start, string End) : TableElement
{
    /// <summary>IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }
}
