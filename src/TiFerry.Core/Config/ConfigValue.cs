using System.Globalization;
using TiFerry.Core.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace TiFerry.Core.Config;

/// <summary>A value in a configuration file that knows where it stands, so that every complaint names file, line, column and key.</summary>
public sealed class ConfigValue
{
    private readonly string _file;
    private readonly YamlNode _node;

    internal ConfigValue(string file, string path, YamlNode node)
    {
        _file = file;
        Path = path;
        _node = node;
    }

    /// <summary>The keys that lead here, as in <c>filters.rule-1.events[2]</c>; empty for the whole file.</summary>
    public string Path { get; }

    /// <summary>Where it stands, as <c>file:line:column</c>.</summary>
    public string Position => string.Create(CultureInfo.InvariantCulture, $"{_file}:{Math.Max(1, _node.Start.Line)}:{Math.Max(1, _node.Start.Column)}");

    /// <summary>Whether nothing is written there (or <c>null</c>, <c>~</c>).</summary>
    public bool IsNull => _node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    /// <summary>The text; numbers and truth values are texts too.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadConfig"/>: it is something else.</exception>
    public string AsText()
    {
        if (_node is not YamlScalarNode scalar)
            throw Mistyped("a text");
        return IsNull ? "" : scalar.Value ?? "";
    }

    /// <summary>The truth value: <c>true</c> or <c>false</c>, also <c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c>.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadConfig"/>: it is something else.</exception>
    public bool AsFlag()
    {
        var text = _node is YamlScalarNode { Style: ScalarStyle.Plain } scalar ? scalar.Value : null;
        return text?.ToUpperInvariant() switch
        {
            "TRUE" or "YES" or "ON" or "Y" => true,
            "FALSE" or "NO" or "OFF" or "N" => false,
            _ => throw Mistyped("true or false, without quotes"),
        };
    }

    /// <summary>The whole number.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadConfig"/>: it is something else, or not between the bounds.</exception>
    public int AsNumber(int min, int max)
    {
        if (_node is not YamlScalarNode { Style: ScalarStyle.Plain } scalar || !long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            throw Mistyped("a whole number, without quotes");
        if (number < min || number > max)
            throw Bad($"{number} is out of range", max == int.MaxValue ? $"give a number from {min} on" : $"give a number from {min} to {max}");
        return (int)number;
    }

    /// <summary>The entries of the list.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadConfig"/>: it is no list.</exception>
    public IReadOnlyList<ConfigValue> AsList() => _node switch
    {
        YamlSequenceNode list => [.. list.Children.Select((child, i) => new ConfigValue(_file, $"{Path}[{i}]", child))],
        _ when IsNull => [],
        _ => throw Mistyped("a list"),
    };

    /// <summary>The map with keys that the user chose, such as names of rules.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadConfig"/>: it is no map.</exception>
    public ConfigMap AsMap()
    {
        var entries = new List<KeyValuePair<string, ConfigValue>>();
        if (_node is YamlMappingNode map)
            AddEntries(entries, map);
        else if (!IsNull)
            throw Mistyped("a map");
        return new ConfigMap(this, entries);
    }

    /// <summary>The map that has no other keys than these.</summary>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadConfig"/>: it is no map, or has an unknown key.</exception>
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
    /// <param name="code">The code; null for <see cref="ConfigErrors.BadConfig"/>.</param>
    public TiFerryException Bad(string what, string wayOut, ErrorCode? code = null) =>
        new(code ?? ConfigErrors.BadConfig, ErrorScope.Internal, $"{Position}: {(Path.Length == 0 ? "" : $"'{Path}': ")}{what}", wayOut);

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

    // Keys of the map itself go before those that it merges in.
    private void AddEntries(List<KeyValuePair<string, ConfigValue>> entries, YamlMappingNode map)
    {
        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { } name })
                throw new ConfigValue(_file, Path, key).Mistyped("a text as key");
            if (name != "<<" && !entries.Exists(e => e.Key == name))
                entries.Add(new(name, new ConfigValue(_file, Path.Length == 0 ? name : $"{Path}.{name}", value)));
        }

        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: "<<" })
                continue;
            foreach (var merged in value is YamlSequenceNode list ? list.Children : [value])
                AddEntries(entries, merged as YamlMappingNode ?? throw new ConfigValue(_file, $"{Path}.<<", merged).Mistyped("a map to merge"));
        }
    }

    private TiFerryException Mistyped(string wanted)
    {
        var found = _node switch
        {
            YamlMappingNode => "a map",
            YamlSequenceNode => "a list",
            _ when IsNull => "nothing",
            YamlScalarNode { Style: not ScalarStyle.Plain } => "a quoted text",
            YamlScalarNode scalar => $"'{scalar.Value}'",
            _ => "something else",
        };
        return Bad($"{found} stands where {wanted} is expected", $"write {wanted}");
    }
}
