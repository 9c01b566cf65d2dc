using System.Buffers.Binary;
using TiFerry.Binlog.Events;

namespace TiFerry.Binlog.Stream;

/// <summary>How much of a transaction was delivered, and a digest of it that tells whether the source sends the same again.</summary>
internal struct DeliveredPart
{
    /// <summary>Events delivered.</summary>
    public long Events { get; private set; }

    /// <summary>Rows in them; counted only where the transaction may come again from another server.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether the part came from more than one server, so that only its rows can be counted.</summary>
    public bool SpansServers { get; set; }

    /// <summary>Changes with type, time, size and checksum of every event.</summary>
    public ulong Digest { get; private set; }

    public void Add(BinlogEvent e, bool countRows)
    {
        Events++;
        if (countRows && e is RowsEvent rows)
            Rows += rows.CountRows();
        var raw = e.Raw.Span;
        var end = BinaryPrimitives.ReadUInt32LittleEndian(raw[^4..]);
        var head = ((ulong)e.Header.Timestamp << 32) | (e.Header.EventSize << 8) | (byte)e.Type;
        Digest = ((Digest ^ head) * 0x9E3779B97F4A7C15) ^ end ^ (Digest >> 29);
    }
}
