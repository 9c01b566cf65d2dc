namespace TiFerry.Binlog.Events;

/// <summary>XID_EVENT: the commit of a transaction in transactional engines.</summary>
public sealed class XidEvent : BinlogEvent
{
    /// <summary>The engine transaction's number on the source.</summary>
    public ulong Xid { get; private set; }

    internal void Read(ReadOnlySpan<byte> body) => Xid = new EventReader(body).ReadUInt64();
}
