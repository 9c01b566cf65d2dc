using System.Diagnostics;
using TiFerry.Core.Metrics;
using TiFerry.Dm.Master.Scheduling;
using TiFerry.Dm.Metadata;

namespace TiFerry.Dm.Master.Http;

/// <summary>A master's figures under the names of DM's dm-master (<c>dm_master_...</c>), and under own names where DM has none (<c>tiferry_master_...</c>).</summary>
internal sealed class MasterMetrics
{
    private long _startedTerms;
    private long _placementErrors;
    private (long At, TimeSpan Cpu) _before = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    /// <summary>The calls that were made.</summary>
    public CallMetrics Calls { get; } = new();

    /// <summary>This master begins to lead.</summary>
    public void CountTerm() => Interlocked.Increment(ref _startedTerms);

    /// <summary>The leader could not deal with what happened to a worker, and tries again.</summary>
    public void CountPlacementError() => Interlocked.Increment(ref _placementErrors);

    /// <summary>Writes them.</summary>
    /// <param name="writer">Takes them.</param>
    /// <param name="state">The cluster's state; null where another master leads, which then writes what is about the cluster.</param>
    public void Write(PrometheusWriter writer, ClusterState? state)
    {
        WriteWorkers(writer, state ?? ClusterState.Empty);
        writer.Begin("dm_master_cpu_usage", MetricType.Gauge, "the cpu usage of master");
        writer.Sample(CpuPercentage());
        writer.Begin("dm_master_ddl_state_number", MetricType.Gauge, "number of pending DDL in different states, Un-synced (waiting all upstream), Synced (all upstream finished, waiting all downstream)");
        writer.Begin("dm_master_shard_ddl_error", MetricType.Counter, "number of shard DDL lock/operation error");
        writer.Begin("dm_master_worker_event_error", MetricType.Counter, "number of error related to worker event, during handling or watching");
        writer.Sample(Interlocked.Read(ref _placementErrors), new MetricLabel("type", "handle"));
        writer.Begin("dm_master_start_leader_counter", MetricType.Counter, "number of this dm-master try to start leader components");
        writer.Sample(Interlocked.Read(ref _startedTerms));
        writer.Begin("tiferry_master_leads", MetricType.Gauge, "1 while this master leads");
        writer.Sample(state is null ? 0 : 1);
        Calls.Write(writer);
        ProcessMetrics.Write(writer);
    }

    private static void WriteWorkers(PrometheusWriter writer, ClusterState state)
    {
        writer.Begin("dm_master_worker_state", MetricType.Gauge, "state of worker, -1 - unrecognized, 0 - offline, 1 - free, 1.5 - relay, 2 - bound");
        foreach (var worker in state.Workers.Keys)
            writer.Sample(state.StageOf(worker).Figure(), new MetricLabel("worker", worker));
        writer.Begin("tiferry_master_source_bound", MetricType.Gauge, "1 while a worker has the source");
        foreach (var source in state.Sources.Keys)
            writer.Sample(state.WorkerOf(source) is null ? 0 : 1, new MetricLabel("source_id", source));
    }

    // Since the last time that someone asked.
    private double CpuPercentage()
    {
        var now = (At: Stopwatch.GetTimestamp(), Cpu: Environment.CpuUsage.TotalTime);
        var (at, cpu) = _before;
        _before = now;
        var elapsed = Stopwatch.GetElapsedTime(at, now.At);
        return elapsed > TimeSpan.Zero ? (now.Cpu - cpu) / elapsed * 100 : 0;
    }
}
