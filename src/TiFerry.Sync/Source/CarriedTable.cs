using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Core.Errors;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Route;

namespace TiFerry.Sync.Source;

/// <summary>A table of the source whose rows are carried: where they go, and which of them don't.</summary>
internal sealed class CarriedTable
{
    private readonly FilterAction[] _actions;

    /// <summary>Asks the rules about a table.</summary>
    /// <param name="mapping">Where its rows go.</param>
    /// <param name="options">The rules.</param>
    public CarriedTable(TableMapping mapping, SyncOptions options)
    {
        Mapping = mapping;
        var (schema, table) = (mapping.Source.Schema, mapping.Source.Name);
        _actions = new FilterAction[3];
        _actions[(int)RowsKind.Write] = options.EventFilter.Decide(schema, table, BinlogEventKind.Insert, "");
        _actions[(int)RowsKind.Update] = options.EventFilter.Decide(schema, table, BinlogEventKind.Update, "");
        _actions[(int)RowsKind.Delete] = options.EventFilter.Decide(schema, table, BinlogEventKind.Delete, "");
    }

    /// <summary>Where its rows go.</summary>
    public TableMapping Mapping { get; }

    /// <summary>Whether changes of a kind are carried.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="position">Where the change stands, for messages.</param>
    /// <exception cref="TiFerryException">A rule says that there must be none.</exception>
    public bool Takes(RowsKind kind, BinlogPosition position)
    {
        var action = _actions[(int)kind];
        if (action != FilterAction.Error)
            return action == FilterAction.Do;
        throw new TiFerryException(SyncErrors.EventFiltered, ErrorScope.Upstream,
            $"a binlog event filter with action Error meets a row change of {Mapping.Source} at {position}: {kind}", "change the filter, or the rows on the source");
    }
}
