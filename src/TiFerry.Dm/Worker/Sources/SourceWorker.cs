using System.Collections.Concurrent;
using TiFerry.Binlog;
using TiFerry.Core.Logging;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Stages;
using TiFerry.Dm.Worker.Subtasks;

namespace TiFerry.Dm.Worker.Sources;

/// <summary>Everything that a worker does for one source: its subtasks, its relay log, and their resumption after errors.</summary>
internal sealed class SourceWorker : IAsyncDisposable
{
    private readonly SourceSetup _setup;
    private readonly Log _log;
    private readonly ConcurrentDictionary<string, SubTaskSlot> _slots = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lazy<Task> _disposal;
    private readonly Task _looking;
    private volatile SourceRelay? _relay;
    private RelayOrder? _relayOrder;

    /// <summary>Prepares; nothing runs before orders come.</summary>
    public SourceWorker(SourceSetup setup, Log log)
    {
        _setup = setup;
        _log = log;
        _disposal = new Lazy<Task>(EndAsync);
        Probe = new SourceProbe(setup.Connection);
        _looking = setup.AutoResume is { } options ? Task.Run(() => LookAsync(options.Interval)) : Task.CompletedTask;
    }

    /// <summary>The source's name.</summary>
    public string Source => _setup.Source;

    /// <summary>What is fixed about it.</summary>
    public SourceSetup Setup => _setup;

    /// <summary>Where the source's binlog ends.</summary>
    public SourceProbe Probe { get; }

    /// <summary>The relay log; null where none is pulled.</summary>
    public SourceRelay? Relay => _relay;

    /// <summary>The subtasks, by name.</summary>
    public IReadOnlyList<SubTask> SubTasks =>
        [.. _slots.OrderBy(static s => s.Key, StringComparer.Ordinal).Select(static s => s.Value.SubTask).OfType<SubTask>()];

    /// <summary>Orders for subtasks that could not be carried out.</summary>
    public long RefusedOrders => _slots.Values.Sum(static s => s.RefusedOrders);

    /// <summary>The subtask of a task; null where there is none.</summary>
    public SubTask? Find(string task) => _slots.GetValueOrDefault(task)?.SubTask;

    /// <summary>What is ordered for a task; null for nothing.</summary>
    public SubTaskOrder? FindOrder(string task) => _slots.GetValueOrDefault(task)?.Order;

    /// <summary>Takes new orders. Subtasks get there by and by.</summary>
    /// <param name="source">What is to be done for the source; null where it is bound to this worker no longer.</param>
    /// <param name="relay">Its relay log; null for none.</param>
    public async Task ApplyAsync(SourceOrder? source, RelayOrder? relay)
    {
        var unneeded = relay is null ? Interlocked.Exchange(ref _relay, null) : null;
        if (relay is not null && _relay is null)
            _relay = _setup.CreateRelay(this);
        Want(source);
        if (unneeded is not null)
        {
            // Its readers go first.
            await ReachedAsync();
            await unneeded.DisposeAsync();
            _relayOrder = null;
        }
        if (relay is not null && _relay is { } log && (_relayOrder is null || relay.StageRevision != _relayOrder.StageRevision))
        {
            // It starts with what the first of them needs.
            await ReachedAsync();
            await (relay.Stage == Stage.Running ? log.ResumeAsync() : log.PauseAsync());
        }
        _relayOrder = relay;
    }

    /// <summary>Completes when all subtasks are as they were ordered to be last.</summary>
    public Task ReachedAsync() => Task.WhenAll(_slots.Values.Select(static s => s.ReachedAsync()));

    /// <summary>Stops all subtasks at once, without noting where to go on.</summary>
    public async Task KillAsync()
    {
        await Task.WhenAll(_slots.Values.Select(static s => s.KillAsync()));
        await DisposeAsync();
    }

    /// <summary>Stops everything; where to go on is noted.</summary>
    public ValueTask DisposeAsync() => new(_disposal.Value);

    private async Task EndAsync()
    {
        await _disposed.CancelAsync();
        Want(null);
        await ReachedAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Interlocked.Exchange(ref _relay, null) is { } relay)
            await relay.DisposeAsync();
        await Probe.DisposeAsync();
        _disposed.Dispose();
    }

    /// <summary>The first position that some subtask needs; null where none needs any.</summary>
    public async ValueTask<BinlogPosition?> NeededAsync(CancellationToken ct)
    {
        BinlogPosition? first = null;
        foreach (var subTask in SubTasks)
        {
            if (await subTask.NeededFromAsync(ct) is { } needed && (first is null || needed < first))
                first = needed;
        }
        return first;
    }

    private void Want(SourceOrder? source)
    {
        foreach (var gone in _slots.Keys.Except(source?.SubTasks.Select(static t => t.Task) ?? [], StringComparer.Ordinal))
            _slots[gone].Want(null);
        foreach (var order in source?.SubTasks ?? [])
            _slots.GetOrAdd(order.Task, NewSlot).Want(new SubTaskWish(order, source!, _relay));
    }

    private SubTaskSlot NewSlot(string task) => new(task, _setup.CreateWork, _setup.AutoResume ?? new AutoResumeOptions(), _log);

    private async Task LookAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        while (await timer.WaitForNextTickAsync(_disposed.Token))
        {
            foreach (var subTask in SubTasks)
                await subTask.LookAsync();
            if (_relay is { } relay)
                await relay.LookAsync();
        }
    }
}
