namespace TiFerry.Binlog.Events;

/// <summary>XA_PREPARE_LOG_EVENT: ends the events of an XA transaction that is prepared, or committed in one phase.</summary>
public sealed class XaPrepareEvent : BinlogEvent
{
    private ReadOnlyMemory<byte> _data;
    private int _globalLength;

    /// <summary>True for <c>XA COMMIT ... ONE PHASE</c>: the transaction is committed, not only prepared.</summary>
    public bool IsOnePhase { get; private set; }

    /// <summary>The XID's format number.</summary>
    public uint FormatId { get; private set; }

    /// <summary>The XID's global part.</summary>
    public ReadOnlySpan<byte> GlobalId => _data.Span[.._globalLength];

    /// <summary>The XID's branch part.</summary>
    public ReadOnlySpan<byte> BranchId => _data.Span[_globalLength..];

    internal void Read(ReadOnlyMemory<byte> body)
    {
        var reader = new EventReader(body.Span);
        IsOnePhase = reader.ReadByte() != 0;
        FormatId = reader.ReadUInt32();
        var global = reader.ReadUInt32();
        var branch = reader.ReadUInt32();
        if (global > 64 || branch > 64)
            throw BinlogErrors.CorruptAt($"an XA identifier has parts of {global} and {branch} bytes; 64 is the most");
        _globalLength = (int)global;
        var start = reader.Position;
        reader.Skip((int)(global + branch));
        _data = body.Slice(start, (int)(global + branch));
    }
}
