using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Retry;
using TiFerry.Core.Routing;
using TiFerry.Migration.Copy;
using TiFerry.Migration.Meta;
using TiFerry.Migration.Relay;
using TiFerry.Migration.Routes;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;
using TiFerry.Sync;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Operations;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;

namespace TiFerry.Migration;

/// <summary>
/// One source, one target: check, copy, follow. All that must outlive the process is in the meta schema on the target, so the same call
/// goes on where any earlier one ended, however it ended.
/// </summary>
public sealed class MigrationTask
{
    /// <summary>How long a task waits for locks and faults that may pass, where nothing else is said.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly MigrationOptions _options;
    private readonly Log _log;
    private readonly TableRouter _router;
    private readonly TargetSlots _slots;
    private readonly MetaStore _meta;
    private readonly SharedTargets _shared;
    private readonly CheckpointStore _checkpoints;
    private readonly uint _serverId;
    private readonly TaskStart _start;
    private BinlogPosition? _stopAt;

    /// <summary>Prepares a migration; nothing is connected yet.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="log">The log.</param>
    /// <exception cref="TiFerryException">A filter pattern or a rule is wrong.</exception>
    public MigrationTask(MigrationOptions options, Log log)
    {
        _options = options;
        _log = log;
        _ = options.Selection();
        _router = options.Router();
        _slots = options.CreateSlots();
        _meta = new MetaStore(options.MetaSchema, options.TaskName, options.CheckpointId);
        _checkpoints = new CheckpointStore(options.MetaSchema, options.TaskName, options.CheckpointId);
        _shared = new SharedTargets(_meta, options.HasOtherSources, new TargetNames(_router));
        _serverId = UnitOptions.ServerId(options);
        _start = new TaskStart(options, _slots, _meta, _checkpoints, log);
    }

    /// <summary>How far it is.</summary>
    public MigrationProgress Progress { get; } = new();

    /// <summary>Breaks all sessions on the target off, whatever they are at: nothing more is sent there by this object, which can't run any more.</summary>
    public void Abort() => _slots.Abort();

    /// <summary>
    /// The definitions that the source's tables have at a task's checkpoint. Each call is an error while the task runs, here or elsewhere.
    /// </summary>
    /// <param name="options">The task's; without a fencing token, a call while the task runs waits for a minute first.</param>
    /// <exception cref="TiFerryException">A filter pattern or a rule is wrong.</exception>
    public static TrackedSchemas TrackedSchemas(MigrationOptions options) =>
        new(UnitOptions.Sync(options, options.CreateSlots(), new CheckpointStore(options.MetaSchema, options.TaskName, options.CheckpointId)));

    /// <summary>Does what is left to do.</summary>
    /// <param name="stop">Asks to stop; the next run goes on from there.</param>
    /// <returns>True where all is done that was asked for; false where the token ended the work.</returns>
    /// <exception cref="TiFerryException">Something needs a person to act, or a fault did not pass in time; the next run goes on from there. <see cref="TransientErrors"/> tells the two apart.</exception>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        try
        {
            return await RunWithRelayAsync(stop);
        }
        catch (Exception error) when (ServerFault.Is(error))
        {
            throw ServerFault.Explain(error, _options);
        }
    }

    private async Task<bool> RunWithRelayAsync(CancellationToken stop)
    {
        if (_options.RelayDir is not { } directory)
            return await KeepRunningAsync(relay: null, stop);
        // The synchronizer has two server ids.
        await using var relay = new TaskRelay(_options, directory, _serverId + 2, _checkpoints, _log);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, relay.Failed);
        var isDone = await KeepRunningAsync(relay, either.Token);
        if (!isDone && !stop.IsCancellationRequested)
            relay.ThrowFailure();
        return isDone;
    }

    private async Task<bool> KeepRunningAsync(TaskRelay? relay, CancellationToken stop)
    {
        await using var sampler = new ProgressSampler(_options.Source, Progress);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
        var giveUpAt = DateTimeOffset.MaxValue;
        var done = Progress.Mark;
        while (true)
        {
            try
            {
                return await RunStagesAsync(relay, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return false;
            }
            // A server that can't be reached at the very start is more likely a wrong address than a passing fault.
            catch (Exception error) when (TransientErrors.IsTransient(error) && Progress.Stage != MigrationStage.Preparing)
            {
                if (Progress.Mark != done)
                {
                    done = Progress.Mark;
                    giveUpAt = DateTimeOffset.MaxValue;
                    backoff.Reset();
                }
                giveUpAt = giveUpAt == DateTimeOffset.MaxValue ? DateTimeOffset.UtcNow + _options.Patience : giveUpAt;
                if (DateTimeOffset.UtcNow >= giveUpAt)
                    throw;
                var delay = backoff.Next();
                _log.Warn("a fault that may pass interrupted the work; going on from the checkpoint", ("error", error.Message), ("delay", delay));
                await Task.Delay(delay, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> RunStagesAsync(TaskRelay? relay, CancellationToken stop)
    {
        // Held to the end: a second process with the same task stops here.
        await using var main = await _slots.ClaimAsync(stop);
        await _meta.CreateAsync(main, stop);
        await _checkpoints.CreateAsync(main, stop);
        (var task, Progress.IsResumed) = await _start.RunAsync(main, stop);
        if (task.Stage != TaskStage.Done && relay is not null)
            await StartRelayAsync(relay, main, task, stop);

        if (task.Stage == TaskStage.Copy)
        {
            if (EventsOf(relay) is { } events)
                await RequireOwnNamesAsync(events, stop);
            Progress.Stage = MigrationStage.Copying;
            var end = await FullCopy.RunAsync(CopyOptions(relay), task, Progress.Copy, _log, stop);
            task = task with { Stage = end is null ? TaskStage.Done : TaskStage.Follow };
            await EndCopyAsync(main, task, end, stop);
        }
        if (task.Stage == TaskStage.Follow)
        {
            if (!await FollowAsync(main, task, relay, stop))
                return false;
            if (task.Mode == MigrationMode.Full)
                await _meta.WriteTaskAsync(main, task with { Stage = TaskStage.Done }, stop);
        }
        Progress.Stage = MigrationStage.Done;
        return true;
    }

    private async ValueTask StartRelayAsync(TaskRelay relay, MySqlConnection main, TaskRecord task, CancellationToken ct)
    {
        await using var source = await Session.OpenForReadingAsync(_options.Source, ct);
        relay.Start(source.Server.Flavour, task.Start, task.Stage == TaskStage.Follow ? await _checkpoints.ReadAsync(main, ct) : null);
    }

    // What is copied is known by the source's positions, which are compared with those of the relay log.
    private async ValueTask RequireOwnNamesAsync(RelayEvents events, CancellationToken ct)
    {
        await using var source = await Session.OpenForReadingAsync(_options.Source, ct);
        await events.RequirePlainNamesAsync(source, ct);
    }

    private async ValueTask EndCopyAsync(MySqlConnection main, TaskRecord task, BinlogPosition? end, CancellationToken ct)
    {
        using var sql = new SqlBuffer();
        sql.Append("BEGIN;"u8);
        if (end is not null && await FirstCheckpointAsync(task, ct) is { } checkpoint)
            _checkpoints.AppendWrite(sql, task.IsInOrder ? checkpoint with { InOrder = true } : checkpoint with { SafeModeExit = end });
        _meta.AppendTask(sql, task);
        sql.Append("COMMIT;"u8);
        await main.ExecuteAsync(sql, ct);
    }

    // MySQL's set of GTIDs lacks what is in the log already and about to be committed, so where there are GTIDs, the stream begins behind them and not at the position.
    private async ValueTask<SyncCheckpoint?> FirstCheckpointAsync(TaskRecord task, CancellationToken ct)
    {
        if (task.Start is not { } start)
            return null;
        await using var source = await Session.OpenForReadingAsync(_options.Source, ct);
        var isMySql = source.Server.Flavour == ServerFlavour.MySql;
        var hasGtids = start.Gtid.Length > 0 && (!isMySql || await source.QueryScalarAsync("SELECT @@gtid_mode", ct) == "ON");
        return new SyncCheckpoint
        {
            Position = hasGtids && isMySql ? new BinlogPosition("", 0) : start.Position,
            Gtid = start.Gtid,
            HasAllGtids = hasGtids,
            Source = task.Source,
        };
    }

    private async Task<bool> FollowAsync(MySqlConnection main, TaskRecord task, TaskRelay? relay, CancellationToken stop)
    {
        if (_stopAt is null && (task.Mode == MigrationMode.Full || _options.StopWhenCaughtUp))
        {
            await using var source = await Session.OpenForReadingAsync(_options.Source, stop);
            var now = (await SourcePosition.ReadAsync(source, stop)).Position;
            _stopAt = EventsOf(relay) is { } events ? await events.QualifyAsync(source, now, stop) : now;
        }
        await TellFollowedAsync(main, stop);
        var objects = await _meta.ReadObjectsAsync(main, stop);
        var synchronizer = new Synchronizer(UnitOptions.Sync(_options, _slots, _checkpoints) with
        {
            ServerId = _serverId,
            Events = EventsOf(relay),
            CopiedAt = objects.Where(o => o.CopiedAt is not null).ToDictionary(o => o.Name, o => o.CopiedAt!.Value),
            StopAt = _stopAt,
            OtherSources = _options.HasOtherSources ? (names, ct) => OtherSourcesAsync(main, names, ct) : null,
        }, Progress.Sync, _log);
        Progress.Stage = MigrationStage.Following;
        return await synchronizer.RunAsync(stop);
    }

    // What is followed is told, too: another source may only begin.
    private async ValueTask<IReadOnlyList<string>> OtherSourcesAsync(MySqlConnection main, IReadOnlyList<(TableName Source, TableName Target)> names, CancellationToken ct)
    {
        await _shared.TellAsync(main, names.Select(n => n.Source), ct);
        var others = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var target in names.Select(n => n.Target).Distinct())
            others.UnionWith(await _shared.OthersAsync(main, new TargetPart(target, []), ct));
        return [.. others];
    }

    private async ValueTask TellFollowedAsync(MySqlConnection main, CancellationToken ct)
    {
        if (!_options.HasOtherSources)
            return;
        await using var source = await Session.OpenForReadingAsync(_options.Source, ct);
        var tables = _options.DataTables();
        var rows = await source.QueryRowsAsync("SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE'", ct);
        await _shared.TellAsync(main, rows.Select(r => new TableName(r[0]!, r[1]!)).Where(t => tables.MatchTable(t.Schema, t.Name)), ct);
    }

    private RelayEvents? EventsOf(TaskRelay? relay) => relay?.Events ?? _options.Relay;

    private FullCopyOptions CopyOptions(TaskRelay? relay) => new()
    {
        Source = _options.Source,
        Slots = _slots,
        Meta = _meta,
        Shared = _shared,
        Checkpoints = _checkpoints,
        Filter = _options.DataTables(),
        Names = new TargetNames(_router),
        Threads = _options.Threads,
        ChunkRows = _options.ChunkRows,
        Patience = _options.Patience,
        ServerId = _serverId,
        Events = EventsOf(relay),
        MetaSchema = _options.MetaSchema,
    };
}
