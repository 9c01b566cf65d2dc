using System.Diagnostics;
using TiFerry.Core.Metrics;

namespace TiFerry.Dm.Worker.Http;

/// <summary>The process itself, under the names that Prometheus' client libraries give (<c>process_...</c>).</summary>
internal static class ProcessMetrics
{
    /// <summary>Writes the figures.</summary>
    public static void Write(PrometheusWriter writer)
    {
        using var process = Process.GetCurrentProcess();
        Write(writer, "process_cpu_seconds_total", MetricType.Counter, "processor time in seconds", process.TotalProcessorTime.TotalSeconds);
        Write(writer, "process_resident_memory_bytes", MetricType.Gauge, "resident memory in bytes", process.WorkingSet64);
        Write(writer, "process_virtual_memory_bytes", MetricType.Gauge, "virtual memory in bytes", process.VirtualMemorySize64);
        Write(writer, "process_start_time_seconds", MetricType.Gauge, "when the process began, in seconds since 1970", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        Write(writer, "process_threads", MetricType.Gauge, "threads", process.Threads.Count);
        if (Directory.Exists("/proc/self/fd"))
            Write(writer, "process_open_fds", MetricType.Gauge, "open file descriptors", Directory.GetFiles("/proc/self/fd").Length);
    }

    private static void Write(PrometheusWriter writer, string name, MetricType type, string help, double value)
    {
        writer.Begin(name, type, help);
        writer.Sample(value);
    }
}
