using System.Globalization;
using TiFerry.Core.Errors;

namespace TiFerry.Core.Config;

/// <summary>A value in a configuration file that knows where it stands, so that every complaint names file, line, column and key.</summary>
public sealed class ConfigValue
{
    private readonly ConfigSource _source;
    private readonly ConfigNode _node;

    internal ConfigValue(ConfigSource source, string path, ConfigNode node)
    {
        _source = source;
        Path = path;
        _node = node;
    }

    /// <summary>The keys that lead here, as in <c>filters.rule-1.events[2]</c>; empty for the whole file.</summary>
    public string Path { get; }

    /// <summary>Where it stands, as <c>file:line:column</c>.</summary>
    public string Position => _node.Line == 0 ? _source.Name : string.Create(CultureInfo.InvariantCulture, $"{_source.Name}:{_node.Line}:{_node.Column}");

    /// <summary>Whether nothing is written there (in YAML also <c>null</c>, <c>~</c>).</summary>
    public bool IsNull => _node is ScalarNode { Kind: ScalarKind.Missing };

    /// <summary>Whether it is a list.</summary>
    public bool IsList => _node is ListNode;

    /// <summary>The text; in YAML numbers and truth values are texts too.</summary>
    /// <exception cref="TiFerryException">It is something else.</exception>
    public string AsText() => _node switch
    {
        ScalarNode { Kind: ScalarKind.Missing } => "",
        ScalarNode { Kind: ScalarKind.Untyped or ScalarKind.Text } scalar => scalar.Text,
        ScalarNode => throw Mistyped("a text in quotes"),
        _ => throw Mistyped("a text"),
    };

    /// <summary>The truth value: <c>true</c> or <c>false</c>; in YAML also <c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c>.</summary>
    /// <exception cref="TiFerryException">It is something else.</exception>
    public bool AsFlag()
    {
        var text = _node is ScalarNode { Kind: ScalarKind.Untyped or ScalarKind.Flag } scalar ? scalar.Text : null;
        return text?.ToUpperInvariant() switch
        {
            "TRUE" or "YES" or "ON" or "Y" => true,
            "FALSE" or "NO" or "OFF" or "N" => false,
            _ => throw Mistyped("true or false, without quotes"),
        };
    }

    /// <summary>The whole number.</summary>
    /// <exception cref="TiFerryException">It is something else, or not between the bounds.</exception>
    public int AsNumber(int min, int max) => (int)AsLong(min, max);

    /// <summary>The whole number.</summary>
    /// <exception cref="TiFerryException">It is something else, or not between the bounds.</exception>
    public long AsLong(long min, long max)
    {
        if (_node is not ScalarNode { Kind: ScalarKind.Untyped or ScalarKind.Integer } scalar
            || !long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Mistyped("a whole number, without quotes");
        if (number < min || number > max)
            throw Bad($"{number} is out of range", max is int.MaxValue or long.MaxValue ? $"give a number from {min} on" : $"give a number from {min} to {max}");
        return number;
    }

    /// <summary>The number, which may have a fraction.</summary>
    /// <exception cref="TiFerryException">It is something else.</exception>
    public double AsReal() =>
        _node is ScalarNode { Kind: ScalarKind.Untyped or ScalarKind.Integer or ScalarKind.Real } scalar
        && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Mistyped("a number, without quotes");

    /// <summary>The duration, as in <c>30s</c> or <c>1h30m</c>.</summary>
    /// <param name="code">The code of a complaint; null for the file's.</param>
    /// <exception cref="TiFerryException">It is something else.</exception>
    public TimeSpan AsDuration(ErrorCode? code = null) => GoDuration.TryParse(AsText(), out var duration)
        ? duration
        : throw Bad($"'{AsText()}' is no duration", "write it as in '30s' or '1h30m'", code);

    /// <summary>The entries of the list.</summary>
    /// <exception cref="TiFerryException">It is no list.</exception>
    public IReadOnlyList<ConfigValue> AsList() => _node switch
    {
        ListNode list => [.. list.Items.Select((child, i) => new ConfigValue(_source, $"{Path}[{i}]", child))],
        _ when IsNull => [],
        _ => throw Mistyped("a list"),
    };

    /// <summary>The map with keys that the user chose, such as names of rules.</summary>
    /// <exception cref="TiFerryException">It is no map.</exception>
    public ConfigMap AsMap() => _node switch
    {
        MapNode map => new ConfigMap(this, [.. map.Entries.Select(e => KeyValuePair.Create(e.Key, new ConfigValue(_source, Path.Length == 0 ? e.Key : $"{Path}.{e.Key}", e.Value)))]),
        _ when IsNull => new ConfigMap(this, []),
        _ => throw Mistyped("a map"),
    };

    /// <summary>The map that has no other keys than these.</summary>
    /// <exception cref="TiFerryException">It is no map, or has an unknown key.</exception>
    public ConfigMap AsMap(params ReadOnlySpan<string> accepted)
    {
        var map = AsMap();
        foreach (var (key, value) in map.Entries)
        {
            if (!accepted.Contains(key))
                throw value.Bad("there is no such key here", $"use some of: {string.Join(", ", accepted!)}");
        }

        return map;
    }

    /// <summary>A complaint about this value.</summary>
    /// <param name="what">What is wrong.</param>
    /// <param name="wayOut">What to write instead.</param>
    /// <param name="code">The code; null for the file's: <see cref="ConfigErrors.BadYaml"/> or <see cref="ConfigErrors.BadConfig"/>.</param>
    public TiFerryException Bad(string what, string wayOut, ErrorCode? code = null) =>
        new(code ?? _source.Code, ErrorScope.Internal, $"{Position}: {(Path.Length == 0 ? "" : $"'{Path}': ")}{what}", wayOut);

    /// <summary>The file's text with another text in this value's place, and everything else as it is.</summary>
    /// <param name="file">The text, in YAML, that this value was read from.</param>
    /// <param name="text">The other text.</param>
    /// <returns>The new file; null where it can't be made that way, as where an anchor stands before the value.</returns>
    public string? TryReplaceIn(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (_node is not ScalarNode { Characters: var place } || place.Equals(default))
            return null;
        var (from, length) = place.GetOffsetAndLength(file.Length);
        // What stands there must be the value alone: the writer of aliases and blocks has ends of lines in it, too.
        return length == 0 || file[from] is '&' or '!' or '|' or '>' or '*' ? null : string.Concat(file.AsSpan(0, from), YamlWriter.Quoted(text), file.AsSpan(from + length));
    }

    /// <summary>Runs what is made of this value, and gives an error of it this value's position.</summary>
    public T Build<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (TiFerryException e)
        {
            throw Bad(e.Summary, e.Workaround ?? "correct the value", e.Code);
        }
    }

    private TiFerryException Mistyped(string wanted)
    {
        var found = _node switch
        {
            MapNode => "a map",
            ListNode => "a list",
            ScalarNode { Kind: ScalarKind.Missing } => "nothing",
            ScalarNode { Kind: ScalarKind.Text } => "a quoted text",
            ScalarNode scalar => $"'{scalar.Text}'",
            _ => "something else",
        };
        return Bad($"{found} stands where {wanted} is expected", $"write {wanted}");
    }
}
