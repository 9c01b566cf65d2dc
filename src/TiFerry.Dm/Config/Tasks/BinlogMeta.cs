namespace TiFerry.Dm.Config.Tasks;

/// <summary><c>meta</c> of an instance: where to follow from in mode <c>incremental</c>, as long as the target holds no checkpoint of the task.</summary>
public sealed record BinlogMeta
{
    /// <summary><c>binlog-name</c>; empty to start by <see cref="BinlogGtid"/>.</summary>
    public string BinlogName { get; init; } = "";

    /// <summary><c>binlog-pos</c>; 0 is the file's first event.</summary>
    public uint BinlogPos { get; init; }

    /// <summary><c>binlog-gtid</c>; goes before file and position where the source file has <c>enable-gtid</c>.</summary>
    public string BinlogGtid { get; init; } = "";
}
