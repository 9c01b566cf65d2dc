using System.Diagnostics;
using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Apply;
using TiFerry.Sync.Change;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Ddl;

namespace TiFerry.Sync.Source;

/// <summary>
/// Reads events, gathers the rows of whole transactions in windows, and hands a window over while it fills the next one.
/// </summary>
internal sealed class TransactionAssembler : IDisposable
{
    private static readonly TimeSpan EmptyCheckpointEvery = TimeSpan.FromSeconds(3);

    private readonly SyncOptions _options;
    private readonly EventStreams _streams;
    private readonly SourceTables _tables;
    private readonly WindowApplier _applier;
    private readonly DdlPlanner _planner;
    private readonly DdlApplier _ddl;
    private readonly CascadeApplier _cascades;
    private readonly PreparedTransactions _prepared;
    private readonly SyncProgress _progress;
    private readonly Log _log;
    private readonly long _safeUntilTicks;

    private ChangeWindow _window = new();
    private ChangeWindow _spare = new();
    private Task _applying = Task.CompletedTask;

    // The checkpoint that holds once all windows handed over are applied.
    private SyncCheckpoint _checkpoint;
    private readonly GtidPosition _gtids;
    private BinlogPosition _position;
    private BinlogPosition _eventStart;
    private BinlogPosition _committed;
    private bool _inTransaction;
    private bool _hasRows;
    private bool _isAhead;
    private bool _hasToRemember;
    private long _orderedToSkip;
    private long _orderedSinceBoundary;
    private long _transactionsInWindow;
    private BinlogPosition _windowStart;
    private DateTimeOffset _eventTime;
    private long _lastCheckpointTicks = Environment.TickCount64;

    public TransactionAssembler(
        SyncOptions options, EventStreams streams, SyncCheckpoint checkpoint, SourceTables tables, CascadeApplier cascades, WindowApplier applier, DdlPlanner planner, DdlApplier ddl, SyncProgress progress, Log log)
    {
        _options = options;
        _streams = streams;
        _checkpoint = Written = checkpoint;
        _tables = tables;
        _applier = applier;
        _cascades = cascades;
        cascades.IsCopied = IsCopied;
        _progress = progress;
        _log = log;
        _planner = planner;
        _ddl = ddl;
        _prepared = new PreparedTransactions(checkpoint.Prepared);
        _orderedToSkip = checkpoint.OrderedDone;
        _gtids = new GtidPosition(streams.Flavour, checkpoint.Gtid);
        _position = _eventStart = _committed = checkpoint.Position;
        _windowStart = checkpoint.Position;
        _safeUntilTicks = Environment.TickCount64 + (long)options.SafeModeDuration.TotalMilliseconds;
    }

    /// <summary>The checkpoint that was written last.</summary>
    public SyncCheckpoint Written { get; private set; }

    /// <summary>
    /// Whether, after <see cref="RunAsync"/>, the target is exactly where the written checkpoint says. What stands ahead of it is not always rolled
    /// back: engines without transactions keep it.
    /// </summary>
    public bool IsExact => !_isAhead;

    /// <summary>Works until the stop position is applied, the token is cancelled, or the source turns out to log images that must be applied in order.</summary>
    public async Task<SyncOutcome> RunAsync(CancellationToken stop)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var stream = await _streams.OpenAsync(_gtids.StartAt(_checkpoint.Position), stop);
        _progress.Begin(_checkpoint.Position);
        _options.Operations.StopAt(null);
        try
        {
            while (true)
            {
                if (await ReachedStopAsync())
                    return SyncOutcome.Reached;
                var read = stream.ReadAsync(reading.Token);
                var evt = read.IsCompleted ? await read : await FlushWhileWaitingAsync(read.AsTask(), reading);
                _eventStart = _position;
                _position = stream.Position ?? _position;
                _committed = stream.CommittedPosition ?? _committed;
                _inTransaction = stream.IsInTransaction;
                _progress.Read(_position, evt);
                if (!await HandleAsync(evt, stop))
                {
                    await _applying;
                    return SyncOutcome.NeedsOrder;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await _applying;
            return SyncOutcome.Stopped;
        }
        catch
        {
            // What is being applied ends before its buffers are given up; its own fault is the less telling one.
            await _applying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _window.Dispose();
        _spare.Dispose();
    }

    // Nothing more to read for now: what is complete should not wait for company.
    private async ValueTask<BinlogEvent> FlushWhileWaitingAsync(Task<BinlogEvent> read, CancellationTokenSource reading)
    {
        using var waiting = _progress.Stages.Begin(SyncStage.WaitForSource);
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

    // False where the event's images must be applied in order and these are not.
    private async ValueTask<bool> HandleAsync(BinlogEvent evt, CancellationToken stop)
    {
        switch (evt)
        {
            case RowsEvent rows:
                // The rows of an XA transaction count from its commit on; they are read again then.
                return _prepared.IsOpen || await AddRowsAsync(rows, stop);
            case XidEvent:
                await EndTransactionAsync(evt);
                break;
            case QueryEvent query:
                return await HandleQueryAsync(query, stop);
            case GtidEvent gtid:
                _gtids.Begin(gtid);
                break;
            case MariaDbGtidEvent gtid:
                _gtids.Begin(gtid);
                _planner.AlterPhase = gtid.AlterPhase;
                if (gtid.PreparesXa)
                    _prepared.Open(gtid.XaId!, _committed);
                break;
            case XaPrepareEvent xa:
                return await EndXaAsync(xa, stop);
            case IncidentEvent incident:
                throw new TiFerryException(SyncErrors.Incident, ErrorScope.Upstream,
                    $"the source reports at {_position} that changes may be missing from its binlog: {incident.Message}",
                    "copy the source again: what the binlog does not hold can't be followed");
        }
        return true;
    }

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

    private async ValueTask<bool> HandleQueryAsync(QueryEvent query, CancellationToken stop)
    {
        if (query.IsBegin)
            return true;
        if (query.IsCommit)
        {
            await EndTransactionAsync(query);
            return true;
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
            return true;
        }
        if (XaStatement.TryRead(query.Sql, out var xa))
            return await HandleXaAsync(query, xa, stop);
        await HandleStatementAsync(query, stop);
        return true;
    }

    private async ValueTask HandleStatementAsync(QueryEvent query, CancellationToken stop)
    {
        var plan = await NamingStatementAsync(PlanAsync(query, stop));
        if (plan is null)
        {
            if (!_inTransaction)
                await EndTransactionAsync(query);
            return;
        }
        if (_hasRows)
        {
            throw new TiFerryException(SyncErrors.UnsupportedTransaction, ErrorScope.Upstream,
                $"the statement at {_eventStart} is in the middle of a transaction that changed rows; no schema change can be made there", "revert the operation, and inject in front of another statement");
        }
        await HandOverAsync(endsTransaction: true);
        await _applying;
        _checkpoint = _checkpoint with { Ddl = await NamingStatementAsync(_ddl.RunAsync(plan, _checkpoint, stop)) };
        _tables.Forget();
        _hasToRemember = true;
        // CREATE TABLE ... SELECT: the rows follow in the same transaction, and until it ends a restart meets the statement again.
        if (_inTransaction)
            return;
        await EndTransactionAsync(query);
        await _applying;
    }

    private async ValueTask<DdlPlan?> PlanAsync(QueryEvent query, CancellationToken stop)
    {
        try
        {
            return await _planner.PlanAsync(query, _eventStart, _position, IsCopied, stop);
        }
        // The way past it begins behind the statement, so all that stands before it has to be there.
        catch (TiFerryException) when (!_inTransaction && !_hasRows)
        {
            await HandOverAsync(endsTransaction: true);
            await _applying;
            throw;
        }
    }

    // Says which statement an operation could be about.
    private async ValueTask<T> NamingStatementAsync<T>(ValueTask<T> work)
    {
        try
        {
            return await work;
        }
        catch (TiFerryException error) when (error.Code != SyncErrors.TaskTaken)
        {
            _options.Operations.StopAt(_eventStart);
            throw new TiFerryException(error.Code, error.Scope, error.Summary,
                $"{error.Workaround ?? "look at the statement"}; or skip or replace the statement, which begins at {_eventStart} (binlog skip, binlog replace)", error.InnerException);
        }
    }

    private async ValueTask<bool> HandleXaAsync(QueryEvent query, XaStatement xa, CancellationToken stop)
    {
        switch (xa.Kind)
        {
            case XaKind.Start:
                _prepared.Open(xa.Id, _committed);
                return true;
            case XaKind.Commit:
                if (!await ReplayAsync(_prepared.Take(xa.Id, _position), xa.Id, stop))
                    return false;
                break;
            case XaKind.Rollback:
                _prepared.Forget(xa.Id);
                break;
            default:
                return true;
        }
        _checkpoint = _checkpoint with { Prepared = _prepared.Positions };
        await EndTransactionAsync(query);
        return true;
    }

    private async ValueTask<bool> EndXaAsync(XaPrepareEvent xa, CancellationToken stop)
    {
        var id = _prepared.Close();
        if (xa.IsOnePhase && !await ReplayAsync(_prepared.Take(id, _position), id, stop))
            return false;
        _checkpoint = _checkpoint with { Prepared = _prepared.Positions };
        await EndTransactionAsync(xa);
        return true;
    }

    // Reads the rows of a prepared transaction again, for they stand far in front of its commit. Memory does not depend on how many wait.
    private async ValueTask<bool> ReplayAsync(BinlogPosition begin, string id, CancellationToken stop)
    {
        await using var stream = await _streams.OpenSecondAsync(BinlogStart.At(begin), stop);
        var isInside = false;
        while (true)
        {
            var evt = await stream.ReadAsync(stop);
            switch (evt)
            {
                case QueryEvent query when XaStatement.TryRead(query.Sql, out var xa) && xa.Kind == XaKind.Start && xa.Id == id:
                    isInside = true;
                    break;
                case MariaDbGtidEvent { PreparesXa: true } gtid when gtid.XaId == id:
                    isInside = true;
                    break;
                case RowsEvent rows when isInside && !await AddRowsAsync(rows, stop):
                    return false;
                case XaPrepareEvent when isInside:
                    return true;
            }
        }
    }

    private async ValueTask EndTransactionAsync(BinlogEvent evt)
    {
        _gtids.End();
        _hasRows = false;
        _orderedSinceBoundary = 0;
        _orderedToSkip = 0;
        _transactionsInWindow++;
        if (evt.Header.Timestamp != 0)
            _eventTime = DateTimeOffset.FromUnixTimeSeconds(evt.Header.Timestamp);
        _checkpoint = _checkpoint with { Position = _position, OrderedDone = 0, Ddl = null };
        if (IsFull || _hasToRemember || (_window.IsEmpty && IsCheckpointDue()))
            await HandOverAsync(endsTransaction: true);
    }

    private bool IsFull => _window.RowsIn >= _options.WindowRows || _window.Bytes >= _options.WindowBytes;

    private bool IsCheckpointDue() =>
        _transactionsInWindow > 0 && Environment.TickCount64 - _lastCheckpointTicks >= EmptyCheckpointEvery.TotalMilliseconds;

    // Waits for the window before, then starts applying this one and goes on with an empty one.
    private async ValueTask HandOverAsync(bool endsTransaction)
    {
        if (!_applying.IsCompletedSuccessfully)
        {
            using var waiting = _progress.Stages.Begin(SyncStage.WaitForApply);
            await _applying;
        }
        if (_window.IsEmpty && _transactionsInWindow == 0)
            return;
        // What an earlier run applied and this one has not come to yet counts too.
        _checkpoint = _checkpoint with { Gtid = _gtids.ToString(), OrderedDone = _orderedSinceBoundary + _orderedToSkip };
        var isBehindExit = _checkpoint.SafeModeExit is { } exit && _windowStart.CompareTo(exit) < 0;
        if (isBehindExit && _checkpoint.Position.CompareTo(_checkpoint.SafeModeExit!.Value) >= 0)
        {
            _checkpoint = _checkpoint with { SafeModeExit = null };
            _log.Info("safe mode ends", ("position", _checkpoint.Position));
        }
        _isAhead = !endsTransaction;
        (_window, _spare) = (_spare, _window);
        var safe = isBehindExit || _options.SafeMode || Environment.TickCount64 < _safeUntilTicks;
        var remembered = endsTransaction && _hasToRemember ? _planner.TakeChanges(_checkpoint.Position) : null;
        _hasToRemember &= !endsTransaction;
        _applying = ApplyAsync(_spare, new WindowEnd(_windowStart, _checkpoint, _transactionsInWindow, _eventTime, endsTransaction, remembered), safe);
        _windowStart = _checkpoint.Position;
        _transactionsInWindow = 0;
        _lastCheckpointTicks = Environment.TickCount64;
    }

    private async Task ApplyAsync(ChangeWindow window, WindowEnd end, bool safe)
    {
        // Not cancelled on a stop: a window is short, and finishing it saves replaying it.
        var began = Stopwatch.GetTimestamp();
        await _applier.ApplyAsync(window, end, safe, CancellationToken.None);
        Written = end.Checkpoint;
        foreach (var missed in _options.Operations.Pass(Written.Position))
            _log.Warn("an operation had no effect: no statement begins at its position", ("operation", missed.Kind), ("position", missed.Position));
        _progress.Applied(end.Checkpoint.Position, end.EventTime, window.Counts, end.Transactions, Stopwatch.GetElapsedTime(began));
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
