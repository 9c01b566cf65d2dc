namespace TiFerry.Binlog.Events;

/// <summary>ROTATE_EVENT: the next file's name. An artificial one opens every stream and tells which file follows.</summary>
public sealed class RotateEvent : BinlogEvent
{
    private CachedText _file;

    /// <summary>Position of the first event to come in that file.</summary>
    public ulong Position { get; private set; }

    /// <summary>The file's name without directory.</summary>
    public string File { get; private set; } = "";

    internal void Read(ReadOnlySpan<byte> body)
    {
        var reader = new EventReader(body);
        Position = reader.ReadUInt64();
        File = _file.Get(reader.ReadRest());
    }
}
