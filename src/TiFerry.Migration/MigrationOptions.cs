using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.Migration.Routes;
using TiFerry.MySql;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Operations;
using TiFerry.Sync.Rules;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;

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

    /// <summary>The task's name, 46 characters at most; tasks with different names can share a target.</summary>
    public string TaskName { get; init; } = "migrate";

    /// <summary>
    /// Which of the task's sources this is, where several migrations of one task share a target and a meta schema: a part of every key there, DM's <c>id</c> of the checkpoint; 32 characters at most.
    /// </summary>
    public string CheckpointId { get; init; } = CheckpointStore.OnlySource;

    /// <summary>
    /// Higher than that of every process that worked on this source of the task before: those are ended and can't write any more. A process uses one token, and runs the same source of a task once at a time.
    /// Null: another process that works on it is waited for, and then refused.
    /// </summary>
    public ulong? FencingToken { get; init; }

    /// <summary>Whether the task has other sources, which may write to the same tables of the target.</summary>
    public bool HasOtherSources { get; init; }

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

    /// <summary>
    /// Where to follow from in mode incremental, by date and time in the source's own time zone; wins over position and GTID, and over the checkpoint of a task that began before. Without <see cref="StartTimeId"/> to be given for one run only: each run with it begins there.
    /// </summary>
    public DateTime? StartTime { get; init; }

    /// <summary>
    /// Tells the giving of <see cref="StartTime"/> from others, 255 characters at most; kept on the target in the transaction that moves the checkpoint. Where the task has begun there already under this id, by whichever process,
    /// it goes on from its checkpoint. Null: each run begins there.
    /// </summary>
    public string? StartTimeId { get; init; }

    /// <summary>Whether following ends once the position that the source had when it began is applied.</summary>
    public bool StopWhenCaughtUp { get; init; }

    /// <summary>Whether both sides are compared, row by row, once the target has caught up.</summary>
    public bool Verify { get; init; }

    /// <summary>The directory of a relay log, through which the source is followed and which keeps what the source purges; null for none.</summary>
    public string? RelayDir { get; init; }

    /// <summary>How long after its last change a relay log file is kept at least; zero keeps all. What the task still needs stays in any case.</summary>
    public TimeSpan RelayExpires { get; init; }

    /// <summary>A relay log that somebody else keeps, through which the source is followed; null for none, or for one of the task's own in <see cref="RelayDir"/>.</summary>
    public RelayEvents? Relay { get; init; }

    /// <summary>What is done about single statements of the binlog; may change while the task runs.</summary>
    public BinlogOperations Operations { get; init; } = new();

    /// <summary>How long faults that may pass are tolerated without any progress in between.</summary>
    public TimeSpan Patience { get; init; } = MigrationTask.Patience;

    /// <summary>The schema on the target that holds the checkpoints.</summary>
    public string MetaSchema { get; init; } = "tiferry_meta";

    /// <summary>The rules of the task: block-allow-list, routes, filters and the like. Without a rules file only what <see cref="Filter"/> says.</summary>
    public SyncRules Rules { get; init; } = NoRules;

    /// <summary>The source's id, which <c>extract-source</c> of a route takes its values from.</summary>
    public string SourceId { get; init; } = "";

    /// <summary>Rules that change nothing: unlike in DM's task file, tables of online schema change tools are tables like any others.</summary>
    public static SyncRules NoRules { get; } = new() { OnlineDdl = new OnlineDdlRules { IsOn = false } };

    /// <summary>Whether nothing is assumed of what the target holds while the source is followed: rows are replaced or deleted. <see cref="Rules"/> can ask for it, too.</summary>
    public bool SafeMode { get; init; }

    /// <summary>How long after each start that holds too; null for what <see cref="Rules"/> say, or as long as the start itself needs it.</summary>
    public TimeSpan? SafeModeDuration { get; init; }

    /// <summary>Whether errors while the source is followed leave the values of rows out.</summary>
    public bool Redacts { get; init; } = true;

    /// <summary>How many sessions write while the source is followed.</summary>
    public int Workers => Rules.Syncer?.WorkerCount ?? Threads;

    /// <summary>The tables that <see cref="Filter"/> and the block-allow-list take; the meta schema never takes part.</summary>
    /// <exception cref="TiFerryException">A pattern is wrong.</exception>
    public ITableSelector Selection()
    {
        var filter = Filter.Count == 0 ? TableFilter.Default(MetaSchema) : TableFilter.Parse([.. Filter, $"!{MetaSchema}.*", .. SystemSchemas.Names.Select(s => $"!{s}.*")]);
        return Rules.CompileSelector() is { } allowList ? new SelectedTables(filter, allowList.MatchSchema, allowList.MatchTable) : filter;
    }

    /// <summary>Those of <see cref="Selection"/> that hold data of their own: no tables of online schema change tools.</summary>
    internal ITableSelector DataTables() => Rules.OnlineDdl.Compile() is { } online
        ? new SelectedTables(Selection(), _ => true, (_, table) => online.KindOf(table) == OnlineTableKind.Real)
        : Selection();

    /// <summary>The sessions that write to the target.</summary>
    internal TargetSlots CreateSlots() => new(Target, MetaSchema, TaskName, CheckpointId, FencingToken);

    /// <summary>Where schemas and tables go.</summary>
    /// <exception cref="TiFerryException">A route can't be used.</exception>
    public TableRouter Router()
    {
        if (SourceId.Length == 0 && Rules.Routes.FirstOrDefault(r => r.ExtractSource is not null) is { } route)
        {
            throw new TiFerryException(ConfigErrors.BadRoute, ErrorScope.NotSet,
                $"the route '{route.Name}' extracts a column from the source's id, and the source has none", "give the source an id with --source-id");
        }
        return Rules.CompileRouter(SourceId);
    }
}
