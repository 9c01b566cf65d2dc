using TiFerry.Binlog;
using TiFerry.Core.Logging;
using TiFerry.Dm.Pb;
using TiFerry.Dump.Layout;
using TiFerry.Import;
using TiFerry.Sync.Metrics;
using TiFerry.Sync.Operations;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>What a subtask in mode load needs to know.</summary>
/// <param name="Files">What to load; its sessions are set by <see cref="LoadWork"/>.</param>
/// <param name="Slots">The sessions that write.</param>
/// <param name="Cleans">Whether the files are deleted once they are loaded, where TiFerry made them.</param>
internal sealed record LoadSettings(LoadOptions Files, TargetSlots Slots, bool Cleans);

/// <summary>A subtask in mode load: files of an export into the target. It goes on where it was interrupted, on a worker that has the files.</summary>
/// <param name="labels">What subtask it is.</param>
/// <param name="settings">What to do; may throw what is wrong with the configuration.</param>
/// <param name="notes">Told where the files are.</param>
/// <param name="log">The log.</param>
#pragma warning disable CA1001 // A source of cancellation that nothing waits on and no timer belongs to holds nothing.
internal sealed class LoadWork(SubTaskLabels labels, Func<LoadSettings> settings, ISubTaskNotes notes, Log log) : ISubTaskWork
#pragma warning restore CA1001
{
    // More than any pool that a predecessor may have had.
    private const int MostSlots = 128;

    private readonly CancellationTokenSource _aborted = new();
    private volatile LoadTask? _task;
    private volatile TargetSlots? _slots;

    /// <inheritdoc/>
    public UnitType Unit => UnitType.Load;

    /// <inheritdoc/>
    public double? Copied => _task?.Progress is { TotalBytes: > 0 } progress ? (double)progress.FinishedBytes / progress.TotalBytes : 0;

    /// <inheritdoc/>
    public SyncMetrics? Metrics => null;

    /// <inheritdoc/>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _aborted.Token);
        var (files, slots, cleans) = settings();
        _slots = slots;
        await using var main = await slots.ClaimAsync(either.Token);
        await slots.FreeAsync(Math.Max(files.PoolSize, MostSlots), either.Token);
        var task = new LoadTask(files with { OpenSession = slots.OpenAsync }, log);
        _task = task;
        if (Directory.Exists(files.Directory))
            await notes.KeepDumpPlaceAsync(labels.Task, labels.Source, hasFiles: true, either.Token);
        await task.RunAsync(either.Token);
        if (!cleans)
            return true;
        await notes.KeepDumpPlaceAsync(labels.Task, labels.Source, hasFiles: false, either.Token);
        log.Info(FinishedDump.TryDelete(files.Directory, files.Tables) ? "the files are loaded and deleted" : "the files are loaded and stay: another program made them, or some were left out", ("directory", files.Directory));
        return true;
    }

    /// <inheritdoc/>
    public void Abort()
    {
        _aborted.Cancel();
        _slots?.Abort();
    }

    /// <inheritdoc/>
    public void Operate(IReadOnlyList<BinlogOperation> operations)
    {
        // No binlog is read.
    }

    /// <inheritdoc/>
    public void Describe(SubTaskStatus status, SourcePosition? source)
    {
        var progress = _task?.Progress;
        status.Load = new LoadStatus
        {
            FinishedBytes = progress?.FinishedBytes ?? 0,
            TotalBytes = progress?.TotalBytes ?? 0,
            Progress = CopyFigures.Percent(status.Stage == Stage.Finished ? 1 : Copied ?? 0),
            MetaBinlog = Places.Text(progress?.Dump?.Position),
            MetaBinlogGTID = progress?.Dump?.Gtid ?? "",
        };
    }

    /// <inheritdoc/>
    public ValueTask<BinlogPosition?> NeededFromAsync(CancellationToken ct) => ValueTask.FromResult<BinlogPosition?>(null);
}
