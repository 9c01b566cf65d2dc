namespace TiFerry.Binlog.Events;

/// <summary>BEGIN_LOAD_QUERY_EVENT and APPEND_BLOCK_EVENT: a piece of the file of a statement-format LOAD DATA.</summary>
public sealed class LoadDataBlockEvent : BinlogEvent
{
    private ReadOnlyMemory<byte> _data;

    /// <summary>Connects the pieces of one file.</summary>
    public uint FileId { get; private set; }

    /// <summary>Whether this is the first piece.</summary>
    public bool IsFirst => Type == EventType.BeginLoadQuery;

    /// <summary>The piece.</summary>
    public ReadOnlySpan<byte> Data => _data.Span;

    internal void Read(ReadOnlyMemory<byte> body)
    {
        var reader = new EventReader(body.Span);
        FileId = reader.ReadUInt32();
        _data = body[reader.Position..];
    }
}

/// <summary>DELETE_FILE_EVENT: the LOAD DATA whose pieces were sent failed on the source.</summary>
public sealed class LoadDataAbortEvent : BinlogEvent
{
    /// <summary>Connects the pieces of one file.</summary>
    public uint FileId { get; private set; }

    internal void Read(ReadOnlySpan<byte> body) => FileId = new EventReader(body).ReadUInt32();
}
