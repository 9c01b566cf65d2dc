using TiFerry.Binlog;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Tests.Worker.Stages;
using TiFerry.Dm.Worker.Subtasks;
using TiFerry.Sync.Metrics;
using TiFerry.Sync.Operations;
using TiFerry.Sync.Source;

namespace TiFerry.Dm.Tests.Worker.Subtasks;

/// <summary>Work of a subtask that ends when it is told to.</summary>
internal sealed class ScriptedSubTaskWork(SubTaskWish wish) : ISubTaskWork
{
    private readonly TaskCompletionSource<bool> _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ScriptedWork Script { get; } = new();

    public SubTaskWish Wish => wish;

    public IReadOnlyList<BinlogOperation> Operations { get; private set; } = [];

    /// <summary>Whether only an abort ends a run, as when the target does not answer.</summary>
    public bool Hangs { get; init; }

    public double? Copied => null;

    public SyncMetrics? Metrics => null;

    public UnitType Unit => UnitType.Sync;

    public async Task<bool> RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Hangs ? CancellationToken.None : stop);
        var run = Script.RunAsync(end.Token);
        if (await Task.WhenAny(run, _aborted.Task) != run)
            await end.CancelAsync();
        return await run;
    }

    public void Abort() => _aborted.TrySetResult(true);

    public void Operate(IReadOnlyList<BinlogOperation> operations) => Operations = operations;

    public void Describe(SubTaskStatus status, SourcePosition? source) => status.Sync = new SyncStatus { Synced = true };

    public ValueTask<BinlogPosition?> NeededFromAsync(CancellationToken ct) => ValueTask.FromResult<BinlogPosition?>(null);
}
