using TiFerry.Schema.Tables;

namespace TiFerry.Diff;

/// <summary>A table and its copy.</summary>
/// <param name="Source">Its name on the source.</param>
/// <param name="Target">Its name on the target.</param>
public readonly record struct TablePair(TableName Source, TableName Target)
{
    /// <summary>For messages: one name where both are the same.</summary>
    public override string ToString() => Source == Target ? Source.ToString() : $"{Source} (on the target {Target})";
}
