using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Worker.Services;

/// <summary>Keeps what is done about single statements of the binlog, so that it outlives the worker.</summary>
internal interface IOperationKeeper
{
    /// <summary>Keeps these instead of those that were kept.</summary>
    /// <exception cref="Core.Errors.TiFerryException">They can't be kept.</exception>
    Task KeepAsync(string task, string source, IReadOnlyList<BinlogOperation> operations, CancellationToken ct);
}
