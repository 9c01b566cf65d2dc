using TiFerry.Binlog;
using TiFerry.Core.Logging;
using TiFerry.Dm.Pb;
using TiFerry.Dump;
using TiFerry.Dump.Layout;
using TiFerry.Sync.Metrics;
using TiFerry.Sync.Operations;
using TiFerry.Sync.Source;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>A subtask in mode dump: the source's tables into files on this worker. An export can't go on where it was interrupted: it begins anew.</summary>
/// <param name="labels">What subtask it is.</param>
/// <param name="options">What to do; may throw what is wrong with the configuration.</param>
/// <param name="notes">Told where the files are.</param>
/// <param name="log">The log.</param>
#pragma warning disable CA1001 // A source of cancellation that nothing waits on and no timer belongs to holds nothing.
internal sealed class DumpWork(SubTaskLabels labels, Func<DumpOptions> options, ISubTaskNotes notes, Log log) : ISubTaskWork
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _aborted = new();
    private volatile DumpTask? _task;

    /// <inheritdoc/>
    public UnitType Unit => UnitType.Dump;

    /// <inheritdoc/>
    public double? Copied => null;

    /// <inheritdoc/>
    public SyncMetrics? Metrics => null;

    /// <inheritdoc/>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _aborted.Token);
        var dump = options();
        // This very dump may have been done before the worker was started again.
        if (DumpMetadata.Read(dump.Directory) is not { Finished: not null } found || found.Mark != dump.Mark)
        {
            var task = new DumpTask(dump, log);
            _task = task;
            await task.RunAsync(either.Token);
        }
        await notes.KeepDumpPlaceAsync(labels.Task, labels.Source, hasFiles: true, either.Token);
        return true;
    }

    /// <inheritdoc/>
    public void Abort() => _aborted.Cancel();

    /// <inheritdoc/>
    public void Operate(IReadOnlyList<BinlogOperation> operations)
    {
        // No binlog is read.
    }

    /// <inheritdoc/>
    public void Describe(SubTaskStatus status, SourcePosition? source)
    {
        var progress = _task?.Progress;
        status.Dump = new DumpStatus
        {
            TotalTables = progress?.TotalTables ?? 0,
            CompletedTables = progress?.FinishedTables ?? 0,
            FinishedBytes = progress?.Bytes ?? 0,
            FinishedRows = progress?.Rows ?? 0,
            EstimateTotalRows = progress?.EstimatedRows ?? 0,
            Progress = CopyFigures.Percent(status.Stage == Stage.Finished ? 1 : progress is { EstimatedRows: > 0 } ? Math.Min(0.9999, (double)progress.Rows / progress.EstimatedRows) : 0),
        };
    }

    /// <inheritdoc/>
    public ValueTask<BinlogPosition?> NeededFromAsync(CancellationToken ct) => ValueTask.FromResult<BinlogPosition?>(null);
}
