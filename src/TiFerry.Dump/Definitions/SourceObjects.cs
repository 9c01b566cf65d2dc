using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Dump.Definitions;

/// <summary>What a source has of what is to be dumped.</summary>
/// <param name="Schemas">Databases.</param>
/// <param name="Tables">Tables, by name.</param>
/// <param name="Views">Views, by name.</param>
internal sealed record SourceObjects(IReadOnlyList<string> Schemas, IReadOnlyList<Table> Tables, IReadOnlyList<TableName> Views)
{
    /// <summary>Lists them.</summary>
    /// <param name="source">A reading session.</param>
    /// <param name="options">What is selected.</param>
    /// <param name="log">Told of selected objects of other kinds.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <exception cref="TiFerryException">A column has a type that is not known.</exception>
    public static async ValueTask<SourceObjects> ListAsync(MySqlConnection source, DumpOptions options, Log log, CancellationToken ct)
    {
        var names = await source.QueryRowsAsync("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME", ct);
        List<string> schemas = [.. names.Select(r => r[0]!).Where(s => !SystemSchemas.Contains(s) && options.Tables.MatchSchema(s))];
        var tables = new List<Table>();
        var views = new List<TableName>();
        foreach (var schema in schemas)
        {
            tables.AddRange((await TableReader.ReadSchemaAsync(source, schema, ErrorScope.Upstream, ct)).Where(t => IsSelected(t.Name)));
            var others = await source.QueryRowsAsync(
                $"SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = {SqlText.Literal(schema)} AND TABLE_TYPE NOT IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY TABLE_NAME", ct);
            foreach (var other in others)
            {
                var name = new TableName(schema, other[0]!);
                if (!IsSelected(name))
                    continue;
                if (other[1] != "VIEW")
                    log.Warn("the dump leaves an object out that is neither table nor view", ("object", name), ("type", other[1]));
                else if (options.Views)
                    views.Add(name);
            }
        }
        return new SourceObjects(schemas, tables, views);

        bool IsSelected(TableName name) => options.Tables.MatchTable(name.Schema, name.Name);
    }
}
