using TiFerry.Core.Routing;
using TiFerry.Schema.Tables;

namespace TiFerry.Diff;

/// <summary>A table and its copy.</summary>
/// <param name="Source">Its name on the source.</param>
/// <param name="Target">Its name on the target.</param>
public readonly record struct TablePair(TableName Source, TableName Target)
{
    /// <summary>
    /// Columns of the target with a fixed value for all rows of this table: only rows with these values are compared. Empty for all rows.
    /// </summary>
    public IReadOnlyList<ExtractedColumn> Fixed { get => field ?? []; init; }

    /// <summary>Further tables of the source that go to the same one; it is compared with all of them together, and rows that differ are only counted.</summary>
    public IReadOnlyList<TableName> Merged { get => field ?? []; init; }

    /// <summary>For messages: one name where both are the same.</summary>
    public override string ToString()
    {
        if (Merged.Count > 0)
            return $"{Source} and {Merged.Count} more (on the target {Target})";
        return Source == Target ? Source.ToString() : $"{Source} (on the target {Target})";
    }
}
