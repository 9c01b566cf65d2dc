using System.Diagnostics;
using System.Globalization;

namespace TiFerry.Core.Metrics;

/// <summary>Figures of this process under the names that Prometheus' own clients use (<c>process_...</c>).</summary>
public static class ProcessMetrics
{
    /// <summary>Writes them.</summary>
    public static void Write(PrometheusWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using var process = Process.GetCurrentProcess();
        Write(writer, "process_cpu_seconds_total", MetricType.Counter, "Total user and system CPU time spent in seconds.", process.TotalProcessorTime.TotalSeconds);
        Write(writer, "process_resident_memory_bytes", MetricType.Gauge, "Resident memory size in bytes.", process.WorkingSet64);
        Write(writer, "process_virtual_memory_bytes", MetricType.Gauge, "Virtual memory size in bytes.", process.VirtualMemorySize64);
        Write(writer, "process_start_time_seconds", MetricType.Gauge, "Start time of the process since unix epoch in seconds.", new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0);
        Write(writer, "process_threads", MetricType.Gauge, "Number of OS threads in the process.", process.Threads.Count);
        if (Directory.Exists("/proc/self/fd"))
            Write(writer, "process_open_fds", MetricType.Gauge, "Number of open file descriptors.", Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
        if (MaxOpenFiles() is { } limit)
            Write(writer, "process_max_fds", MetricType.Gauge, "Maximum number of open file descriptors.", limit);
    }

    private static double? MaxOpenFiles()
    {
        const string limits = "/proc/self/limits";
        if (!File.Exists(limits))
            return null;
        var line = File.ReadLines(limits).FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
        return double.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }

    private static void Write(PrometheusWriter writer, string name, MetricType type, string help, double value)
    {
        writer.Begin(name, type, help);
        writer.Sample(value);
    }
}
