using System.Text.RegularExpressions;
using TiFerry.Diff.Rows;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Tables;

namespace TiFerry.Diff.Definitions;

/// <summary>Compares what <see cref="TableReader"/> knows of two tables: columns with types, nullability and collations, and unique keys.</summary>
internal static partial class DefinitionComparer
{
    /// <summary>Lists the differences.</summary>
    /// <param name="table">The table on both sides.</param>
    /// <param name="collations">How collations were mapped; null where they must be the same.</param>
    public static List<DefinitionDifference> Compare(ComparedTable table, CollationMapping? collations)
    {
        var differences = new List<DefinitionDifference>();
        foreach (var column in table.Source.Columns.Where(c => !table.Columns.Exists(t => t.Source == c)))
        {
            var isThere = table.Target.Columns.Any(c => string.Equals(c.Name, column.Name, StringComparison.OrdinalIgnoreCase));
            differences.Add(isThere
                ? new DefinitionDifference($"column {TableName.Quote(column.Name)} is not compared: the target generates it, or not all merged tables have it", IsWarning: true)
                : new DefinitionDifference($"column {TableName.Quote(column.Name)} is missing on the target", IsWarning: table.AllowsExtraColumns && column.IsGenerated));
        }
        foreach (var column in table.Target.Columns.Where(c => !table.Columns.Exists(t => t.Target == c)))
        {
            var isKnown = table.Source.Columns.Concat(table.FixedColumns.Select(c => column with { Name = c.Name })).Any(c => string.Equals(c.Name, column.Name, StringComparison.OrdinalIgnoreCase));
            if (!isKnown)
                differences.Add(new DefinitionDifference($"column {TableName.Quote(column.Name)} is only on the target", table.AllowsExtraColumns));
        }
        foreach (var column in table.Columns)
        {
            foreach (var difference in Compare(column.Source, column.Target, collations))
                differences.Add(new DefinitionDifference($"column {TableName.Quote(column.Source.Name)} {difference}", IsWarning: true));
        }
        CompareKeys(table, differences);
        return differences;
    }

    private static IEnumerable<string> Compare(Column source, Column target, CollationMapping? collations)
    {
        var isJson = source.Kind == ColumnKind.Json || target.Kind == ColumnKind.Json;
        // MariaDB's JSON is a LONGTEXT.
        if (PlainType(source) != PlainType(target) && !(isJson && IsJsonLike(source) && IsJsonLike(target)))
            yield return $"is {source.ColumnType} on the source and {target.ColumnType} on the target";
        if (source.IsNullable != target.IsNullable)
            yield return $"is {Nullability(source)} on the source and {Nullability(target)} on the target";
        if (source.IsGenerated != target.IsGenerated)
            yield return $"is {(source.IsGenerated ? "generated" : "not generated")} on the source and {(target.IsGenerated ? "generated" : "not generated")} on the target";
        if (!isJson && source.Collation is { } collation && target.Collation is { } other)
        {
            var expected = collations?.Collation(collation).Name ?? collation;
            if (!string.Equals(LongName(expected), LongName(other), StringComparison.OrdinalIgnoreCase))
                yield return $"has collation {collation} on the source and {other} on the target";
        }
    }

    private static void CompareKeys(ComparedTable table, List<DefinitionDifference> differences)
    {
        var source = table.Source.UniqueKeys.Select(k => Describe(k, table.Source)).ToList();
        var target = table.Target.UniqueKeys.Select(k => Describe(k, table.Target)).ToList();
        foreach (var key in source.Except(target, StringComparer.OrdinalIgnoreCase))
            differences.Add(new DefinitionDifference($"{key} is missing on the target", IsWarning: true));
        foreach (var key in target.Except(source, StringComparer.OrdinalIgnoreCase))
            differences.Add(new DefinitionDifference($"{key} is only on the target", IsWarning: true));
    }

    private static string Describe(TableKey key, Table table)
    {
        var columns = string.Join(", ", key.Columns.Select(o => TableName.Quote(table.Columns[o].Name)));
        return key.IsPrimary ? $"primary key ({columns})" : $"unique key {TableName.Quote(key.Name)} ({columns})";
    }

    private static string Nullability(Column column) => column.IsNullable ? "NULL" : "NOT NULL";

    private static bool IsJsonLike(Column column) => column.Kind is ColumnKind.Json or ColumnKind.Text;

    private static string LongName(string collation) =>
        collation.StartsWith("utf8_", StringComparison.OrdinalIgnoreCase) ? $"utf8mb3_{collation[5..]}" : collation;

    // The display width of whole numbers and of YEAR means nothing (MySQL 8.0.19 no longer prints it), unless zeros fill it; old temporal types are marked by a comment.
    private static string PlainType(Column column)
    {
        var type = OldFormat().Replace(column.ColumnType, "");
        if (column.Kind is ColumnKind.Integer or ColumnKind.Year && !type.Contains("zerofill", StringComparison.OrdinalIgnoreCase))
            type = Width().Replace(type, "");
        return column.Kind is ColumnKind.Enum or ColumnKind.Set ? type : type.ToLowerInvariant().Replace("geomcollection", "geometrycollection", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\(\d+\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Width();

    [GeneratedRegex(@" /\*.*?\*/", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OldFormat();
}
