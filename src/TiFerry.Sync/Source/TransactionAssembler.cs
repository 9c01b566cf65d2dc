using System.Diagnostics;
using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Sync.Apply;
using TiFerry.Sync.Change;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Ddl;

namespace TiFerry.Sync.Source;

/// <summary>
/// Reads events, gathers the rows of whole transactions in windows, and hands a window over while it fills the next one.
/// </summary>
internal sealed partial class TransactionAssembler : IDisposable
{
    private static readonly TimeSpan EmptyCheckpointEvery = TimeSpan.FromSeconds(3);

    private readonly SyncOptions _options;
    private readonly EventStreams _streams;
    private readonly SourceTables _tables;
    private readonly WindowApplier _applier;
    private readonly DdlPlanner _planner;
    private readonly DdlApplier _ddl;
    private readonly CascadeApplier _cascades;
    private readonly LostParents _lostParents;
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
        SyncOptions options, EventStreams streams, SyncCheckpoint checkpoint, SourceTables tables, CascadeApplier cascades, LostParents lostParents, WindowApplier applier, DdlPlanner planner, DdlApplier ddl, SyncProgress progress, Log log)
    {
        _options = options;
        _streams = streams;
        _checkpoint = Written = checkpoint;
        _tables = tables;
        _applier = applier;
        _cascades = cascades;
        _lostParents = lostParents;
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
        _progress.Begin(_checkpoint.Position, _checkpoint.Gtid);
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
            // The relay log may go on with another server. The list only grows, so it serves the places before, too.
            case RotateEvent when _options.Events is { } relay:
                _checkpoint = _checkpoint with { SubDirectories = [.. _checkpoint.SubDirectories.Union(relay.SubDirectories)] };
                break;
            case IncidentEvent incident:
                throw new TiFerryException(SyncErrors.Incident, ErrorScope.Upstream,
                    $"the source reports at {_position} that changes may be missing from its binlog: {incident.Message}",
                    "copy the source again: what the binlog does not hold can't be followed");
        }
        return true;
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
        var endsSafeMode = endsTransaction && _checkpoint.SafeModeExit is { } passed && _checkpoint.Position.CompareTo(passed) >= 0;
        if (endsSafeMode)
        {
            _checkpoint = _checkpoint with { SafeModeExit = null };
            _cascades.EndReplay();
            _log.Info("safe mode ends", ("position", _checkpoint.Position));
        }
        _isAhead = !endsTransaction;
        (_window, _spare) = (_spare, _window);
        var safe = isBehindExit || _options.SafeMode || Environment.TickCount64 < _safeUntilTicks;
        var remembered = endsTransaction && _hasToRemember ? _planner.TakeChanges(_checkpoint.Position) : null;
        _hasToRemember &= !endsTransaction;
        _applying = ApplyAsync(_spare, new WindowEnd(_windowStart, _checkpoint, _transactionsInWindow, _eventTime, endsTransaction, remembered, endsSafeMode ? _lostParents.SettleAsync : null), safe);
        _windowStart = _checkpoint.Position;
        _transactionsInWindow = 0;
        _lastCheckpointTicks = Environment.TickCount64;
        // It asks over sessions that are needed for what is read next.
        if (endsSafeMode)
            await _applying;
    }

    private async Task ApplyAsync(ChangeWindow window, WindowEnd end, bool safe)
    {
        // Not cancelled on a stop: a window is short, and finishing it saves replaying it.
        var began = Stopwatch.GetTimestamp();
        await _applier.ApplyAsync(window, end, safe, CancellationToken.None);
        Written = end.Checkpoint;
        foreach (var missed in _options.Operations.Pass(Written.Position))
            _log.Warn("an operation had no effect: no statement begins at its position", ("operation", missed.Kind), ("position", missed.Position));
        _progress.Applied(end.Checkpoint.Position, end.Checkpoint.Gtid, end.EventTime, window.Counts, end.Transactions, Stopwatch.GetElapsedTime(began));
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
