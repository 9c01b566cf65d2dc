using TiFerry.MySql;

namespace TiFerry.Diff.Sessions;

/// <summary>Tells statements that became wrong because somebody changed the table from those that always were.</summary>
internal static class DefinitionChange
{
    /// <summary>Whether a change of the table's definition is behind an error.</summary>
    /// <remarks>MySQL error reference: no such table, column, key or database; table definition changed since the snapshot.</remarks>
    public static bool IsCauseOf(Exception error) => error is MySqlServerException { Code: 1146 or 1054 or 1176 or 1049 or 1412 };
}
