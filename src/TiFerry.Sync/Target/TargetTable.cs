using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Target;

/// <summary>A table on the target.</summary>
/// <param name="Table">The table as the target describes it.</param>
/// <param name="Cascades">What the source's engine does to rows of referencing tables, which its binlog does not tell.</param>
public sealed record TargetTable(Table Table, IReadOnlyList<CascadeRule> Cascades);
