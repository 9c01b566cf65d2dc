using System.Buffers;
using System.Text;
using System.Text.Json;

namespace TiFerry.Diff.Rows;

/// <summary>
/// Brings JSON texts of one value to one form: members in order of their names, the last of equal ones kept, no spaces, strings without
/// escapes, numbers as their exact digits (<c>1.50e2</c>, <c>150</c> and <c>150.0</c> are one). RFC 8259; that of equal names the last one counts is
/// what MySQL does (manual, "The JSON Data Type").
/// </summary>
internal static class JsonForm
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1000 };

    /// <summary>Appends the form; appends nothing where the text is not JSON.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="output">Where to.</param>
    /// <returns>Whether the text is JSON.</returns>
    public static bool TryWrite(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        var copy = text.ToArray();
        try
        {
            using var document = JsonDocument.Parse(copy, Options);
            var form = new ArrayBufferWriter<byte>(copy.Length);
            Write(document.RootElement, form);
            output.Write(form.WrittenSpan);
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or OverflowException)
        {
            return false;
        }
    }

    private static void Write(JsonElement value, IBufferWriter<byte> output)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(value, output);
                break;
            case JsonValueKind.Array:
                output.Write("["u8);
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, output);
                    output.Write(","u8);
                }
                output.Write("]"u8);
                break;
            case JsonValueKind.String:
                WriteString(value.GetString()!, output);
                break;
            case JsonValueKind.Number:
                WriteNumber(value.GetRawText(), output);
                break;
            default:
                Encoding.UTF8.GetBytes(value.GetRawText(), output);
                break;
        }
    }

    private static void WriteObject(JsonElement value, IBufferWriter<byte> output)
    {
        var members = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
            members[member.Name] = member.Value;
        output.Write("{"u8);
        foreach (var (name, member) in members)
        {
            WriteString(name, output);
            Write(member, output);
            output.Write(","u8);
        }
        output.Write("}"u8);
    }

    // The length in front makes quotes and escapes needless.
    private static void WriteString(string text, IBufferWriter<byte> output)
    {
        Encoding.UTF8.GetBytes($"\"{text.Length}:", output);
        Encoding.UTF8.GetBytes(text, output);
    }

    private static void WriteNumber(string text, IBufferWriter<byte> output)
    {
        var mantissaEnd = text.IndexOfAny(['e', 'E']);
        var exponent = mantissaEnd < 0 ? 0 : long.Parse(text.AsSpan(mantissaEnd + 1), System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture);
        var mantissa = mantissaEnd < 0 ? text : text[..mantissaEnd];
        var sign = mantissa.StartsWith('-') ? "-" : "";
        mantissa = mantissa.TrimStart('-');
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }
        var digits = mantissa.TrimEnd('0');
        exponent += mantissa.Length - digits.Length;
        digits = digits.TrimStart('0');
        Encoding.UTF8.GetBytes(digits.Length == 0 ? $"{sign}0" : $"{sign}{digits}e{exponent}", output);
    }
}
