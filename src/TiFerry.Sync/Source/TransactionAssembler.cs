using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Stream;
using TiFerry.Binlog.Values;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Apply;
using TiFerry.Sync.Change;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Ddl;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Source;

/// <summary>
/// Reads events, gathers the rows of whole transactions in windows, and hands a window over while it fills the next one.
/// </summary>
internal sealed class TransactionAssembler : IDisposable
{
    private const int MaxMaps = 10_000;
    private static readonly TimeSpan EmptyCheckpointEvery = TimeSpan.FromSeconds(3);

    private readonly SyncOptions _options;
    private readonly TargetTables _tables;
    private readonly WindowApplier _applier;
    private readonly DdlApplier _ddl;
    private readonly CascadeApplier _cascades;
    private readonly SyncProgress _progress;
    private readonly Log _log;
    private readonly Dictionary<TableMapEvent, TargetTable?> _byMap = [];

    private ChangeWindow _window = new();
    private ChangeWindow _spare = new();
    private Task _applying = Task.CompletedTask;

    // The checkpoint that holds once all windows handed over are applied.
    private SyncCheckpoint _checkpoint;
    private readonly GtidPosition _gtids;
    private BinlogPosition _position;
    private bool _inTransaction;
    private bool _hasRows;
    private bool _isAhead;
    private long _keylessToSkip;
    private long _keylessSinceBoundary;
    private long _transactionsInWindow;
    private BinlogPosition _windowStart;
    private DateTimeOffset _eventTime;
    private long _lastCheckpointTicks = Environment.TickCount64;

    public TransactionAssembler(
        SyncOptions options, ServerInfo source, SyncCheckpoint checkpoint, TargetTables tables, WindowApplier applier, DdlApplier ddl, SyncProgress progress, Log log)
    {
        _options = options;
        _checkpoint = checkpoint;
        _tables = tables;
        _applier = applier;
        _progress = progress;
        _log = log;
        _ddl = ddl;
        _cascades = new CascadeApplier(tables, options.Filter, IsCopied);
        _keylessToSkip = checkpoint.KeylessDone;
        _gtids = new GtidPosition(source.Flavour, checkpoint.Gtid);
        _position = checkpoint.Position;
        _windowStart = checkpoint.Position;
    }

    /// <summary>Works until the stop position is applied (true) or the token is cancelled (false).</summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var stream = await OpenStreamAsync(stop);
        _progress.Applied(_checkpoint.Position, default, 0, 0, _applier.UnmatchedRows);
        try
        {
            while (true)
            {
                if (await ReachedStopAsync())
                    return true;
                var read = stream.ReadAsync(reading.Token);
                var evt = read.IsCompleted ? await read : await FlushWhileWaitingAsync(read.AsTask(), reading);
                _position = stream.Position ?? _position;
                _inTransaction = stream.IsInTransaction;
                _progress.Read(_position);
                await HandleAsync(evt, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await _applying;
            return false;
        }
        catch
        {
            // What is being applied ends before its buffers are given up; its own fault is the less telling one.
            await _applying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>
    /// Whether, after <see cref="RunAsync"/>, the target is exactly where the written checkpoint says. What stands ahead of it is not always rolled
    /// back: engines without transactions keep it.
    /// </summary>
    public bool IsExact => !_isAhead;

    /// <inheritdoc/>
    public void Dispose()
    {
        _window.Dispose();
        _spare.Dispose();
    }

    private ValueTask<BinlogStream> OpenStreamAsync(CancellationToken ct) =>
        BinlogStream.OpenAsync(new BinlogStreamOptions
        {
            Connection = _options.Source,
            Log = _log,
            ServerId = _options.ServerId,
            Start = _gtids.StartAt(_checkpoint.Position),
        }, ct);

    // Nothing more to read for now: what is complete should not wait for company.
    private async ValueTask<BinlogEvent> FlushWhileWaitingAsync(Task<BinlogEvent> read, CancellationTokenSource reading)
    {
        try
        {
            await FlushUntilAsync(read);
        }
        catch
        {
            // Left alone, the read would take the end of the stream for a lost connection and make it again.
            await reading.CancelAsync();
            await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        var evt = await read;
        _progress.Idle(false);
        return evt;
    }

    private async ValueTask FlushUntilAsync(Task read)
    {
        while (!read.IsCompleted)
        {
            if (!_applying.IsCompleted)
            {
                await Task.WhenAny(read, _applying);
                continue;
            }
            await _applying;
            if (_inTransaction || (_window.IsEmpty && !IsCheckpointDue()))
            {
                _progress.Idle(!_inTransaction && _window.IsEmpty);
                return;
            }
            await HandOverAsync(endsTransaction: true);
        }
    }

    private async ValueTask HandleAsync(BinlogEvent evt, CancellationToken stop)
    {
        switch (evt)
        {
            case RowsEvent rows:
                await AddRowsAsync(rows, stop);
                break;
            case XidEvent:
                await EndTransactionAsync(evt);
                break;
            case QueryEvent query:
                await HandleQueryAsync(query, stop);
                break;
            case GtidEvent gtid:
                _gtids.Begin(gtid);
                break;
            case MariaDbGtidEvent gtid:
                _gtids.Begin(gtid);
                _ddl.AlterPhase = gtid.AlterPhase;
                break;
            case XaPrepareEvent xa:
                await EndXaAsync(xa);
                break;
            case IncidentEvent incident:
                throw new TiFerryException(SyncErrors.Incident, ErrorScope.Upstream,
                    $"the source reports at {_position} that changes may be missing from its binlog: {incident.Message}",
                    "copy the source again: what the binlog does not hold can't be followed");
        }
    }

    private async ValueTask AddRowsAsync(RowsEvent rows, CancellationToken stop)
    {
        var map = rows.TableMap;
        if (!_byMap.TryGetValue(map, out var table))
        {
            // A change that the copy holds already may be older than the definition that the target has now.
            if (IsCopied(new TableName(map.Schema, map.Table)))
            {
                await ApplyCascadesOfCopiedAsync(rows, stop);
                return;
            }
            table = await FindTableAsync(map, stop);
            // A source that opens its tables anew gives them new maps.
            if (_byMap.Count >= MaxMaps)
                _byMap.Clear();
            _byMap.Add(map, table);
        }
        if (table is null)
            return;
        var columns = rows.Kind == RowsKind.Delete ? rows.BeforeColumns : rows.AfterColumns;
        RequireFullImages(rows, table);
        if (table.Cascades.Count > 0 && MayCascade(rows))
            await ApplyCascadesAsync(table, rows, stop);
        // The source's table may change without a word in the binlog (sql_log_bin = 0).
        if (!_window.Takes(table, map, columns))
            await HandOverAsync(endsTransaction: false);
        _hasRows = true;
        AddRows(rows, table, columns);
        if (IsFull)
            await HandOverAsync(endsTransaction: false);
    }

    private static bool MayCascade(RowsEvent rows) => rows.Kind != RowsKind.Write && !rows.NoForeignKeyChecks;

    private async ValueTask ApplyCascadesAsync(TargetTable table, RowsEvent rows, CancellationToken stop)
    {
        await HandOverAsync(endsTransaction: false);
        await _applying;
        _isAhead = true;
        await _applier.ApplyCascadesAsync(_cascades, table, rows, _keylessToSkip > 0, _checkpoint.SafeModeExit is { } exit && _position <= exit, stop);
    }

    // The copy holds the change, but tables that reference this one may have been copied before it.
    private async ValueTask ApplyCascadesOfCopiedAsync(RowsEvent rows, CancellationToken stop)
    {
        if (!MayCascade(rows))
            return;
        var table = await _tables.FindAsync(new TableName(rows.TableMap.Schema, rows.TableMap.Table), stop);
        if (table is null || !_cascades.HasOpenChildren(table))
            return;
        ColumnCheck.RequireSame(table, rows.TableMap, _position);
        RequireFullImages(rows, table);
        await ApplyCascadesAsync(table, rows, stop);
    }

    private void AddRows(RowsEvent rows, TargetTable table, ColumnBitmap columns)
    {
        foreach (var row in rows)
        {
            if (!table.HasRowKey)
            {
                _keylessSinceBoundary++;
                if (_keylessToSkip > 0)
                {
                    _keylessToSkip--;
                    continue;
                }
            }
            _window.Add(table, rows.TableMap, columns, row.Before, row.After);
        }
    }

    private async ValueTask<TargetTable?> FindTableAsync(TableMapEvent map, CancellationToken ct)
    {
        var name = new TableName(map.Schema, map.Table);
        if (!_options.Filter.MatchTable(name.Schema, name.Name))
            return null;
        var table = await _tables.GetAsync(name, ct);
        ColumnCheck.RequireSame(table, map, _position);
        return table;
    }

    // The copy already holds what stands before its position.
    private bool IsCopied(TableName name) =>
        _options.CopiedAt.TryGetValue(name, out var copiedAt) && _position.CompareTo(copiedAt) <= 0;

    private void RequireFullImages(RowsEvent rows, TargetTable table)
    {
        var isPartial = (rows.Kind != RowsKind.Write && !HoldsAllStored(rows.BeforeColumns, table))
            || (rows.Kind != RowsKind.Delete && !HoldsAllStored(rows.AfterColumns, table))
            || (rows.Kind == RowsKind.Update && !SameColumns(rows.BeforeColumns, rows.AfterColumns));
        if (isPartial)
        {
            throw new TiFerryException(SyncErrors.PartialRowImage, ErrorScope.Upstream,
                $"a row change of table {table.Table.Name} at {_position} does not hold all columns",
                "SET GLOBAL binlog_row_image = FULL on the source, reconnect its clients, and copy the table again");
        }
    }

    private static bool SameColumns(ColumnBitmap left, ColumnBitmap right)
    {
        if (left.IsFull && right.IsFull)
            return true;
        for (var i = 0; i < left.ColumnCount; i++)
        {
            if (left[i] != right[i])
                return false;
        }
        return true;
    }

    private static bool HoldsAllStored(ColumnBitmap columns, TargetTable table)
    {
        if (columns.IsFull)
            return true;
        foreach (var column in table.Table.Columns)
        {
            if (!column.IsVirtual && !columns[column.Ordinal])
                return false;
        }
        return true;
    }

    private async ValueTask HandleQueryAsync(QueryEvent query, CancellationToken stop)
    {
        if (query.IsBegin)
            return;
        if (query.IsCommit)
        {
            await EndTransactionAsync(query);
            return;
        }
        if (query.IsRollback)
        {
            if (_hasRows)
            {
                throw new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
                    $"the transaction that ends at {_position} changed rows of a table without transactions and was rolled back",
                    "compare the tables it touched (mariadb-binlog or mysqlbinlog shows them), repair them, and go on behind it with --start-position");
            }
            await EndTransactionAsync(query);
            return;
        }
        var plan = _ddl.Plan(query, _position, IsCopied);
        if (plan is null)
        {
            if (!_inTransaction)
                await EndTransactionAsync(query);
            return;
        }
        await HandOverAsync(endsTransaction: true);
        await _applying;
        _checkpoint = _checkpoint with { Ddl = await _ddl.RunAsync(plan, _checkpoint, stop) };
        _tables.Forget();
        _byMap.Clear();
        // CREATE TABLE ... SELECT: the rows follow in the same transaction, and until it ends a restart meets the statement again.
        if (_inTransaction)
            return;
        await EndTransactionAsync(query);
        await HandOverAsync(endsTransaction: true);
        await _applying;
    }

    private async ValueTask EndTransactionAsync(BinlogEvent evt)
    {
        _gtids.End();
        _hasRows = false;
        _keylessSinceBoundary = 0;
        _keylessToSkip = 0;
        _transactionsInWindow++;
        if (evt.Header.Timestamp != 0)
            _eventTime = DateTimeOffset.FromUnixTimeSeconds(evt.Header.Timestamp);
        _checkpoint = _checkpoint with { Position = _position, KeylessDone = 0, Ddl = null };
        if (IsFull || (_window.IsEmpty && IsCheckpointDue()))
            await HandOverAsync(endsTransaction: true);
    }

    private async ValueTask EndXaAsync(XaPrepareEvent xa)
    {
        if (!xa.IsOnePhase)
        {
            throw new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
                $"an XA transaction was prepared at {_position}; its rows would count only from its XA COMMIT on",
                "leave tables with two-phase XA transactions out with --filter, or copy them again after the last XA COMMIT");
        }
        await EndTransactionAsync(xa);
    }

    private bool IsFull => _window.RowsIn >= _options.WindowRows || _window.Bytes >= _options.WindowBytes;

    private bool IsCheckpointDue() =>
        _transactionsInWindow > 0 && Environment.TickCount64 - _lastCheckpointTicks >= EmptyCheckpointEvery.TotalMilliseconds;

    // Waits for the window before, then starts applying this one and goes on with an empty one.
    private async ValueTask HandOverAsync(bool endsTransaction)
    {
        await _applying;
        if (_window.IsEmpty && _transactionsInWindow == 0)
            return;
        // What an earlier run applied and this one has not come to yet counts too.
        _checkpoint = _checkpoint with { Gtid = _gtids.ToString(), KeylessDone = _keylessSinceBoundary + _keylessToSkip };
        var safe = _checkpoint.SafeModeExit is { } exit && _windowStart.CompareTo(exit) < 0;
        if (safe && _checkpoint.Position.CompareTo(_checkpoint.SafeModeExit!.Value) >= 0)
        {
            _checkpoint = _checkpoint with { SafeModeExit = null };
            _log.Info("safe mode ends", ("position", _checkpoint.Position));
        }
        _isAhead = !endsTransaction;
        (_window, _spare) = (_spare, _window);
        _applying = ApplyAsync(_spare, _checkpoint, _transactionsInWindow, _eventTime, endsTransaction, safe);
        _windowStart = _checkpoint.Position;
        _transactionsInWindow = 0;
        _lastCheckpointTicks = Environment.TickCount64;
    }

    private async Task ApplyAsync(ChangeWindow window, SyncCheckpoint checkpoint, long transactions, DateTimeOffset eventTime, bool endsTransaction, bool safe)
    {
        // Not cancelled on a stop: a window is short, and finishing it saves replaying it.
        await _applier.ApplyAsync(window, checkpoint, endsTransaction, safe, CancellationToken.None);
        _progress.Applied(checkpoint.Position, eventTime, window.RowsIn, transactions, _applier.UnmatchedRows);
        window.Clear();
    }

    private async ValueTask<bool> ReachedStopAsync()
    {
        if (_options.StopAt is not { } stopAt || _inTransaction || _position.CompareTo(stopAt) < 0)
            return false;
        if (_checkpoint.Position.CompareTo(_position) < 0)
        {
            _checkpoint = _checkpoint with { Position = _position };
            _transactionsInWindow++;
        }
        await HandOverAsync(endsTransaction: true);
        await _applying;
        return true;
    }
}
