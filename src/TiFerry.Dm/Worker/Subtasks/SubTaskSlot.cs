using TiFerry.Core.Logging;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Stages;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>Brings one subtask to how it is wished to be. Wishes may come faster than they can be carried out: only the latest counts, and no subtask waits for another.</summary>
/// <param name="task">The task's name.</param>
/// <param name="createWork">Makes the work for a wish; must not throw.</param>
/// <param name="autoResume">How it is resumed after errors.</param>
/// <param name="log">The log.</param>
internal sealed class SubTaskSlot(string task, Func<SubTaskWish, ISubTaskWork> createWork, AutoResumeOptions autoResume, Log log)
{
    private readonly Lock _lock = new();
    private SubTaskWish? _wish;
    private SubTaskWish? _reached;
    private bool _isWorking;
    private bool _isKilled;
    private Task _working = Task.CompletedTask;
    private volatile SubTask? _subTask;

    /// <summary>The subtask; null where there is none.</summary>
    public SubTask? SubTask => _subTask;

    /// <summary>What was ordered last; null for nothing.</summary>
    public SubTaskOrder? Order
    {
        get
        {
            lock (_lock)
                return _wish?.Order;
        }
    }

    /// <summary>Orders that could not be carried out.</summary>
    public long RefusedOrders { get; private set; }

    /// <summary>Changes how the subtask is wished to be.</summary>
    /// <param name="wish">How; null where it is to be stopped, with where to go on noted, and to go.</param>
    public void Want(SubTaskWish? wish)
    {
        lock (_lock)
        {
            if (_isKilled)
                return;
            _wish = wish;
            if (_isWorking || wish == _reached)
                return;
            _isWorking = true;
            _working = Task.Run(WorkAsync);
        }
    }

    /// <summary>Completes when the subtask is as it was wished to be last.</summary>
    public Task ReachedAsync()
    {
        lock (_lock)
            return _working;
    }

    /// <summary>Stops the subtask for good and at once, without noting where to go on.</summary>
    public Task KillAsync()
    {
        Want(null);
        lock (_lock)
        {
            _isKilled = true;
            _subTask?.Work.Abort();
            return _working;
        }
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            SubTaskWish? wish;
            lock (_lock)
            {
                if (_wish == _reached)
                {
                    _isWorking = false;
                    return;
                }
                wish = _wish;
            }
            try
            {
                await ReachAsync(wish);
            }
            catch (Exception error)
            {
                RefusedOrders++;
                log.Error("an order can't be carried out", ("task", task), ("stage", wish?.Order.Stage), ("error", error));
            }
            lock (_lock)
                _reached = wish;
        }
    }

    private async Task ReachAsync(SubTaskWish? wish)
    {
        if (_subTask is { } old && (wish is null || IsOther(old, wish)))
        {
            await old.DisposeAsync();
            _subTask = null;
            _reached = null;
        }
        if (wish is null)
            return;
        var before = _reached;
        if (_subTask is not { } subTask)
        {
            if (!TryTakeUp(wish, out subTask!))
                return;
        }
        else if (before is not null && !before.HasSameWorkAs(wish))
        {
            await subTask.ReplaceAsync(createWork(wish));
        }
        subTask.Work.Operate(wish.Order.Operations);
        if (before?.Order.StageRevision != wish.Order.StageRevision)
            await (wish.Order.Stage == Stage.Running ? subTask.ResumeAsync() : subTask.PauseAsync());
    }

    // What is at its end can't go on with a new configuration: it is a new task of the same name.
    private bool IsOther(SubTask subTask, SubTaskWish wish) =>
        subTask.Stage is Stage.Finished or Stage.Stopped && _reached is not null && _reached.Order.ConfigRevision != wish.Order.ConfigRevision;

    private bool TryTakeUp(SubTaskWish wish, out SubTask? subTask)
    {
        lock (_lock)
        {
            subTask = _isKilled ? null : new SubTask(task, createWork(wish), autoResume, log);
            _subTask = subTask;
            return subTask is not null;
        }
    }
}
