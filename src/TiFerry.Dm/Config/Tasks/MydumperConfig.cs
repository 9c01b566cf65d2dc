using TiFerry.Dump.Arguments;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>An entry of <c>mydumpers</c>, with DM's defaults.</summary>
public sealed record MydumperConfig
{
    /// <summary><c>threads</c>: sessions that read the source.</summary>
    public int Threads { get; init; } = 4;

    /// <summary><c>chunk-filesize</c>: the size at which an exported file ends, in MiB, or with a unit, as in <c>64M</c> or <c>256KiB</c>.</summary>
    public string ChunkFileSize { get; init; } = "64";

    /// <summary><c>statement-size</c>: bytes at which an exported INSERT ends; 0 for the exporter's own.</summary>
    public long StatementSize { get; init; }

    /// <summary><c>rows</c>: rows in a chunk of a table; 0 for the exporter's own.</summary>
    public long Rows { get; init; }

    /// <summary><c>where</c>: a condition that rows must fulfil; empty for all rows.</summary>
    public string Where { get; init; } = "";

    /// <summary><c>skip-tz-utc</c>: whether TIMESTAMPs are exported in the source's time zone.</summary>
    public bool SkipTzUtc { get; init; } = true;

    /// <summary><c>extra-args</c>: further options of the exporter, as on Dumpling's command line.</summary>
    public string ExtraArgs { get; init; } = "";

    /// <summary><see cref="ChunkFileSize"/> in bytes.</summary>
    public long ChunkFileBytes => ExtraArguments.FileSize(ChunkFileSize);
}
