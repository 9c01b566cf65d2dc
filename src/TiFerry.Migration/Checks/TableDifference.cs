using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>What keeps two tables of the source from being merged into one of the target.</summary>
public static class TableDifference
{
    /// <summary>The first difference in columns or unique keys; null where there is none.</summary>
    public static string? Between(Table first, Table other)
    {
        for (var i = 0; i < Math.Max(first.Columns.Count, other.Columns.Count); i++)
        {
            var (a, b) = (first.Columns.ElementAtOrDefault(i), other.Columns.ElementAtOrDefault(i));
            if (a is null || b is null || !a.Name.Equals(b.Name, StringComparison.OrdinalIgnoreCase) || a.ColumnType != b.ColumnType || a.Collation != b.Collation)
                return $"column {i + 1}: {Describe(a)}, {Describe(b)}";
        }
        var keys = Keys(first).ToHashSet(StringComparer.OrdinalIgnoreCase);
        keys.SymmetricExceptWith(Keys(other));
        return keys.Count == 0 ? null : $"unique key {keys.First()}";
    }

    private static string Describe(Column? column) => column is null ? "none" : $"{TableName.Quote(column.Name)} {column.ColumnType}";

    private static IEnumerable<string> Keys(Table table) => table.UniqueKeys.Select(k => $"({string.Join(", ", k.Columns.Select(o => TableName.Quote(table.Columns[o].Name)))})");
}
