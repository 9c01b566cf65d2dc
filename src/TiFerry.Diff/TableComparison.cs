using TiFerry.Core.Progress;

namespace TiFerry.Diff;

/// <summary>What the comparison of one table found.</summary>
public sealed record TableComparison
{
    /// <summary>The table.</summary>
    public required TablePair Table { get; init; }

    /// <summary>The verdict.</summary>
    public required TableOutcome Outcome { get; init; }

    /// <summary>Rows read from the source.</summary>
    public long SourceRows { get; init; }

    /// <summary>Rows read from the target.</summary>
    public long TargetRows { get; init; }

    /// <summary>Rows that only the source has.</summary>
    public long MissingRows { get; init; }

    /// <summary>Rows that only the target has. In a table without a key a changed row counts as one missing and one extra.</summary>
    public long ExtraRows { get; init; }

    /// <summary>Rows with different values.</summary>
    public long DifferentRows { get; init; }

    /// <summary>Rows that the source changed each time they were looked at.</summary>
    public long ChangingRows { get; init; }

    /// <summary>Whether so many rows differ that not all of them were counted.</summary>
    public bool HasMore { get; init; }

    /// <summary>The first differing rows; none for a table without a key.</summary>
    public IReadOnlyList<RowDifference> Rows { get; init; } = [];

    /// <summary>What differs in the definitions.</summary>
    public IReadOnlyList<DefinitionDifference> Definitions { get; init; } = [];

    /// <summary>For <see cref="TableOutcome.ChangedMeanwhile"/>: how that was noticed; else null.</summary>
    public string? Reason { get; init; }

    /// <summary>Rows that are not the same.</summary>
    public long Differences => MissingRows + ExtraRows + DifferentRows + ChangingRows;

    /// <summary>Whether all rows are the same. The definitions may still have warnings.</summary>
    public bool IsEqual => Outcome == TableOutcome.Equal;

    /// <summary>One line for a report.</summary>
    public override string ToString() => $"{Table}: {Verdict()}";

    private string Verdict() => Outcome switch
    {
        TableOutcome.Equal => $"equal, {HumanFormat.Count(SourceRows)} rows",
        TableOutcome.MissingOnTarget => "missing on the target",
        TableOutcome.ExtraOnTarget => "only on the target",
        TableOutcome.ChangedMeanwhile => $"changed while it was compared{(Reason is null ? "" : $": {Reason}")}",
        _ => string.Join(", ", Parts()),
    };

    private IEnumerable<string> Parts()
    {
        var more = HasMore ? "at least " : "";
        if (MissingRows > 0)
            yield return $"{more}{HumanFormat.Count(MissingRows)} rows missing on the target";
        if (ExtraRows > 0)
            yield return $"{more}{HumanFormat.Count(ExtraRows)} rows only on the target";
        if (DifferentRows > 0)
            yield return $"{more}{HumanFormat.Count(DifferentRows)} rows different";
        if (ChangingRows > 0)
            yield return $"{HumanFormat.Count(ChangingRows)} rows still changing";
        foreach (var definition in Definitions.Where(d => !d.IsWarning))
            yield return definition.Text;
    }
}
