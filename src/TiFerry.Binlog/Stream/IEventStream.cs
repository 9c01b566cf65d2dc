using TiFerry.Binlog.Events;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Stream;

/// <summary>
/// Binlog events in the order of the source, each once, wherever they are read from: the source itself (<see cref="BinlogStream"/>) or a relay log.
/// Events out of transaction payloads come as if they stood in the binlog. For one reader at a time.
/// </summary>
public interface IEventStream : IAsyncDisposable
{
    /// <summary>After the event that was read last; null before the file is known.</summary>
    BinlogPosition? Position { get; }

    /// <summary>After the last complete transaction that was read to its end; null before the file is known.</summary>
    BinlogPosition? CommittedPosition { get; }

    /// <summary>Whether the event that was read last belongs to a transaction that is not complete.</summary>
    bool IsInTransaction { get; }

    /// <summary>Where a stream could go on after the last complete transaction: what a checkpoint holds. The result shares nothing with the stream.</summary>
    BinlogStart CaptureCommitted();

    /// <summary>The next event, valid until the next call. Waits as long as it takes; completes synchronously and without allocating while events are at hand.</summary>
    /// <param name="ct">Cancelling ends the stream.</param>
    /// <exception cref="TiFerryException">The binlog is damaged or unsupported, or cannot be read on.</exception>
    ValueTask<BinlogEvent> ReadAsync(CancellationToken ct);
}
