using TiFerry.Core.Routing;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Routes;

/// <summary>
/// What of a target table belongs to some source tables and to no others: the whole table, or, where columns are extracted from the source's
/// names, the rows with their values. It can be emptied without touching what else the table holds.
/// </summary>
/// <param name="Table">The table on the target.</param>
/// <param name="Extracted">The extracted columns; empty for the whole table.</param>
internal readonly record struct TargetPart(TableName Table, IReadOnlyList<ExtractedColumn> Extracted)
{
    /// <summary>Whether it is all of the table.</summary>
    public bool IsWholeTable => Extracted.Count == 0;

    /// <summary>The condition that its rows, and only they, fulfil; empty for the whole table.</summary>
    public string Condition => string.Join(" AND ", Extracted.Select(c => $"{TableName.Quote(c.Name)} = {Literal(c)}"));

    /// <summary>An extracted value in SQL; named as UTF-8, because sessions speak bytes.</summary>
    public static string Literal(ExtractedColumn column) => $"_utf8mb4{SqlText.Literal(column.Value)}";

    /// <inheritdoc/>
    public bool Equals(TargetPart other) =>
        Table == other.Table && Values(Extracted).SequenceEqual(Values(other.Extracted), StringComparer.OrdinalIgnoreCase);

    // Most collations take letter case and spaces at the end for nothing; parts that might be one must not count as two.
    private static IEnumerable<string> Values(IReadOnlyList<ExtractedColumn> extracted) =>
        extracted.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase).SelectMany(c => (string[])[c.Name, c.Value.TrimEnd()]);

    /// <inheritdoc/>
    public override int GetHashCode() => Table.GetHashCode();
}
