using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Sources;
using TiFerry.Migration;
using TiFerry.Migration.Meta;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Metrics;
using TiFerry.Sync.Operations;
using TiFerry.Sync.Source;

namespace TiFerry.Dm.Worker.Subtasks;

#pragma warning disable CA1001 // A source of cancellation that nothing waits on and no timer belongs to holds nothing.
/// <summary>A subtask in mode all, full or incremental: the engine's copy in chunks and its following, which any worker can go on with.</summary>
internal sealed class MigrationWork : ISubTaskWork
#pragma warning restore CA1001
{
    private const int NoSuchTable = 1146;
    private const int NoSuchDatabase = 1049;

    // The relay log has no file for the place, because it was started later, or purged; or it has followed other servers than the task.
    private static readonly int[] NotInRelay = [11036, 11121, SyncErrors.CheckpointUnusable.Number, SyncErrors.OtherRelayedServer.Number];

    private readonly Lazy<MigrationOptions> _options;
    private readonly SourceRelay? _relay;
    private readonly SubTaskLabels _labels;
    private readonly Log _log;
    private readonly CancellationTokenSource _aborted = new();
    private readonly Lazy<StartTime?> _startTime;
    private IReadOnlyList<BinlogOperation>? _ordered;
    private volatile MigrationTask? _task;
    private volatile SyncMetrics? _metrics;
    private volatile bool _readsRelay;
    private volatile int _unit;

    /// <summary>Prepares; nothing is connected yet.</summary>
    /// <param name="options">What to do; may throw what is wrong with the configuration.</param>
    /// <param name="startTime">The time to follow from in mode incremental, null for none; may throw what is wrong with it.</param>
    /// <param name="relay">The relay log to read from; null for the source itself.</param>
    /// <param name="labels">How metrics name it.</param>
    /// <param name="log">The log.</param>
    public MigrationWork(Func<MigrationOptions> options, Func<StartTime?> startTime, SourceRelay? relay, SubTaskLabels labels, Log log)
    {
        _startTime = new Lazy<StartTime?>(startTime);
        _options = new Lazy<MigrationOptions>(() => options() with { Operations = Operations });
        _relay = relay;
        _labels = labels;
        _log = log;
        _unit = (int)UnitType.Check;
    }

    /// <inheritdoc/>
    public UnitType Unit
    {
        get
        {
            var unit = _task?.Progress is { } progress ? UnitOf(progress) : UnitType.InvalidUnit;
            return unit == UnitType.InvalidUnit ? (UnitType)_unit : unit;
        }
    }

    /// <summary>What is done about single statements of the binlog.</summary>
    public BinlogOperations Operations { get; } = new();

    /// <inheritdoc/>
    public double? Copied => _options.IsValueCreated && _options.Value.Mode == MigrationMode.Incremental ? null : _task?.Progress is { } progress ? CopyFigures.Share(progress.Copy.Totals()) : 0;

    /// <inheritdoc/>
    public SyncMetrics? Metrics => _metrics;

    /// <summary>The engine's settings.</summary>
    /// <exception cref="TiFerryException">The configuration is wrong.</exception>
    public MigrationOptions Options => _options.Value;

    /// <inheritdoc/>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _aborted.Token);
        try
        {
            return await RunAsync(_relay, either.Token);
        }
        catch (TiFerryException error) when (_relay is not null && NotInRelay.Contains(error.Code.Number))
        {
            _log.Warn("the relay log lacks what the task needs; reading from the source itself", ("error", error.Message));
            return await RunAsync(null, either.Token);
        }
        finally
        {
            _unit = (int)Unit;
        }
    }

    /// <inheritdoc/>
    public void Abort()
    {
        _aborted.Cancel();
        _task?.Abort();
    }

    /// <inheritdoc/>
    public void Operate(IReadOnlyList<BinlogOperation> operations)
    {
        // The list of a state that was read before a change of ours is the one that was here already.
        if (ReferenceEquals(operations, _ordered))
            return;
        _ordered = operations;
        Operations.Set(operations);
    }

    /// <inheritdoc/>
    public void Describe(SubTaskStatus status, SourcePosition? source)
    {
        if (_task?.Progress is not { } progress)
        {
            // What didn't run here yet has nothing to tell but its unit.
            if (status.Unit == UnitType.Sync)
                status.Sync = new SyncStatus { BinlogType = "unknown" };
            else
                status.Check = new CheckStatus();
            return;
        }
        switch (status.Unit)
        {
            case UnitType.Dump:
                status.Dump = CopyFigures.Dump(progress);
                break;
            case UnitType.Load:
                status.Load = CopyFigures.Load(progress);
                break;
            case UnitType.Sync:
                status.Sync = SyncStatusOf(progress, source);
                break;
            default:
                status.Check = new CheckStatus();
                break;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<BinlogPosition?> NeededFromAsync(CancellationToken ct)
    {
        var (checkpoint, task) = await ReadAsync(ct);
        if (checkpoint is not null)
            return checkpoint.Prepared.Values.Append(checkpoint.Position).Min();
        return task is null ? Options.StartPosition : task.Start?.Position;
    }

    /// <summary>Finds out the unit from what the target holds, for a subtask that has not run here.</summary>
    public async ValueTask FindUnitAsync(CancellationToken ct)
    {
        if (_task is not null)
            return;
        var (_, task) = await ReadAsync(ct);
        _unit = (int)(task?.Stage switch
        {
            TaskStage.Copy => UnitType.Load,
            TaskStage.Follow => UnitType.Sync,
            TaskStage.Done => task.Mode == MigrationMode.Full ? UnitType.Load : UnitType.Sync,
            _ => UnitType.Check,
        });
    }

    /// <summary>The definitions of the source's tables that are kept on the target.</summary>
    public TrackedSchemas Schemas() => MigrationTask.TrackedSchemas(Options);

    private async Task<bool> RunAsync(SourceRelay? relay, CancellationToken stop)
    {
        var options = Options with { Relay = relay?.Events };
        if (_startTime.Value is { } start)
            options = options with { StartTime = await start.AtSourceAsync(options.Source, stop), StartTimeId = start.Id };
        var task = new MigrationTask(options, _log);
        _readsRelay = relay is not null;
        _metrics = new SyncMetrics(task.Progress.Sync, _labels.Task, _labels.Source, _labels.Worker);
        _task = task;
        // An abort that came before the task was there.
        stop.ThrowIfCancellationRequested();
        return await task.RunAsync(stop);
    }

    private async ValueTask<(SyncCheckpoint? Checkpoint, TaskRecord? Task)> ReadAsync(CancellationToken ct)
    {
        var options = Options;
        await using var target = await Session.OpenForReadingAsync(options.Target, ct);
        try
        {
            var task = await new MetaStore(options.MetaSchema, options.TaskName, options.CheckpointId).ReadTaskAsync(target, ct);
            return (await new CheckpointStore(options.MetaSchema, options.TaskName, options.CheckpointId).ReadAsync(target, ct), task);
        }
        catch (MySqlServerException error) when (error.Code is NoSuchTable or NoSuchDatabase)
        {
            return (null, null);
        }
    }

    private SyncStatus SyncStatusOf(MigrationProgress progress, SourcePosition? source)
    {
        var sync = progress.Sync;
        var applied = sync.AppliedPosition;
        var status = new SyncStatus
        {
            TotalEvents = sync.Rows,
            TotalRows = sync.Rows,
            TotalTps = (long)progress.AverageRowsPerSecond,
            TotalRps = (long)progress.AverageRowsPerSecond,
            RecentTps = (long)progress.AppliedRowsPerSecond,
            RecentRps = (long)progress.AppliedRowsPerSecond,
            SyncerBinlog = Places.Text(applied),
            SyncerBinlogGtid = sync.AppliedGtid,
            SecondsBehindMaster = (long)sync.Lag(DateTimeOffset.UtcNow).TotalSeconds,
            BinlogType = _readsRelay ? "local" : "remote",
            IoTotalBytes = (ulong)sync.EventBytes,
            DumpIOTotalBytes = (ulong)progress.Copy.Totals().FinishedBytes,
        };
        if (source is not { } end)
            return status;
        status.MasterBinlog = Places.Text(end.Position);
        status.MasterBinlogGtid = end.Gtid;
        status.Synced = end.Position.File == applied.File && applied.Position >= end.Position.Position;
        _metrics?.SetSource(end.Position);
        return status;
    }

    private static UnitType UnitOf(MigrationProgress progress) => progress.Stage switch
    {
        MigrationStage.Copying => progress.Copy.Totals() is { FinishedRows: > 0 } or { FinishedTables: > 0 } ? UnitType.Load : UnitType.Dump,
        MigrationStage.Following => UnitType.Sync,
        _ => UnitType.InvalidUnit,
    };
}
