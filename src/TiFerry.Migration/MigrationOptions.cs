using TiFerry.Binlog;
using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Migration.Routes;
using TiFerry.MySql;

namespace TiFerry.Migration;

/// <summary>What one migration is about.</summary>
public sealed record MigrationOptions
{
    /// <summary>The source.</summary>
    public required MySqlConnectionOptions Source { get; init; }

    /// <summary>The target.</summary>
    public required MySqlConnectionOptions Target { get; init; }

    /// <summary>Which parts to do.</summary>
    public MigrationMode Mode { get; init; } = MigrationMode.All;

    /// <summary>The task's name; tasks with different names can share a target.</summary>
    public string TaskName { get; init; } = "migrate";

    /// <summary>Table filter patterns; empty for all but the system schemas.</summary>
    public IReadOnlyList<string> Filter { get; init; } = [];

    /// <summary>How many sessions read and write at once in the copy, and write in the following.</summary>
    public int Threads { get; init; } = 4;

    /// <summary>Rows in a chunk of the copy.</summary>
    public int ChunkRows { get; init; } = 20_000;

    /// <summary>Where to follow from in mode incremental, by file and position; null to use <see cref="StartGtid"/>.</summary>
    public BinlogPosition? StartPosition { get; init; }

    /// <summary>Where to follow from in mode incremental, by GTID; null to use <see cref="StartPosition"/>.</summary>
    public string? StartGtid { get; init; }

    /// <summary>Whether following ends once the position that the source had when it began is applied.</summary>
    public bool StopWhenCaughtUp { get; init; }

    /// <summary>Whether both sides are compared, row by row, once the target has caught up.</summary>
    public bool Verify { get; init; }

    /// <summary>The schema on the target that holds the checkpoints.</summary>
    public string MetaSchema { get; init; } = "tiferry_meta";

    /// <summary>Which tables take part, besides <see cref="Filter"/>: the block-allow-list of the rules; null for all.</summary>
    public ITableSelector? AllowList { get; init; }

    /// <summary>Where schemas and tables go.</summary>
    public TableRouter Router { get; init; } = new([]);

    /// <summary>What <see cref="Filter"/> and <see cref="AllowList"/> take; the meta schema never takes part.</summary>
    /// <exception cref="Core.Errors.TiFerryException">A filter pattern is wrong.</exception>
    public ITableSelector Selection()
    {
        var filter = Filter.Count == 0 ? TableFilter.Default(MetaSchema) : TableFilter.Parse([.. Filter, $"!{MetaSchema}.*", .. SystemSchemas.Names.Select(s => $"!{s}.*")]);
        return AllowList is null ? filter : new SelectedTables(filter, AllowList);
    }
}
