using TiFerry.Binlog;
using TiFerry.Core.Metrics;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Sources;
using TiFerry.Dm.Worker.Subtasks;
using TiFerry.Sync.Metrics;

namespace TiFerry.Dm.Worker.Http;

/// <summary>What <c>/metrics</c> shows: DM's names where DM has the figure, <c>tiferry_</c> names else.</summary>
/// <param name="name">The worker's name, label <c>worker</c>.</param>
/// <param name="source">The source that it has.</param>
internal sealed class WorkerMetrics(string name, HostedSource source)
{
    private readonly CpuShare _cpu = new();

    /// <summary>Writes all figures.</summary>
    public void Write(PrometheusWriter writer)
    {
        var worker = source.Worker;
        var subTasks = worker?.SubTasks ?? [];
        WriteWorker(writer, worker);
        WriteSubTasks(writer, worker?.Source ?? "", subTasks);
        SyncMetrics.Write(writer, [.. subTasks.Select(static t => t.Work.Metrics).OfType<SyncMetrics>()]);
        if (worker?.Relay is { } relay)
            WriteRelay(writer, relay, worker.Probe.Last?.Position);
        ProcessMetrics.Write(writer);
    }

    private void WriteWorker(PrometheusWriter writer, SourceWorker? worker)
    {
        writer.Begin("dm_worker_operate_error", MetricType.Counter, "orders that could not be carried out");
        writer.Sample(source.RefusedOrders.Binding, new("worker", name), new("type", "SourceBound"));
        writer.Sample(source.RefusedOrders.Relay, new("worker", name), new("type", "RelaySource"));
        writer.Sample(worker?.RefusedOrders ?? 0, new("worker", name), new("type", "SubTask"));
        writer.Begin("dm_worker_cpu_usage", MetricType.Gauge, "share of the machine's processors that the worker used since it was asked last, in percent");
        writer.Sample(_cpu.Percent());
    }

    private void WriteSubTasks(PrometheusWriter writer, string sourceId, IReadOnlyList<SubTask> subTasks)
    {
        writer.Begin("dm_worker_task_state", MetricType.Gauge, "stage of a subtask: 1 New, 2 Running, 3 Paused, 6 Pausing, 7 Resuming, 8 Stopping; what is at its end has none");
        foreach (var subTask in subTasks.Where(static t => t.Stage is not (Stage.Stopped or Stage.Finished)))
            writer.Sample((int)subTask.Stage, Labels(subTask));
        writer.Begin("dm_loader_progress", MetricType.Gauge, "share of the copy that is done, from 0 to 1");
        foreach (var subTask in subTasks)
        {
            if (subTask.Work.Copied is { } share)
                writer.Sample(share, Labels(subTask));
        }
        WriteExits(writer, "dm_dumpling_exit_with_error_count", UnitType.Dump);
        WriteExits(writer, "dm_loader_exit_with_error_count", UnitType.Load);

        void WriteExits(PrometheusWriter to, string metric, UnitType unit)
        {
            to.Begin(metric, MetricType.Counter, $"ends of unit {unit} by an error");
            foreach (var subTask in subTasks)
            {
                var (mayPass, stays) = subTask.FailuresOf(unit);
                to.Sample(mayPass, new("task", subTask.Name), new("source_id", sourceId), new("resumable_err", "true"));
                to.Sample(stays, new("task", subTask.Name), new("source_id", sourceId), new("resumable_err", "false"));
            }
        }

        MetricLabel[] Labels(SubTask subTask) => [new("task", subTask.Name), new("source_id", sourceId), new("worker", name)];
    }

    private static void WriteRelay(PrometheusWriter writer, SourceRelay relay, BinlogPosition? source)
    {
        var written = relay.Written;
        writer.Begin("dm_relay_binlog_file", MetricType.Gauge, "number of the current binlog file");
        WriteNode(writer, "relay", Places.FileNumber(written.Position));
        WriteNode(writer, "master", Places.FileNumber(source));
        writer.Begin("dm_relay_binlog_pos", MetricType.Gauge, "position in the current binlog file");
        WriteNode(writer, "relay", written.Position?.Position);
        WriteNode(writer, "master", source?.Position);
        writer.Begin("dm_relay_sub_dir_index", MetricType.Gauge, "number of the sub-directory that is written");
        var dot = written.SubDirectory.LastIndexOf('.');
        if (dot > 0 && int.TryParse(written.SubDirectory.AsSpan(dot + 1), out var number))
            writer.Sample(number, new("node", "relay"), new("uuid", written.SubDirectory));
        WriteSpace(writer, relay.FullPath);
        var (mayPass, stays) = relay.Failures;
        writer.Begin("dm_relay_exit_with_error_count", MetricType.Counter, "ends of the relay log by an error");
        writer.Sample(mayPass, new MetricLabel("resumable_err", "true"));
        writer.Sample(stays, new MetricLabel("resumable_err", "false"));
        writer.Begin("dm_relay_write_error_count", MetricType.Counter, "failures to write relay log files");
        writer.Sample(relay.Faults.Write);
        writer.Begin("dm_relay_data_corruption", MetricType.Counter, "damaged binlog events");
        writer.Sample(relay.Faults.Corruption);
        writer.Begin("dm_relay_read_error_count", MetricType.Counter, "failures to read the source's binlog");
        writer.Sample(mayPass + stays - relay.Faults.Write - relay.Faults.Corruption);
        writer.Begin("tiferry_relay_written_bytes_total", MetricType.Counter, "bytes written since the relay log was started or resumed last");
        writer.Sample(written.Bytes);
    }

    private static void WriteSpace(PrometheusWriter writer, string path)
    {
        writer.Begin("dm_relay_space", MetricType.Gauge, "the disk of the relay log, in bytes");
        if (!Directory.Exists(path))
            return;
        var disk = new DriveInfo(path);
        writer.Sample(disk.TotalSize, new MetricLabel("type", "capacity"));
        writer.Sample(disk.AvailableFreeSpace, new MetricLabel("type", "available"));
    }

    private static void WriteNode(PrometheusWriter writer, string node, double? value)
    {
        if (value is { } known)
            writer.Sample(known, new MetricLabel("node", node));
    }
}
