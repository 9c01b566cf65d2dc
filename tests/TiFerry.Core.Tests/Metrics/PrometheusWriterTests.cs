using System.Buffers;
using System.Text;
using TiFerry.Core.Metrics;

namespace TiFerry.Core.Tests.Metrics;

public class PrometheusWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly PrometheusWriter _writer;

    public PrometheusWriterTests() => _writer = new PrometheusWriter(_output);

    private string Text => Encoding.UTF8.GetString(_output.WrittenSpan);

    [Fact]
    public void Counters_and_gauges_stand_behind_name_and_type()
    {
        _writer.Begin("a_total", MetricType.Counter, "how many");
        _writer.Sample(3);
        _writer.Begin("b:c", MetricType.Gauge, "where");
        _writer.Sample(1234567890123, new MetricLabel("node", "master"), new MetricLabel("task", "t"));
        _writer.Sample(0.5, new MetricLabel("node", "syncer"));
        Assert.Equal("""
            # HELP a_total how many
            # TYPE a_total counter
            a_total 3
            # HELP b:c where
            # TYPE b:c gauge
            b:c{node="master",task="t"} 1234567890123
            b:c{node="syncer"} 0.5

            """, Text);
    }

    [Fact]
    public void What_has_a_meaning_in_the_format_is_escaped()
    {
        _writer.Begin("a", MetricType.Gauge, "back\\slash \"quote\"\nline");
        _writer.Sample(1, new MetricLabel("x", "back\\slash \"quote\"\nline ö"));
        Assert.Equal("# HELP a back\\\\slash \"quote\"\\nline\n# TYPE a gauge\na{x=\"back\\\\slash \\\"quote\\\"\\nline ö\"} 1\n", Text);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(1e-7, "1E-07")]
    [InlineData(0.1, "0.1")]
    [InlineData(-2, "-2")]
    public void Figures_are_written_as_Go_reads_them(double value, string text)
    {
        _writer.Begin("a", MetricType.Gauge, "x");
        _writer.Sample(value);
        Assert.EndsWith($"\na {text}\n", Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_counts_up_to_each_bound_and_all()
    {
        var histogram = new Histogram(0.5, 1, 2);
        foreach (var value in (double[])[0.5, 0.75, 1, 1.5, 7])
            histogram.Observe(value);
        _writer.Begin("h", MetricType.Histogram, "x");
        _writer.Sample(histogram, new MetricLabel("task", "t"));
        _writer.Sample(new Histogram(1));
        Assert.Equal("""
            # HELP h x
            # TYPE h histogram
            h_bucket{task="t",le="0.5"} 1
            h_bucket{task="t",le="1"} 3
            h_bucket{task="t",le="2"} 4
            h_bucket{task="t",le="+Inf"} 5
            h_sum{task="t"} 10.75
            h_count{task="t"} 5
            h_bucket{le="1"} 0
            h_bucket{le="+Inf"} 0
            h_sum 0
            h_count 0

            """, Text);
    }

    [Fact]
    public void Bounds_rise()
    {
        Assert.Equal([16, 32, 64], Histogram.Exponential(16, 2, 3).Bounds);
        Assert.Equal([1, 51, 101], Histogram.Linear(1, 50, 3).Bounds);
        Assert.Throws<ArgumentException>(() => new Histogram(1, 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a-b")]
    [InlineData("ä")]
    public void Names_that_readers_refuse_are_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => _writer.Begin(name, MetricType.Gauge, "x"));
        _writer.Begin("ok", MetricType.Gauge, "x");
        Assert.Throws<ArgumentException>(() => _writer.Sample(1, new MetricLabel(name, "x")));
    }

    [Fact]
    public void Samples_of_a_metric_stand_together_and_have_its_type()
    {
        Assert.Throws<InvalidOperationException>(() => _writer.Sample(1));
        _writer.Begin("h", MetricType.Histogram, "x");
        Assert.Throws<InvalidOperationException>(() => _writer.Sample(1));
        Assert.Throws<ArgumentException>(() => _writer.Sample(new Histogram(1), new MetricLabel("le", "1")));
        _writer.Begin("g", MetricType.Gauge, "x");
        Assert.Throws<InvalidOperationException>(() => _writer.Sample(new Histogram(1)));
        Assert.Throws<ArgumentException>(() => _writer.Begin("h", MetricType.Histogram, "x"));
    }
}
