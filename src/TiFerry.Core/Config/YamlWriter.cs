using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TiFerry.Core.Config;

/// <summary>
/// Writes configuration in YAML, so that <see cref="YamlFile"/> reads the same again. A map is an <see cref="OrderedDictionary{TKey,TValue}"/> of <c>string</c> and <c>object?</c>, a list is an
/// <see cref="IReadOnlyList{T}"/> of <c>object?</c>; single values are texts, truth values and numbers.
/// </summary>
public static partial class YamlWriter
{
    /// <summary>Writes a file.</summary>
    public static string Write(OrderedDictionary<string, object?> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var text = new StringBuilder();
        if (map.Count == 0)
            return "{}\n";
        WriteMap(text, map, indent: 0, first: false);
        return text.ToString();
    }

    private static void WriteMap(StringBuilder text, OrderedDictionary<string, object?> map, int indent, bool first)
    {
        foreach (var (key, value) in map)
        {
            // The first key of a map in a list stands behind the dash.
            text.Append(' ', first ? 0 : indent).Append(Scalar(key)).Append(':');
            first = false;
            WriteBehindKey(text, value, indent);
        }
    }

    private static void WriteBehindKey(StringBuilder text, object? value, int indent)
    {
        switch (value)
        {
            case OrderedDictionary<string, object?> { Count: > 0 } map:
                text.Append('\n');
                WriteMap(text, map, indent + 2, first: false);
                break;
            case IReadOnlyList<object?> { Count: > 0 } list:
                text.Append('\n');
                WriteList(text, list, indent);
                break;
            default:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
        }
    }

    private static void WriteList(StringBuilder text, IReadOnlyList<object?> list, int indent)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append("- ");
            switch (item)
            {
                case OrderedDictionary<string, object?> { Count: > 0 } map:
                    WriteMap(text, map, indent + 2, first: true);
                    break;
                case IReadOnlyList<object?> { Count: > 0 }:
                    throw new NotSupportedException("lists of lists aren't used in configuration files");
                default:
                    text.Append(Scalar(item)).Append('\n');
                    break;
            }
        }
    }

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => PlainText().IsMatch(text) && !Word().IsMatch(text) ? text : Quoted(text),
        OrderedDictionary<string, object?> => "{}",
        IReadOnlyList<object?> => "[]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"{value.GetType()} can't be written"),
    };

    /// <summary>The text in double quotes, as YAML and TOML both read it.</summary>
    internal static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append("\\n"),
                '\t' => text.Append("\\t"),
                '\r' => text.Append("\\r"),
                < ' ' or (>= '\x7f' and <= '\xa0') or '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_./-]*\z")]
    private static partial Regex PlainText();

    // What YAML 1.1 or 1.2 takes for something else than a text.
    [GeneratedRegex(@"^(true|false|yes|no|on|off|y|n|null)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
