using System.Collections.Concurrent;
using TiFerry.Core.Errors;

namespace TiFerry.Dm.Master.Services;

/// <summary>Keeps two requests from starting, changing or stopping one task at the same time.</summary>
internal sealed class TaskLatch
{
    private readonly ConcurrentDictionary<string, byte> _held = new(StringComparer.Ordinal);

    /// <summary>Takes a task until what is returned is disposed of.</summary>
    /// <param name="operation">What for, for the one who comes too late.</param>
    /// <param name="task">The task.</param>
    /// <exception cref="TiFerryException">Another request has it.</exception>
    public IDisposable Take(string operation, string task) =>
        _held.TryAdd(task, 0) ? new Holder(this, task) : throw Scheduling.SchedulerErrors.InUse(operation, task);

    private sealed class Holder(TaskLatch latch, string task) : IDisposable
    {
        public void Dispose() => latch._held.TryRemove(task, out _);
    }
}
