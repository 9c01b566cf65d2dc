namespace TiFerry.Core.Metrics;

/// <summary>One label of a sample.</summary>
/// <param name="Name">The name: letters, digits and <c>_</c>, no digit first.</param>
/// <param name="Value">The value, any text; an empty one is the same as no label.</param>
public readonly record struct MetricLabel(string Name, string Value);
