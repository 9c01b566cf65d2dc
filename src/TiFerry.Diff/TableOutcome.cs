namespace TiFerry.Diff;

/// <summary>What is known of a table after the comparison.</summary>
public enum TableOutcome
{
    /// <summary>All rows are the same.</summary>
    Equal,

    /// <summary>Rows or columns differ.</summary>
    Different,

    /// <summary>The target has no such table.</summary>
    MissingOnTarget,

    /// <summary>The source has no such table.</summary>
    ExtraOnTarget,

    /// <summary>It was changed while it was compared, so that nothing can be said.</summary>
    ChangedMeanwhile,
}
