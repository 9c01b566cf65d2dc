using TiFerry.Dm.Metadata;
using TiFerry.Dm.Worker.Sources;

namespace TiFerry.Dm.Worker.Subtasks;

/// <summary>How a subtask is to be.</summary>
/// <param name="Order">What the cluster's state says of it.</param>
/// <param name="Source">What it says of its source.</param>
/// <param name="Relay">The relay log to read from; null for the source itself.</param>
internal sealed record SubTaskWish(SubTaskOrder Order, SourceOrder Source, SourceRelay? Relay)
{
    /// <summary>Whether the same work does for both: they may differ in stages and binlog operations only.</summary>
    public bool HasSameWorkAs(SubTaskWish other) =>
        Order.ConfigRevision == other.Order.ConfigRevision && Source.Config == other.Source.Config && Source.FencingToken == other.Source.FencingToken && Relay == other.Relay;
}
