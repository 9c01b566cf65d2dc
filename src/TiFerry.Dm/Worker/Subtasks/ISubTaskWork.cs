using TiFerry.Binlog;
using TiFerry.Dm.Pb;
using TiFerry.Sync.Metrics;
using TiFerry.Sync.Operations;
using TiFerry.Sync.Source;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>What a subtask does while it runs: its units, one after the other. Whatever has to outlive the process is on the target, so a new one goes on where an earlier one ended.</summary>
internal interface ISubTaskWork
{
    /// <summary>The unit that it is in, or would go on with.</summary>
    UnitType Unit { get; }

    /// <summary>Does what is left to do.</summary>
    /// <param name="stop">Asks to stop: what is being written is finished, and where to go on is noted.</param>
    /// <returns>True where all is done; false where the token ended it.</returns>
    /// <exception cref="Core.Errors.TiFerryException">Something needs a person to act.</exception>
    Task<bool> RunAsync(CancellationToken stop);

    /// <summary>Ends the work for good and at once: nothing more is sent to the target, whatever is under way. A later <see cref="RunAsync"/> fails.</summary>
    void Abort();

    /// <summary>Changes what is done about single statements of the binlog.</summary>
    void Operate(IReadOnlyList<BinlogOperation> operations);

    /// <summary>Fills in the status of the unit.</summary>
    /// <param name="status">Takes it.</param>
    /// <param name="source">Where the source's binlog ends; null where that is not known.</param>
    void Describe(SubTaskStatus status, SourcePosition? source);

    /// <summary>How much of the copy is done, from 0 to 1; null where the work has none.</summary>
    double? Copied { get; }

    /// <summary>The figures of following; null before there are any.</summary>
    SyncMetrics? Metrics { get; }

    /// <summary>From where on the work needs the source's binlog, as the target has it; null where it needs none, or has not begun.</summary>
    ValueTask<BinlogPosition?> NeededFromAsync(CancellationToken ct);
}
