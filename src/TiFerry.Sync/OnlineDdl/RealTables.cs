using TiFerry.Core.Filters;

namespace TiFerry.Sync.OnlineDdl;

/// <summary>Leaves out the tables of online schema change tools: what is copied and compared, and whose rows are carried.</summary>
/// <param name="inner">What takes part otherwise.</param>
/// <param name="tables">Which tables are of that kind.</param>
public sealed class RealTables(ITableSelector inner, OnlineDdlTables tables) : ITableSelector
{
    /// <inheritdoc/>
    public bool MatchSchema(string schema) => inner.MatchSchema(schema);

    /// <inheritdoc/>
    public bool MatchTable(string schema, string table) => tables.KindOf(table) == OnlineTableKind.Real && inner.MatchTable(schema, table);
}
