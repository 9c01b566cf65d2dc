using System.Collections.Frozen;

namespace TiFerry.Core.Filters;

/// <summary>The databases that belong to the server itself and never travel (the list of TiDB's table-filter page).</summary>
public static class SystemSchemas
{
    /// <summary>Their names, in any letter case.</summary>
    public static readonly FrozenSet<string> Names = new[]
    {
        "information_schema", "performance_schema", "metrics_schema", "inspection_schema", "mysql", "sys",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether <paramref name="schema"/> is a system database, in any letter case.</summary>
    public static bool Contains(string schema) => Names.Contains(schema);
}
