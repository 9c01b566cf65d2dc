using TiFerry.Core.Filters;

namespace TiFerry.Migration.Routes;

/// <summary>Tables of one selection that another rule takes too.</summary>
internal sealed class SelectedTables(ITableSelector selection, Func<string, bool> takesSchema, Func<string, string, bool> takesTable) : ITableSelector
{
    public bool MatchSchema(string schema) => selection.MatchSchema(schema) && takesSchema(schema);

    public bool MatchTable(string schema, string table) => selection.MatchTable(schema, table) && takesTable(schema, table);
}
