using TiFerry.Binlog;
using TiFerry.Core.Filters;
using TiFerry.Core.Routing;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Filter;
using TiFerry.Sync.Filter.Expressions;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Operations;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;

namespace TiFerry.Sync;

/// <summary>What a synchronisation needs to know.</summary>
public sealed record SyncOptions
{
    /// <summary>The source.</summary>
    public required MySqlConnectionOptions Source { get; init; }

    /// <summary>The target's sessions.</summary>
    public required TargetSlots Slots { get; init; }

    /// <summary>The checkpoint's table.</summary>
    public required CheckpointStore Store { get; init; }

    /// <summary>Which tables of the source to carry.</summary>
    public required ITableSelector Filter { get; init; }

    /// <summary>Where they go on the target; without rules to tables of the same names.</summary>
    public TableRouter Router { get; init; } = new([]);

    /// <summary>Which row changes and statements are left out, or are errors.</summary>
    public BinlogEventFilter EventFilter { get; init; } = new([]);

    /// <summary>Which row changes are left out because of their values.</summary>
    public IReadOnlyList<ExpressionRule> Expressions { get; init; } = [];

    /// <summary>The time zone in which <see cref="Expressions"/> see TIMESTAMPs; null for UTC.</summary>
    public TimeZoneInfo? TimeZone { get; init; }

    /// <summary>The tables of online schema change tools; null to take them for tables like any others.</summary>
    public OnlineDdlTables? OnlineTables { get; init; }

    /// <summary>What is done about single statements of the binlog; may change while the unit runs.</summary>
    public BinlogOperations Operations { get; init; } = new();

    /// <summary>How many sessions write to the target at once (<c>worker-count</c>); 1 keeps source transactions whole.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Row changes after which a window is applied.</summary>
    public int WindowRows { get; init; } = 20_000;

    /// <summary>Bytes of row images after which a window is applied.</summary>
    public int WindowBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Row changes after which each of several workers commits (<c>batch</c>); 0 for once a window.</summary>
    public int Batch { get; init; }

    /// <summary>Whether several changes of a row in a window become one (<c>compact</c>). Without, a row that changes again waits for the window before it.</summary>
    public bool Compact { get; init; } = true;

    /// <summary>Whether a statement writes many rows (<c>multiple-rows</c>).</summary>
    public bool MultipleRows { get; init; } = true;

    /// <summary>Whether nothing is ever assumed of what the target holds (<c>safe-mode</c>): rows are written as REPLACE or DELETE.</summary>
    public bool SafeMode { get; init; }

    /// <summary>How long after each start that holds too (<c>safe-mode-duration</c>), beyond what a restart needs by itself.</summary>
    public TimeSpan SafeModeDuration { get; init; }

    /// <summary>Whether row values are left out of errors and logs (<c>--redact=off</c> is false).</summary>
    public bool Redacts { get; init; } = true;

    /// <summary>
    /// Told of the objects of each schema change, by their names on both sides, and answers with the other sources of the task that write to them; null where the task has no other source.
    /// </summary>
    public Func<IReadOnlyList<(TableName Source, TableName Target)>, CancellationToken, ValueTask<IReadOnlyList<string>>>? OtherSources { get; init; }

    /// <summary>The id that the source knows this replica by; the one above it is used too.</summary>
    public required uint ServerId { get; init; }

    /// <summary>How long the source may be out of reach before that ends the run.</summary>
    public TimeSpan ReconnectLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The relay log that events are read from instead of the source itself; null for the source.</summary>
    public RelayEvents? Events { get; init; }

    /// <summary>
    /// For objects that were copied while the source went on: the position that the copy holds. Changes up to it are in the copy
    /// already. A name without a table stands for the definition of the schema.
    /// </summary>
    public IReadOnlyDictionary<TableName, BinlogPosition> CopiedAt { get; init; } = new Dictionary<TableName, BinlogPosition>();

    /// <summary>
    /// Where to stop: once everything up to this position is applied; null to go on for ever. With <see cref="Events"/>, a position that the source told goes through
    /// <see cref="RelayEvents.QualifyAsync"/> first.
    /// </summary>
    public BinlogPosition? StopAt { get; init; }
}
