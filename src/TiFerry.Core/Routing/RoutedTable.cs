namespace TiFerry.Core.Routing;

/// <summary>Where a source table goes.</summary>
/// <param name="Schema">The target's schema.</param>
/// <param name="Table">The target's table.</param>
/// <param name="Extracted">Columns with a fixed value, in the order table, schema, source; mostly none.</param>
public sealed record RoutedTable(string Schema, string Table, IReadOnlyList<ExtractedColumn> Extracted);
