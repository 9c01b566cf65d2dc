using TiFerry.Core.Errors;

namespace TiFerry.Binlog;

/// <summary>The errors of this room. 36069 is DM's number for a failed read of the binlog; the others are TiFerry's own.</summary>
internal static class BinlogErrors
{
    /// <summary>The source refused or cut the stream.</summary>
    public static readonly ErrorCode Stream = new(36069, "sync-unit", "high");

    /// <summary>The number of <see cref="Corrupt"/>.</summary>
    public const int CorruptNumber = 90201;

    /// <summary>Bytes that are not what the format says.</summary>
    public static readonly ErrorCode Corrupt = new(CorruptNumber, "binlog-op", "high");

    /// <summary>Valid, but nothing that this program can carry.</summary>
    public static readonly ErrorCode Unsupported = new(90202, "binlog-op", "high");

    /// <summary>A GTID, GTID set or position that a user wrote and that cannot be read.</summary>
    public static readonly ErrorCode Syntax = new(90203, "binlog-op", "medium");

    public static TiFerryException CorruptAt(string what, string? position = null, Exception? cause = null) =>
        new(Corrupt, ErrorScope.Upstream, position is null ? $"the binlog is damaged: {what}" : $"the binlog is damaged at {position}: {what}",
            "check the file on the source with mysqlbinlog --verify-binlog-checksum; if it is damaged there too, copy the data anew from a later position", cause);

    public static TiFerryException UnsupportedAt(string what, string workaround) => new(Unsupported, ErrorScope.Upstream, what, workaround);
}
