using TiFerry.Binlog.Events;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Change;

namespace TiFerry.Sync.Source;

internal sealed partial class TransactionAssembler
{
    private async ValueTask<bool> AddRowsAsync(RowsEvent rows, CancellationToken stop)
    {
        // A change that the copy holds already may be older than the definition that the target has now.
        var name = new TableName(rows.TableMap.Schema, rows.TableMap.Table);
        if (IsCopied(name))
        {
            await ApplyCascadesOfCopiedAsync(name, rows, stop);
            return true;
        }
        if (await _tables.FindAsync(rows.TableMap, _position, stop) is not { } table || !table.Takes(rows.Kind, _position))
            return true;
        var isOrdered = _checkpoint.InOrder || !table.Mapping.HasRowKey;
        if (!_checkpoint.InOrder && !RowImages.AreWhole(rows, table.Mapping))
        {
            await BeginOrderAsync(table.Mapping.Source);
            return false;
        }
        if (table.Mapping.Target.Cascades.Count > 0 && MayCascade(rows))
            await ApplyCascadesAsync(table, rows, stop);
        _hasRows = true;
        for (var from = 0; from >= 0;)
        {
            var before = _window.RowsIn;
            from = isOrdered ? AddOrdered(rows, table, from) : AddKeyed(rows, table, from);
            var added = RowCounts.Of(rows.Kind, _window.RowsIn - before);
            _window.Count(added);
            _progress.Added(added);
            if (from >= 0 || IsFull)
                await HandOverAsync(endsTransaction: false);
        }
        return true;
    }

    // Adds rows from a place in the event on; the answer is where the window must be handed over first, or -1 at the end.
    private int AddKeyed(RowsEvent rows, CarriedTable table, int from)
    {
        var columns = rows.Kind == RowsKind.Delete ? rows.BeforeColumns : rows.AfterColumns;
        var source = _window.SourceFor(table.Mapping, rows.TableMap, columns, columns);
        if (source < 0)
            return from;
        var all = rows.From(from);
        while (all.MoveNext())
        {
            var row = all.Current;
            if (table.Skips(rows, row))
                continue;
            if (!_window.AddKeyed(source, row.Before, row.After, _options.Compact))
                return all.CurrentStart;
            if (IsFull)
                return all.IsLast ? -1 : all.NextStart;
        }
        return -1;
    }

    private int AddOrdered(RowsEvent rows, CarriedTable table, int from)
    {
        var source = _window.SourceFor(table.Mapping, rows.TableMap, rows.BeforeColumns, rows.AfterColumns);
        if (source < 0)
            return from;
        var all = rows.From(from);
        while (all.MoveNext())
        {
            _orderedSinceBoundary++;
            if (_orderedToSkip > 0)
            {
                _orderedToSkip--;
                continue;
            }
            var row = all.Current;
            if (table.Skips(rows, row))
                continue;
            _window.AddOrdered(source, rows.Kind, row.Before, row.After);
            if (IsFull)
                return all.IsLast ? -1 : all.NextStart;
        }
        return -1;
    }

    private static bool MayCascade(RowsEvent rows) => rows.Kind != RowsKind.Write && !rows.NoForeignKeyChecks;

    private async ValueTask ApplyCascadesAsync(CarriedTable table, RowsEvent rows, CancellationToken stop)
    {
        await HandOverAsync(endsTransaction: false);
        await _applying;
        _isAhead = true;
        await _applier.ApplyCascadesAsync(_cascades, table.Mapping, rows, _orderedToSkip > 0, _checkpoint.SafeModeExit is { } exit && _position <= exit, stop);
    }

    // The copy holds the change, but tables that reference this one may have been copied before it.
    private async ValueTask ApplyCascadesOfCopiedAsync(TableName name, RowsEvent rows, CancellationToken stop)
    {
        if (!MayCascade(rows) || await _tables.FindTargetAsync(name, stop) is not { } target || !await _cascades.HasOpenChildrenAsync(target, stop))
            return;
        var table = _tables.Describe(rows.TableMap, target, _position);
        if (!RowImages.AreWhole(rows, table.Mapping))
            throw RowImages.NotWhole(name, _position);
        await ApplyCascadesAsync(table, rows, stop);
    }

    // The copy already holds what stands before its position.
    private bool IsCopied(TableName name) =>
        !_checkpoint.HasMoved && _options.CopiedAt.TryGetValue(name, out var copiedAt) && _position.CompareTo(copiedAt) <= 0;

    // Work in order goes on from the written checkpoint, so the target must be exactly there.
    private async ValueTask BeginOrderAsync(TableName name)
    {
        if (!_hasRows)
            await HandOverAsync(endsTransaction: true);
        await _applying;
        if (_isAhead || Written.SafeModeExit is not null)
            throw RowImages.NotWhole(name, _position);
    }
}
