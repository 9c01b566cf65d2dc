using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Route;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Source;

/// <summary>The source's tables as row events describe them, each with where its rows go.</summary>
/// <param name="options">Which tables are carried, and which of their changes.</param>
/// <param name="names">Where they go.</param>
/// <param name="targets">The target's tables.</param>
/// <param name="tracked">The definitions that they have on the source.</param>
internal sealed class SourceTables(SyncOptions options, RoutedNames names, TargetTables targets, TrackedTables tracked)
{
    private const int MaxMaps = 10_000;
    private readonly Dictionary<TableMapEvent, CarriedTable?> _byMap = new(ReferenceEqualityComparer.Instance);

    /// <summary>The table of a row event; null where it is not carried.</summary>
    /// <param name="map">The table as the event describes it.</param>
    /// <param name="position">Where the event stands, for messages.</param>
    /// <param name="ct">Stops the reading of definitions.</param>
    /// <exception cref="Core.Errors.TiFerryException">The target has no such table, or one that does not take the values.</exception>
    public ValueTask<CarriedTable?> FindAsync(TableMapEvent map, BinlogPosition position, CancellationToken ct) =>
        _byMap.TryGetValue(map, out var known) ? ValueTask.FromResult(known) : AddAsync(map, position, ct);

    /// <summary>The target's table that a source's table goes to; null where the target has none.</summary>
    public ValueTask<TargetTable?> FindTargetAsync(TableName name, CancellationToken ct) => targets.FindAsync(names.TargetNameOf(name), ct);

    /// <summary>A row event's table for the sake of its keys; the event may be older than the target's definition.</summary>
    /// <exception cref="Core.Errors.TiFerryException">The target's table does not take the values.</exception>
    public CarriedTable Describe(TableMapEvent map, TargetTable target, BinlogPosition position) =>
        new(Map(map, new TableName(map.Schema, map.Table), target, mayLack: true, position), options.EventFilter, null);

    /// <summary>Compiles the expressions of all tables that are there already, so that a wrong one stops the work before it begins.</summary>
    /// <exception cref="Core.Errors.TiFerryException">An expression can't be evaluated.</exception>
    public async ValueTask CheckExpressionsAsync(CancellationToken ct)
    {
        foreach (var name in options.Expressions.Select(rule => new TableName(rule.Schema, rule.Table)).Distinct())
        {
            if (await FindTargetAsync(name, ct) is { } target)
                Compile(name, target);
        }
    }

    /// <summary>Forgets all of them; a definition has changed.</summary>
    public void Forget()
    {
        _byMap.Clear();
        targets.Forget();
        names.Forget();
    }

    private async ValueTask<CarriedTable?> AddAsync(TableMapEvent map, BinlogPosition position, CancellationToken ct)
    {
        var name = new TableName(map.Schema, map.Table);
        CarriedTable? table = null;
        if (IsCarried(name))
        {
            var target = await targets.GetAsync(names.TargetNameOf(name), ct);
            table = new CarriedTable(Map(map, name, target, LeavesNewColumnsOut(name), position), options.EventFilter, Compile(name, target));
        }
        // A source that opens its tables anew gives them new maps.
        if (_byMap.Count >= MaxMaps)
            _byMap.Clear();
        _byMap.Add(map, table);
        return table;
    }

    // Without a definition of the source the target's has the same columns, or its rows could not be written.
    private ExpressionFilter? Compile(TableName name, TargetTable target) =>
        ExpressionFilter.Compile(options.Expressions, name, tracked.Find(name) ?? target.Table, tracked.ExpressionOptions with { TimeZone = options.TimeZone });

    // Rows of a shadow table come with the tool's own copy and are those of the real table, which are carried anyway.
    private bool IsCarried(TableName name) =>
        options.Filter.MatchTable(name.Schema, name.Name) && (options.OnlineTables is null || options.OnlineTables.KindOf(name.Name) == OnlineTableKind.Real);

    private bool LeavesNewColumnsOut(TableName name) => options.EventFilter.Decide(name.Schema, name.Name, BinlogEventKind.AddColumn, "") == FilterAction.Ignore;

    private TableMapping Map(TableMapEvent map, TableName name, TargetTable target, bool mayLack, BinlogPosition position) =>
        TableMapper.Map(map, tracked.Find(name), target, names.TargetOf(name).Extracted, mayLack, position);
}
