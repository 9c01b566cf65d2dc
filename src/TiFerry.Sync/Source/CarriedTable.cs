using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Core.Errors;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.Sync.Route;

namespace TiFerry.Sync.Source;

/// <summary>A table of the source whose rows are carried: where they go, and which of them don't.</summary>
internal sealed class CarriedTable
{
    private readonly FilterAction[] _actions;
    private readonly ExpressionFilter? _expressions;

    /// <summary>Asks the rules about a table.</summary>
    /// <param name="mapping">Where its rows go.</param>
    /// <param name="filter">Which kinds of changes are left out.</param>
    /// <param name="expressions">Which are left out because of their values; null for none.</param>
    public CarriedTable(TableMapping mapping, BinlogEventFilter filter, ExpressionFilter? expressions)
    {
        Mapping = mapping;
        _expressions = expressions;
        var (schema, table) = (mapping.Source.Schema, mapping.Source.Name);
        _actions = new FilterAction[3];
        _actions[(int)RowsKind.Write] = filter.Decide(schema, table, BinlogEventKind.Insert, "");
        _actions[(int)RowsKind.Update] = filter.Decide(schema, table, BinlogEventKind.Update, "");
        _actions[(int)RowsKind.Delete] = filter.Decide(schema, table, BinlogEventKind.Delete, "");
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

    /// <summary>Whether a rule leaves out a row's change because of its values.</summary>
    public bool Skips(RowsEvent rows, RowChange row) =>
        _expressions is not null && _expressions.Skips(rows.Kind, rows.TableMap, rows.BeforeColumns, row.Before, rows.AfterColumns, row.After);
}
