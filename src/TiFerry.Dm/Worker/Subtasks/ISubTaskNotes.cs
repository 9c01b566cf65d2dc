using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>What has to be known of a subtask when this worker is gone, beyond what is on the target.</summary>
internal interface ISubTaskNotes
{
    /// <summary>Keeps what is done about single statements of the binlog, instead of what was kept.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It can't be kept.</exception>
    Task KeepOperationsAsync(string task, string source, IReadOnlyList<BinlogOperation> operations, CancellationToken ct);

    /// <summary>Notes whether this worker has the dump files of a subtask.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It can't be noted.</exception>
    Task KeepDumpPlaceAsync(string task, string source, bool hasFiles, CancellationToken ct);
}
