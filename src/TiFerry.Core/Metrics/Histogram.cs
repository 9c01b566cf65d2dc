namespace TiFerry.Core.Metrics;

/// <summary>Counts observations by size. Thread safe.</summary>
public sealed class Histogram
{
    private readonly Lock _lock = new();
    private readonly double[] _bounds;
    private readonly long[] _counts;
    private double _sum;

    /// <summary>An empty histogram.</summary>
    /// <param name="bounds">The largest observation that each bucket takes, rising. What is larger than the last is counted too.</param>
    /// <exception cref="ArgumentException">The bounds do not rise.</exception>
    public Histogram(params ReadOnlySpan<double> bounds)
    {
        for (var i = 1; i < bounds.Length; i++)
        {
            if (!(bounds[i] > bounds[i - 1]))
                throw new ArgumentException("the bounds of a histogram have to rise", nameof(bounds));
        }
        _bounds = bounds.ToArray();
        _counts = new long[bounds.Length + 1];
    }

    /// <summary>Buckets each as many times as large as the one before.</summary>
    /// <param name="start">The first bound, above 0.</param>
    /// <param name="factor">How many times, above 1.</param>
    /// <param name="count">How many bounds.</param>
    public static Histogram Exponential(double start, double factor, int count)
    {
        var bounds = new double[count];
        for (var i = 0; i < count; i++)
            bounds[i] = start * Math.Pow(factor, i);
        return new Histogram(bounds);
    }

    /// <summary>Buckets of the same width.</summary>
    /// <param name="start">The first bound.</param>
    /// <param name="width">The distance between bounds, above 0.</param>
    /// <param name="count">How many bounds.</param>
    public static Histogram Linear(double start, double width, int count)
    {
        var bounds = new double[count];
        for (var i = 0; i < count; i++)
            bounds[i] = start + width * i;
        return new Histogram(bounds);
    }

    /// <summary>The largest observation that each bucket takes.</summary>
    public ReadOnlySpan<double> Bounds => _bounds;

    /// <summary>Counts an observation.</summary>
    public void Observe(double value)
    {
        var bucket = Array.BinarySearch(_bounds, value);
        lock (_lock)
        {
            _counts[bucket < 0 ? ~bucket : bucket]++;
            _sum += value;
        }
    }

    /// <summary>What was counted so far, all of one moment.</summary>
    /// <param name="counts">Takes the number in each bucket, one more than there are bounds.</param>
    /// <returns>The sum of all observations.</returns>
    public double Read(Span<long> counts)
    {
        lock (_lock)
        {
            _counts.CopyTo(counts);
            return _sum;
        }
    }
}
