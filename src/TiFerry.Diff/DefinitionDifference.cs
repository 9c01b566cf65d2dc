namespace TiFerry.Diff;

/// <summary>A difference between two definitions.</summary>
/// <param name="Text">What differs, naming the column or key; a sentence part.</param>
/// <param name="IsWarning">False where data can't be equal, because a column is on one side only; true for all that does not touch the rows that are there.</param>
public sealed record DefinitionDifference(string Text, bool IsWarning);
