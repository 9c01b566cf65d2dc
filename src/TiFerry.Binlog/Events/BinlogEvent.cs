namespace TiFerry.Binlog.Events;

/// <summary>
/// One event. Event objects are reused: an event, and every span or memory taken from it, is valid until the next event is read.
/// <see cref="TableMapEvent"/> is the exception: it stays what it is for as long as anyone holds it.
/// </summary>
public abstract class BinlogEvent
{
    /// <summary>The common header.</summary>
    public EventHeader Header { get; internal set; }

    /// <summary>The event's type, short for <c>Header.Type</c>.</summary>
    public EventType Type => Header.Type;

    /// <summary>
    /// The event as it stood in the file, from header to checksum. For an event out of a transaction payload these are the uncompressed bytes.
    /// </summary>
    public ReadOnlyMemory<byte> Raw { get; internal set; }

    /// <summary>Whether the event came out of a <see cref="TransactionPayloadEvent"/>; its <c>LogPos</c> then is that of the payload event.</summary>
    public bool IsFromPayload { get; internal set; }
}
