namespace TiFerry.Core.Metrics;

/// <summary>What the samples of a metric mean.</summary>
public enum MetricType
{
    /// <summary>A total that only grows.</summary>
    Counter,

    /// <summary>A figure that goes up and down.</summary>
    Gauge,

    /// <summary>How many observations are at most as large as each of some bounds.</summary>
    Histogram,
}
