namespace TiFerry.Dump.Rows;

/// <summary>Rows that one session reads in one go.</summary>
/// <param name="Table">The table.</param>
/// <param name="Number">The range's number, from 0; in the files' names.</param>
/// <param name="Condition">Which rows; empty for all of them.</param>
internal sealed record RowRange(DumpedTable Table, int Number, string Condition);
