namespace TiFerry.Core.Config;

/// <summary>The keys of a map in a configuration file, in their order.</summary>
public sealed class ConfigMap
{
    private readonly Dictionary<string, ConfigValue> _values;

    internal ConfigMap(ConfigValue owner, IReadOnlyList<KeyValuePair<string, ConfigValue>> entries)
    {
        Owner = owner;
        Entries = entries;
        _values = entries.ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>The value that is this map, for messages about the whole.</summary>
    public ConfigValue Owner { get; }

    /// <summary>All keys with their values, in the order of the file.</summary>
    public IReadOnlyList<KeyValuePair<string, ConfigValue>> Entries { get; }

    /// <summary>The value of a key; null where the key is missing or has no value.</summary>
    public ConfigValue? this[string key] => _values.TryGetValue(key, out var value) && !value.IsNull ? value : null;

    /// <summary>This map, and for keys that it lacks another: a command line before a file.</summary>
    public ConfigMap Before(ConfigMap other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new ConfigMap(Owner, [.. Entries, .. other.Entries.Where(e => !_values.ContainsKey(e.Key))]);
    }

    /// <summary>A text; <paramref name="ifMissing"/> where the key is missing.</summary>
    public string Text(string key, string ifMissing = "") => this[key]?.AsText() ?? ifMissing;

    /// <summary>A truth value; <paramref name="ifMissing"/> where the key is missing.</summary>
    public bool Flag(string key, bool ifMissing = false) => this[key]?.AsFlag() ?? ifMissing;

    /// <summary>A whole number; <paramref name="ifMissing"/> where the key is missing.</summary>
    public int Number(string key, int ifMissing, int min = 0, int max = int.MaxValue) => this[key]?.AsNumber(min, max) ?? ifMissing;

    /// <summary>A whole number; <paramref name="ifMissing"/> where the key is missing.</summary>
    public long Long(string key, long ifMissing, long min = 0, long max = long.MaxValue) => this[key]?.AsLong(min, max) ?? ifMissing;

    /// <summary>A duration; <paramref name="ifMissing"/> where the key is missing or empty.</summary>
    public TimeSpan Duration(string key, TimeSpan ifMissing) => this[key] is { } value && (value.IsList || value.AsText().Length > 0) ? value.AsDuration() : ifMissing;

    /// <summary>A list of texts; empty where the key is missing.</summary>
    public IReadOnlyList<string> Texts(string key) => [.. List(key).Select(v => v.AsText())];

    /// <summary>A list; empty where the key is missing.</summary>
    public IReadOnlyList<ConfigValue> List(string key) => this[key]?.AsList() ?? [];
}
