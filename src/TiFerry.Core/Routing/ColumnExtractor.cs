namespace TiFerry.Core.Routing;

/// <summary>
/// <c>extract-table</c>, <c>extract-schema</c> or <c>extract-source</c> of a route: a part of a name becomes the value of a column that the
/// target's table has more than the source's.
/// </summary>
/// <param name="Regexp">A regular expression in Go's syntax; what its groups catch, one after the other, is the value. Where it doesn't match, the value is empty.</param>
/// <param name="TargetColumn">The column.</param>
public sealed record ColumnExtractor(string Regexp, string TargetColumn);
