using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.MySql;

namespace TiFerry.Import;

/// <summary>What is loaded, where to, and how. The defaults are those of DM's <c>loaders</c> section.</summary>
public sealed record LoadOptions
{
    /// <summary>The folder with the dump's files.</summary>
    public required string Directory { get; init; }

    /// <summary>The task; its checkpoint is in <c>&lt;task&gt;_loader_checkpoint</c>.</summary>
    public required string Task { get; init; }

    /// <summary>Which of the task's sources the dump is of; 32 characters at most.</summary>
    public string SourceId { get; init; } = "source";

    /// <summary>The schema of the target that holds the checkpoint; created where it is missing.</summary>
    public required string MetaSchema { get; init; }

    /// <summary>
    /// Opens a writing session on the target (<see cref="MySql.Sessions.Session.OpenForWritingAsync"/>) for a slot: <c>0</c>, <c>1</c>, ... up to
    /// <see cref="PoolSize"/>. No two sessions of one slot are open at a time.
    /// </summary>
    public required Func<string, CancellationToken, ValueTask<MySqlConnection>> OpenSession { get; init; }

    /// <summary>Which tables and views of the dump are loaded; the server's own databases never are.</summary>
    public ITableSelector Tables { get; init; } = TableFilter.Default();

    /// <summary>Where they go.</summary>
    public TableRouter Router { get; init; } = new([]);

    /// <summary><c>pool-size</c>: files that are loaded at the same time.</summary>
    public int PoolSize { get; init; } = 16;

    /// <summary><c>on-duplicate-logical</c>.</summary>
    public DuplicateRows OnDuplicate { get; init; } = DuplicateRows.Replace;

    /// <summary>
    /// The server that the dump was made of, which decides how its definitions are read. Null to take what the dump's metadata says, or else the
    /// target's own kind.
    /// </summary>
    public ServerInfo? SourceServer { get; init; }

    /// <summary>
    /// The character set of texts in the files. Null to follow the tool that made the dump: as the files say (<c>SET NAMES</c>), but UTF-8 for Dumpling, whose
    /// files say <c>binary</c> and hold UTF-8.
    /// </summary>
    public string? CharacterSet { get; init; }

    /// <summary>The time zone of TIMESTAMP values in files that don't say it.</summary>
    public string TimeZone { get; init; } = "+00:00";
}
