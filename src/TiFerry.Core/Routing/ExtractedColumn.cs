namespace TiFerry.Core.Routing;

/// <summary>A column of the target's table whose value comes from the name of the source's table, schema or source id.</summary>
/// <param name="Name">The column.</param>
/// <param name="Value">Its value in every row of this source table.</param>
public readonly record struct ExtractedColumn(string Name, string Value);
