using TiFerry.Core.Filters;
using TiFerry.Dump.Consistency;
using TiFerry.Dump.Layout;
using TiFerry.MySql;

namespace TiFerry.Dump;

/// <summary>What is dumped, where to, and how. The defaults are those of DM's <c>mydumpers</c> section.</summary>
public sealed record DumpOptions
{
    /// <summary>The server that is read.</summary>
    public required MySqlConnectionOptions Source { get; init; }

    /// <summary>The folder that gets the files; made where it is missing, otherwise empty or an unfinished dump of the same owner.</summary>
    public required string Directory { get; init; }

    /// <summary>Which tables and views take part; the server's own databases never do.</summary>
    public required ITableSelector Tables { get; init; }

    /// <summary><c>threads</c>: sessions that read at the same time.</summary>
    public int Threads { get; init; } = 4;

    /// <summary><c>chunk-filesize</c> in bytes: a file ends with the row that makes it this long; 0 for no limit.</summary>
    public long FileBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary><c>statement-size</c> in bytes: a statement ends with the row that makes it this long; 0 for no limit.</summary>
    public long StatementBytes { get; init; } = 1_000_000;

    /// <summary><c>rows</c>: tables with a row key are cut into ranges of about so many rows that are read at the same time; 0 to read each table in one go.</summary>
    public int Rows { get; init; }

    /// <summary><c>where</c>: a condition that rows of all tables must fulfil; empty for all rows.</summary>
    public string Where { get; init; } = "";

    /// <summary><c>consistency</c>.</summary>
    public DumpConsistency Consistency { get; init; } = DumpConsistency.Auto;

    /// <summary>Whether views are dumped.</summary>
    public bool Views { get; init; } = true;

    /// <summary>Whose the dump is. Another owner's, or another program's, is never overwritten.</summary>
    public DumpMark Mark { get; init; } = DumpMark.Anonymous;

    /// <summary>Whether a finished dump of the same owner in the folder gives way; otherwise it is an error.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether the dump ends before it begins where the disk has less room than the tables have data.</summary>
    public bool RequiresSpace { get; init; }

    /// <summary>How long locks are asked for again when others hold them up.</summary>
    public TimeSpan LockPatience { get; init; } = TimeSpan.FromMinutes(15);
}
