using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Migration.Copy;
using TiFerry.Migration.Meta;
using TiFerry.Migration.Routes;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;

namespace TiFerry.Migration;

/// <summary>Finds what the target knows of a task, or notes a new one and where it begins.</summary>
/// <param name="options">What to do.</param>
/// <param name="slots">The sessions on the target.</param>
/// <param name="meta">What is known of the task.</param>
/// <param name="checkpoints">Where its following is.</param>
/// <param name="log">The log.</param>
internal sealed class TaskStart(MigrationOptions options, TargetSlots slots, MetaStore meta, CheckpointStore checkpoints, Log log)
{
    private DateTime? _startTime = options.StartTime;

    /// <summary>Finds or notes the task, and ends sessions that a predecessor may have left.</summary>
    /// <param name="main">The session that holds the task's lock.</param>
    /// <param name="ct">Stops the work.</param>
    /// <exception cref="TiFerryException">It began with other settings, or can't begin where it is told to.</exception>
    public async ValueTask<(TaskRecord Task, bool IsResumed)> RunAsync(MySqlConnection main, CancellationToken ct)
    {
        await using var source = await Session.OpenForReadingAsync(options.Source, ct);
        var identity = await SourceIdentity.ReadAsync(source, ct);
        var filter = string.Join('\n', options.Filter);
        var rules = FixedRules.Of(options.Rules, options.SourceId);
        if (_startTime is not null && options.Mode != MigrationMode.Incremental)
            throw new TiFerryException(ConfigErrors.BadOption, ErrorScope.NotSet, $"a start time was given, and task '{options.TaskName}' copies its tables first", "give a start time to tasks of mode incremental only");
        if (await meta.ReadTaskAsync(main, ct) is { } known)
        {
            RequireSame("mode", known.Mode.ToString().ToLowerInvariant(), options.Mode.ToString().ToLowerInvariant());
            RequireSame("filter", known.Filter, filter);
            RequireSame("rules", known.Rules, rules);
            // The checkpoint decides whether following can go on from another server.
            if (known.Stage != TaskStage.Follow)
                RequireSame("source", known.Source, identity);
            await slots.FreeAsync(known.Slots, ct);
            var resumed = known with { Slots = Math.Max(known.Slots, Slots) };
            if (_startTime is not null && (options.StartTimeId is null || options.StartTimeId != known.StartTimeId))
                return (await BeginAtTimeAsync(main, resumed with { Source = identity, StartTimeId = options.StartTimeId ?? "" }, ct), true);
            await meta.WriteTaskAsync(main, resumed, ct);
            return (resumed, true);
        }
        var start = options.Mode == MigrationMode.Incremental ? await GivenStartAsync(ct) : await StartOfSourceAsync(source, ct);
        var stage = options.Mode == MigrationMode.Incremental ? TaskStage.Follow : TaskStage.Copy;
        var isInOrder = start is not null && !await RowImages.AreFullAsync(source, ct);
        var task = new TaskRecord(identity, options.Mode, filter, stage, Slots, start) { Rules = rules, IsInOrder = isInOrder, StartTimeId = _startTime is null ? "" : options.StartTimeId ?? "" };
        if (stage == TaskStage.Follow)
            await checkpoints.WriteAsync(main, FirstCheckpoint(start!.Value, isInOrder, identity), ct);
        await meta.WriteTaskAsync(main, task, ct);
        _startTime = null;
        return (task, false);
    }

    private int Slots => Math.Max(options.Threads, options.Workers);

    private static async ValueTask<SourcePosition?> StartOfSourceAsync(MySqlConnection source, CancellationToken ct) =>
        string.Equals(await source.QueryScalarAsync("SELECT @@log_bin", ct), "1", StringComparison.Ordinal)
            ? await SourcePosition.ReadAsync(source, ct)
            : null;

    private SyncCheckpoint FirstCheckpoint(SourcePosition start, bool isInOrder, string identity) =>
        new() { Position = start.Position, Gtid = start.Gtid, InOrder = isInOrder, HasAllGtids = options.StartGtid is not null && options.StartTime is null, Source = identity };

    // The definitions that belong to the old position say nothing about the new one.
    private async ValueTask<TaskRecord> BeginAtTimeAsync(MySqlConnection main, TaskRecord task, CancellationToken ct)
    {
        using var sql = new SqlBuffer();
        sql.Append("BEGIN;"u8);
        checkpoints.AppendForgetTables(sql);
        checkpoints.AppendWrite(sql, FirstCheckpoint(await GivenStartAsync(ct), task.IsInOrder, task.Source));
        meta.AppendTask(sql, task);
        sql.Append("COMMIT;"u8);
        await main.ExecuteAsync(sql, ct);
        _startTime = null;
        return task;
    }

    private async ValueTask<SourcePosition> GivenStartAsync(CancellationToken ct)
    {
        if (_startTime is { } time)
        {
            var found = await new PositionByTime(options.Source, UnitOptions.ServerId(options), log).FindAsync(time, ct);
            log.Info("following begins at a time", ("start-time", time), ("position", found.Position), ("gtid", found.Gtid));
            return found;
        }
        if (options.StartPosition is null && options.StartGtid is null)
        {
            throw new TiFerryException(ConfigErrors.NoStart, ErrorScope.NotSet, "mode incremental needs to know where to begin",
                "give --start-position FILE:OFFSET or --start-gtid GTID; a dump's metadata file holds both");
        }
        return new SourcePosition(options.StartPosition ?? new BinlogPosition("", 0), options.StartGtid ?? "");
    }

    private void RequireSame(string what, string before, string now)
    {
        if (string.Equals(before, now, StringComparison.Ordinal))
            return;
        throw new TiFerryException(ConfigErrors.TaskDiffers, ErrorScope.NotSet,
            $"task '{options.TaskName}' began with {what} '{before.Replace('\n', ' ')}', and this run has '{now.Replace('\n', ' ')}'",
            $"run it with the same {what}{(what == "rules" ? " (only filters, expression-filter and syncers may change)" : "")}, or give this migration a name of its own with --task");
    }
}
