namespace TiFerry.Core.Config;

/// <summary>What a format's reader found, and where; the same for all formats.</summary>
/// <param name="Line">From 1; 0 where there are no lines, as on a command line.</param>
/// <param name="Column">From 1.</param>
internal abstract record ConfigNode(int Line, int Column);

/// <summary>A single value.</summary>
internal sealed record ScalarNode(int Line, int Column, ScalarKind Kind, string Text) : ConfigNode(Line, Column)
{
    /// <summary>The characters of the file that it takes, quotes included; empty where that isn't known.</summary>
    public Range Characters { get; init; }
}

/// <summary>Values one after the other.</summary>
internal sealed record ListNode(int Line, int Column, IReadOnlyList<ConfigNode> Items) : ConfigNode(Line, Column);

/// <summary>Values with keys, each key once.</summary>
internal sealed record MapNode(int Line, int Column, IReadOnlyList<KeyValuePair<string, ConfigNode>> Entries) : ConfigNode(Line, Column);

/// <summary>What a format says of a single value's type.</summary>
internal enum ScalarKind
{
    /// <summary>Nothing: whoever reads it decides (YAML without quotes, a command line).</summary>
    Untyped,

    /// <summary>Nothing is written there.</summary>
    Missing,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>A whole number in decimal digits (TOML).</summary>
    Integer,

    /// <summary>A number with a fraction or an exponent (TOML).</summary>
    Real,

    /// <summary><c>true</c> or <c>false</c> (TOML).</summary>
    Flag,

    /// <summary>A date or a time (TOML).</summary>
    Date,
}
