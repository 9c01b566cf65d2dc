namespace TiFerry.Diff;

/// <summary>What a comparison found.</summary>
/// <param name="Tables">All tables by name, equal ones too.</param>
public sealed record ComparisonResult(IReadOnlyList<TableComparison> Tables)
{
    /// <summary>Whether both sides hold the same rows.</summary>
    public bool IsEqual => Tables.All(t => t.IsEqual);

    /// <summary>The tables that are not equal.</summary>
    public IEnumerable<TableComparison> Differences => Tables.Where(t => !t.IsEqual);

    /// <summary>Rows that were read from the source.</summary>
    public long Rows => Tables.Sum(t => t.SourceRows);
}
