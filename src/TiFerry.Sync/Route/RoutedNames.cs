using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Route;

/// <summary>Which table of the target stands for which of the source, both ways.</summary>
/// <param name="source">A session on the source, asked for its tables where there are routes.</param>
/// <param name="filter">Which tables are carried.</param>
/// <param name="router">Where they go.</param>
internal sealed class RoutedNames(MySqlConnection source, ITableSelector filter, TableRouter router)
{
    private Dictionary<TableName, List<TableName>>? _sources;

    /// <summary>Where a table goes.</summary>
    public RoutedTable TargetOf(TableName source) => router.Route(source.Schema, source.Name);

    /// <summary>Where a table or, without a table's name, a schema goes.</summary>
    public TableName TargetNameOf(TableName source)
    {
        if (source.Name.Length == 0)
            return new TableName(router.RouteSchema(source.Schema), "");
        var routed = TargetOf(source);
        return new TableName(routed.Schema, routed.Table);
    }

    /// <summary>The carried tables whose rows go to a table of the target.</summary>
    public async ValueTask<IReadOnlyList<TableName>> SourcesOfAsync(TableName target, CancellationToken ct)
    {
        if (router.IsEmpty)
            return filter.MatchTable(target.Schema, target.Name) ? [target] : [];
        _sources ??= await ReadAsync(ct);
        return _sources.GetValueOrDefault(target) ?? [];
    }

    /// <summary>The source's schemas, as names without a table, that go to a schema of the target and have carried tables.</summary>
    public async ValueTask<IReadOnlyList<TableName>> SchemasOfAsync(string target, CancellationToken ct)
    {
        if (router.IsEmpty)
            return [new TableName(target, "")];
        _sources ??= await ReadAsync(ct);
        return [.. _sources.Values.SelectMany(s => s).Select(s => new TableName(s.Schema, "")).Distinct().Where(s => TargetNameOf(s).Schema == target)];
    }

    /// <summary>Forgets what the source had; definitions have changed.</summary>
    public void Forget() => _sources = null;

    private async ValueTask<Dictionary<TableName, List<TableName>>> ReadAsync(CancellationToken ct)
    {
        var sources = new Dictionary<TableName, List<TableName>>();
        foreach (var row in await source.QueryRowsAsync("SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE'", ct))
        {
            var name = new TableName(row[0]!, row[1]!);
            if (SystemSchemas.Contains(name.Schema) || !filter.MatchTable(name.Schema, name.Name))
                continue;
            var target = TargetNameOf(name);
            if (!sources.TryGetValue(target, out var list))
                sources.Add(target, list = []);
            list.Add(name);
        }
        return sources;
    }
}
