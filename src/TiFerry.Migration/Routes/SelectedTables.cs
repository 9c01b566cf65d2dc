using TiFerry.Core.Filters;

namespace TiFerry.Migration.Routes;

/// <summary>Tables that both the task's filter and its block-allow-list take.</summary>
internal sealed class SelectedTables(ITableSelector filter, ITableSelector allowList) : ITableSelector
{
    public bool MatchSchema(string schema) => filter.MatchSchema(schema) && allowList.MatchSchema(schema);

    public bool MatchTable(string schema, string table) => filter.MatchTable(schema, table) && allowList.MatchTable(schema, table);
}
