namespace TiFerry.Diff;

/// <summary>How a row differs.</summary>
public enum RowDifferenceKind
{
    /// <summary>Only the source has it.</summary>
    Missing,

    /// <summary>Only the target has it.</summary>
    Extra,

    /// <summary>Both have it, with different values.</summary>
    Different,

    /// <summary>The source changed it each time it was looked at, so that nothing can be said.</summary>
    Changing,
}

/// <summary>A row that is not the same on both sides. Holds the row's key but no other values.</summary>
/// <param name="Kind">How it differs.</param>
/// <param name="Key">The key as text, for example <c>id=5, code='a'</c>.</param>
/// <param name="Columns">The columns that differ; empty unless both sides have the row.</param>
public sealed record RowDifference(RowDifferenceKind Kind, string Key, IReadOnlyList<string> Columns)
{
    /// <summary>For a report.</summary>
    public override string ToString() => Kind switch
    {
        RowDifferenceKind.Missing => $"missing on the target: {Key}",
        RowDifferenceKind.Extra => $"only on the target: {Key}",
        RowDifferenceKind.Changing => $"still changing: {Key}",
        _ => $"different: {Key} in {string.Join(", ", Columns)}",
    };
}
