using TiFerry.Binlog;
using TiFerry.Core.Filters;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Checkpoint;
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

    /// <summary>Which tables to carry.</summary>
    public required ITableSelector Filter { get; init; }

    /// <summary>How many sessions write to the target at once; 1 keeps source transactions whole.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Row changes after which a window is applied.</summary>
    public int WindowRows { get; init; } = 20_000;

    /// <summary>Bytes of row images after which a window is applied.</summary>
    public int WindowBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The id that the source knows this replica by.</summary>
    public required uint ServerId { get; init; }

    /// <summary>
    /// For objects that were copied while the source went on: the position that the copy holds. Changes up to it are in the copy
    /// already. A name without a table stands for the definition of the schema.
    /// </summary>
    public IReadOnlyDictionary<TableName, BinlogPosition> CopiedAt { get; init; } = new Dictionary<TableName, BinlogPosition>();

    /// <summary>Where to stop: once everything up to this position is applied; null to go on for ever.</summary>
    public BinlogPosition? StopAt { get; init; }
}
