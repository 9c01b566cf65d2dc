using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace TiFerry.Dm.Control.Output;

/// <summary>JSON text as Go's encoding/json writes it with an indent of four spaces, so that scripts written for DM's dmctl find what they look for.</summary>
internal static class GoJson
{
    /// <summary>One level.</summary>
    public const string Indent = "    ";

    /// <summary>A value, pretty printed.</summary>
    public static string Format(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node, "");
        return text.ToString();
    }

    /// <summary>A text in quotes. &lt;, &gt;, &amp; and the line separators U+2028 and U+2029 are escaped too.</summary>
    public static void AppendText(StringBuilder output, string value)
    {
        output.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            switch (c)
            {
                case '"' or '\\':
                    output.Append('\\').Append(c);
                    break;
                case '\b':
                    output.Append("\\b");
                    break;
                case '\f':
                    output.Append("\\f");
                    break;
                case '\n':
                    output.Append("\\n");
                    break;
                case '\r':
                    output.Append("\\r");
                    break;
                case '\t':
                    output.Append("\\t");
                    break;
                case < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029':
                    output.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    output.Append(c);
                    break;
            }
        }
        output.Append('"');
    }

    /// <summary>A finite number in the shortest digits that give it back; exponents below 1e-6 and from 1e21 on.</summary>
    public static string Number(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var mark = shortest.IndexOf('E', StringComparison.Ordinal);
        if (mark < 0)
            return shortest;
        var exponent = int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent is < -6 or >= 21)
            return string.Create(CultureInfo.InvariantCulture, $"{shortest.AsSpan(0, mark)}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent):00}").Replace("e-0", "e-", StringComparison.Ordinal);
        var sign = shortest[0] == '-' ? "-" : "";
        var digits = shortest[sign.Length..mark].Replace(".", "", StringComparison.Ordinal);
        return exponent < 0 ? $"{sign}0.{new string('0', -exponent - 1)}{digits}" : sign + digits.PadRight(exponent + 1, '0');
    }

    private static void Append(StringBuilder text, JsonNode? node, string indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                AppendItems(text, '{', '}', indent, map, pair =>
                {
                    AppendText(text, pair.Key);
                    text.Append(": ");
                    Append(text, pair.Value, indent + Indent);
                });
                break;
            case JsonArray { Count: > 0 } list:
                AppendItems(text, '[', ']', indent, list, item => Append(text, item, indent + Indent));
                break;
            case JsonValue value when value.TryGetValue<string>(out var s):
                AppendText(text, s);
                break;
            default:
                text.Append(node?.ToJsonString() ?? "null");
                break;
        }
    }

    private static void AppendItems<T>(StringBuilder text, char open, char close, string indent, IEnumerable<T> items, Action<T> append)
    {
        text.Append(open);
        var separator = "\n";
        foreach (var item in items)
        {
            text.Append(separator).Append(indent).Append(Indent);
            append(item);
            separator = ",\n";
        }
        text.Append('\n').Append(indent).Append(close);
    }
}
