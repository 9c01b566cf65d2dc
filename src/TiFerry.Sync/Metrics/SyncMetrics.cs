using System.Globalization;
using TiFerry.Binlog;
using TiFerry.Core.Metrics;
using TiFerry.Core.Progress;
using TiFerry.Sync.Change;

namespace TiFerry.Sync.Metrics;

/// <summary>A synchronisation's figures under the metric names of DM's sync unit (<c>dm_syncer_...</c>), and under own names where DM has none (<c>tiferry_sync_...</c>).</summary>
/// <param name="progress">The figures.</param>
/// <param name="task">The label <c>task</c>.</param>
/// <param name="sourceId">The label <c>source_id</c>.</param>
/// <param name="worker">The label <c>worker</c>; empty for none.</param>
/// <param name="time">The clock; the system's by default.</param>
public sealed class SyncMetrics(SyncProgress progress, string task, string sourceId, string worker = "", TimeProvider? time = null)
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly RateEstimator _bytes = new(RateWindow, time);
    private readonly Lock _lock = new();
    private (BinlogPosition Position, long? BytesBehind)? _source;

    /// <summary>Tells where the source's binlog ends. Nothing asks the source for metrics; who asks it anyway tells it here.</summary>
    /// <param name="position">Its end.</param>
    /// <param name="bytesBehind">Bytes of binlog between what was read and that end; null where only positions in the same file can tell.</param>
    public void SetSource(BinlogPosition position, long? bytesBehind = null)
    {
        lock (_lock)
            _source = (position, bytesBehind);
    }

    /// <summary>Writes the figures of several synchronisations, which have to differ in a label.</summary>
    /// <param name="writer">Takes them.</param>
    /// <param name="units">The synchronisations.</param>
    public static void Write(PrometheusWriter writer, IReadOnlyCollection<SyncMetrics> units)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(units);
        Each(writer, units, "dm_syncer_binlog_pos", MetricType.Gauge, "current binlog position of the source and of what was read of it", u => u.WritePositions(writer, p => p.Position));
        Each(writer, units, "dm_syncer_binlog_file", MetricType.Gauge, "number of the current binlog file of the source and of what was read of it", u => u.WritePositions(writer, FileNumber));
        Each(writer, units, "dm_syncer_binlog_event_size", MetricType.Histogram, "size of a binlog event in bytes", u => writer.Sample(u.Progress.Measures.EventBytes, u.Labels()));
        Each(writer, units, "dm_syncer_binlog_event_row", MetricType.Histogram, "rows taken of a binlog event", u => writer.Sample(u.Progress.Measures.EventRows, u.Labels()));
        Each(writer, units, "dm_syncer_added_jobs_total", MetricType.Counter, "changes that were read", u => u.WriteJobs(writer, u.Progress.AddedRows, u.Progress.AddedDdls));
        Each(writer, units, "dm_syncer_finished_jobs_total", MetricType.Counter, "changes that the target holds", u => u.WriteJobs(writer, u.Progress.FinishedRows, u.Progress.Ddls));
        Each(writer, units, "dm_syncer_queue_size", MetricType.Gauge, "row changes that were read and are not on the target", u => writer.Sample(u.Progress.QueuedRows, [.. u.TaskLabels(), new("queue_id", "")]));
        Each(writer, units, "dm_syncer_finished_transaction_total", MetricType.Counter, "transactions of the source that the target holds", u => writer.Sample(u.Progress.Transactions, u.Labels()));
        Each(writer, units, "dm_syncer_txn_duration_time", MetricType.Histogram, "time in seconds that the target takes for a window", u => writer.Sample(u.Progress.Measures.WindowSeconds, u.Labels()));
        Each(writer, units, "dm_syncer_replication_transaction_batch", MetricType.Histogram, "row changes of a window", u => writer.Sample(u.Progress.Measures.WindowRows, [.. u.Labels(), new("queueNo", ""), new("type", "rows")]));
        Each(writer, units, "dm_syncer_flush_checkpoints_time_interval", MetricType.Histogram, "time in seconds between two checkpoints", u => writer.Sample(u.Progress.Measures.CheckpointSeconds, u.Labels()));
        Each(writer, units, "dm_syncer_replication_lag_gauge", MetricType.Gauge, "how far the target is behind the source in seconds", u => writer.Sample(u.Progress.Lag(u._time.GetUtcNow()).TotalSeconds, u.Labels()));
        Each(writer, units, "dm_syncer_replication_lag", MetricType.Histogram, "how far the target was behind the source in seconds when a window was applied", u => writer.Sample(u.Progress.Measures.LagSeconds, u.Labels()));
        Each(writer, units, "dm_syncer_remaining_time", MetricType.Gauge, "time in seconds until the source's end is read, at the present rate", u => u.WriteRemaining(writer));
        Each(writer, units, "dm_syncer_exit_with_error_count", MetricType.Counter, "ends by an error", u => u.WriteExits(writer));
        Each(writer, units, "tiferry_sync_stage_seconds_total", MetricType.Counter, "time spent in a stage", u => u.WriteStages(writer));
        Each(writer, units, "tiferry_sync_skipped_statements_total", MetricType.Counter, "statements that were not carried", u => u.WriteSkipped(writer));
        Each(writer, units, "tiferry_sync_unmatched_rows_total", MetricType.Counter, "updates and deletes that found no row on the target", u => writer.Sample(u.Progress.UnmatchedRows, u.Labels()));
        Each(writer, units, "tiferry_sync_surplus_rows_total", MetricType.Counter, "rows that updates and deletes found beyond the one they should have found", u => writer.Sample(u.Progress.SurplusRows, u.Labels()));
    }

    private SyncProgress Progress => progress;

    private static void Each(PrometheusWriter writer, IReadOnlyCollection<SyncMetrics> units, string name, MetricType type, string help, Action<SyncMetrics> write)
    {
        writer.Begin(name, type, help);
        foreach (var unit in units)
            write(unit);
    }

    private MetricLabel[] TaskLabels() => [new("task", task), new("source_id", sourceId)];

    private MetricLabel[] Labels() => [.. TaskLabels(), new("worker", worker)];

    private void WritePositions(PrometheusWriter writer, Func<BinlogPosition, double> figure)
    {
        if (Source() is { } source)
            writer.Sample(figure(source.Position), [new("node", "master"), .. TaskLabels()]);
        if (!string.IsNullOrEmpty(progress.ReadPosition.File))
            writer.Sample(figure(progress.ReadPosition), [new("node", "syncer"), .. TaskLabels()]);
    }

    private void WriteJobs(PrometheusWriter writer, RowCounts rows, long ddls)
    {
        Write("insert", rows.Inserts);
        Write("update", rows.Updates);
        Write("delete", rows.Deletes);
        Write("ddl", ddls);

        void Write(string type, long count) =>
            writer.Sample(count, [new("type", type), .. Labels(), new("queueNo", ""), new("target_schema", ""), new("target_table", "")]);
    }

    private void WriteRemaining(PrometheusWriter writer)
    {
        TimeSpan? remaining;
        lock (_lock)
        {
            _bytes.Record(progress.EventBytes);
            remaining = BytesBehind() is { } bytes ? _bytes.TimeFor(bytes) : null;
        }
        if (remaining is { } known)
            writer.Sample(known.TotalSeconds, Labels());
    }

    private void WriteExits(PrometheusWriter writer)
    {
        writer.Sample(progress.PassingExits, [.. TaskLabels(), new("resumable_err", "true")]);
        writer.Sample(progress.FinalExits, [.. TaskLabels(), new("resumable_err", "false")]);
    }

    private void WriteStages(PrometheusWriter writer)
    {
        foreach (var stage in Enum.GetValues<SyncStage>())
            writer.Sample(progress.Stages[stage].TotalSeconds, [.. Labels(), new("stage", NameOf(stage))]);
    }

    private void WriteSkipped(PrometheusWriter writer)
    {
        foreach (var (kind, count) in progress.SkippedStatements)
            writer.Sample(count, [.. Labels(), new("kind", kind)]);
    }

    private (BinlogPosition Position, long? BytesBehind)? Source()
    {
        lock (_lock)
            return _source;
    }

    private long? BytesBehind()
    {
        if (_source is not { } source)
            return null;
        if (source.BytesBehind is not null)
            return source.BytesBehind;
        var read = progress.ReadPosition;
        return read.File == source.Position.File ? (long)(source.Position.Position - Math.Min(read.Position, source.Position.Position)) : null;
    }

    private static string NameOf(SyncStage stage) => stage switch
    {
        SyncStage.WaitForSource => "wait_for_source",
        SyncStage.WaitForApply => "wait_for_apply",
        SyncStage.Apply => "apply",
        SyncStage.Ddl => "ddl",
        _ => stage.ToString(),
    };

    private static double FileNumber(BinlogPosition position) =>
        double.TryParse(position.File.AsSpan(position.File.LastIndexOf('.') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
}
