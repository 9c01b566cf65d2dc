using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TiFerry.Core.Config;

/// <summary>Writes configuration in TOML, so that <see cref="TomlFile"/> reads the same again. Maps, lists and values are those of <see cref="YamlWriter"/>; what is null is left out.</summary>
public static partial class TomlWriter
{
    /// <summary>Writes a file.</summary>
    public static string Write(OrderedDictionary<string, object?> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var text = new StringBuilder();
        WriteTable(text, map, path: "");
        return text.ToString();
    }

    // A table's own values come before its tables, because a header ends it.
    private static void WriteTable(StringBuilder text, OrderedDictionary<string, object?> map, string path)
    {
        foreach (var (key, value) in map)
        {
            if (value is not null && !IsTable(value) && !IsTables(value))
                text.Append(Key(key)).Append(" = ").Append(Value(value)).Append('\n');
        }

        foreach (var (key, value) in map)
        {
            var name = path.Length == 0 ? Key(key) : $"{path}.{Key(key)}";
            if (value is OrderedDictionary<string, object?> table)
                WriteHeaded(text, table, name, $"[{name}]");
            else if (value is IReadOnlyList<object?> tables && IsTables(value))
            {
                foreach (var each in tables)
                    WriteHeaded(text, (OrderedDictionary<string, object?>)each!, name, $"[[{name}]]");
            }
        }
    }

    private static void WriteHeaded(StringBuilder text, OrderedDictionary<string, object?> table, string path, string header)
    {
        text.Append(text.Length == 0 ? "" : "\n").Append(header).Append('\n');
        WriteTable(text, table, path);
    }

    private static bool IsTable(object value) => value is OrderedDictionary<string, object?>;

    private static bool IsTables(object value) => value is IReadOnlyList<object?> { Count: > 0 } list && list.All(v => v is not null && IsTable(v));

    private static string Key(string key) => BareKey().IsMatch(key) ? key : YamlWriter.Quoted(key);

    private static string Value(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        string text => YamlWriter.Quoted(text),
        IReadOnlyList<object?> list => $"[{string.Join(", ", list.Select(Value))}]",
        // A real number without a fraction would be read as a whole one.
        double number => number.ToString(number == Math.Floor(number) && Math.Abs(number) < 1e15 ? "0.0" : "R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"{value?.GetType()} can't be written"),
    };

    [GeneratedRegex(@"^[A-Za-z0-9_-]+\z")]
    private static partial Regex BareKey();
}
