using System.Buffers;
using System.Globalization;
using System.Text;

namespace TiFerry.Core.Metrics;

/// <summary>
/// Writes metrics in Prometheus' text format 0.0.4 (Prometheus manual, "Exposition formats"). All samples of a metric stand together behind its name and type.
/// </summary>
/// <param name="output">Takes the text in UTF-8.</param>
public sealed class PrometheusWriter(IBufferWriter<byte> output)
{
    /// <summary>The value of the HTTP header Content-Type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private string _name = "";
    private MetricType _type;

    /// <summary>Begins a metric; its samples follow.</summary>
    /// <param name="name">The name: letters, digits, <c>_</c> and <c>:</c>, no digit first.</param>
    /// <param name="type">What its samples mean.</param>
    /// <param name="help">What it says, for people.</param>
    /// <exception cref="ArgumentException">The name is not valid, or its samples were written before.</exception>
    public void Begin(string name, MetricType type, string help)
    {
        if (!IsName(name, mayHoldColon: true))
            throw new ArgumentException($"'{name}' is not a metric's name", nameof(name));
        if (!_names.Add(name))
            throw new ArgumentException($"samples of {name} have to stand together", nameof(name));
        (_name, _type) = (name, type);
        Append($"# HELP {name} {Escape(help, quotes: false)}\n# TYPE {name} {TypeName(type)}\n");
    }

    /// <summary>Writes a sample of the metric that was begun.</summary>
    /// <param name="value">The figure.</param>
    /// <param name="labels">Its labels.</param>
    /// <exception cref="ArgumentException">A label's name is not valid.</exception>
    /// <exception cref="InvalidOperationException">The metric is a histogram, or none was begun.</exception>
    public void Sample(double value, params ReadOnlySpan<MetricLabel> labels)
    {
        if (_name.Length == 0 || _type == MetricType.Histogram)
            throw new InvalidOperationException("a single figure is a sample of a counter or a gauge");
        Line("", labels, null, value);
    }

    /// <summary>Writes a histogram as samples of the metric that was begun.</summary>
    /// <param name="histogram">The observations.</param>
    /// <param name="labels">Its labels.</param>
    /// <exception cref="ArgumentException">A label's name is not valid, or is <c>le</c>.</exception>
    /// <exception cref="InvalidOperationException">The metric is no histogram.</exception>
    public void Sample(Histogram histogram, params ReadOnlySpan<MetricLabel> labels)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        if (_type != MetricType.Histogram)
            throw new InvalidOperationException($"{_name} is no histogram");
        var bounds = histogram.Bounds;
        var counts = new long[bounds.Length + 1];
        var sum = histogram.Read(counts);
        var total = 0L;
        for (var i = 0; i < counts.Length; i++)
        {
            total += counts[i];
            Line("_bucket", labels, i < bounds.Length ? Number(bounds[i]) : "+Inf", total);
        }
        Line("_sum", labels, null, sum);
        Line("_count", labels, null, total);
    }

    private void Line(string suffix, ReadOnlySpan<MetricLabel> labels, string? bound, double value)
    {
        var line = new StringBuilder().Append(_name).Append(suffix);
        var separator = '{';
        foreach (var label in labels)
        {
            if (!IsName(label.Name, mayHoldColon: false) || (_type == MetricType.Histogram && label.Name == "le"))
                throw new ArgumentException($"'{label.Name}' is not a label's name", nameof(labels));
            line.Append(separator).Append(label.Name).Append("=\"").Append(Escape(label.Value, quotes: true)).Append('"');
            separator = ',';
        }
        if (bound is not null)
        {
            line.Append(separator).Append("le=\"").Append(bound).Append('"');
            separator = ',';
        }
        if (separator == ',')
            line.Append('}');
        Append(line.Append(' ').Append(Number(value)).Append('\n').ToString());
    }

    private void Append(string text) => Encoding.UTF8.GetBytes(text, output);

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string TypeName(MetricType type) => type switch
    {
        MetricType.Counter => "counter",
        MetricType.Gauge => "gauge",
        _ => "histogram",
    };

    private static string Escape(string text, bool quotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static bool IsName(string name, bool mayHoldColon) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_' || (mayHoldColon && c == ':'));
}
