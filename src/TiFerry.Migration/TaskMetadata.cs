using TiFerry.Core.Errors;
using TiFerry.Migration.Meta;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.OnlineDdl;

namespace TiFerry.Migration;

/// <summary>What a task keeps on the target.</summary>
public static class TaskMetadata
{
    /// <summary>
    /// Removes all that the meta schema holds of one source of a task (<c>--remove-meta</c>), and with the last source the task's own tables; its next run begins anew. A fencing token stays, so that a predecessor that
    /// was away doesn't take the empty place for its own.
    /// </summary>
    /// <param name="options">The task: target, meta schema, name, checkpoint id and token are looked at.</param>
    /// <param name="ct">Stops the work; called again, it goes on.</param>
    /// <exception cref="TiFerryException">The task runs, or a successor works on it.</exception>
    public static async Task RemoveAsync(MigrationOptions options, CancellationToken ct)
    {
        var slots = options.CreateSlots();
        await using var main = await slots.ClaimIdleAsync(ct);
        if (!await MetaSchema.ExistsAsync(main, options.MetaSchema, ct))
            return;
        var meta = new MetaStore(options.MetaSchema, options.TaskName, options.CheckpointId);
        await meta.CreateAsync(main, ct);
        if (await meta.ReadTaskAsync(main, ct) is { } task)
            await slots.FreeAsync(task.Slots, ct);
        await new CheckpointStore(options.MetaSchema, options.TaskName, options.CheckpointId).RemoveAsync(main, ct);
        await new OnlineDdlStore(options.MetaSchema, options.TaskName, options.CheckpointId).RemoveAsync(main, ct);
        await meta.RemoveAsync(main, ct);
    }
}
