using System.Collections;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace TiFerry.Dm.Control.Output;

/// <summary>
/// A message as JSON in the form in which DM's dmctl prints it (gogo's jsonpb with default values and an indent of four spaces):
/// every field in the order of its declaration, absent messages and empty bytes as null, 64-bit numbers as texts, enums as names,
/// an empty list as two brackets on two lines, of a oneof only what is set.
/// </summary>
internal static class ProtoJson
{
    /// <summary>The message's text, without a final line break.</summary>
    public static string Format(IMessage message)
    {
        var text = new StringBuilder();
        AppendMessage(text, message, "");
        return text.ToString();
    }

    private static void AppendMessage(StringBuilder text, IMessage message, string indent)
    {
        text.Append("{\n");
        var separator = "";
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.ContainingOneof is { } oneof && oneof.Accessor.GetCaseFieldDescriptor(message) != field)
                continue;
            text.Append(separator).Append(indent).Append(GoJson.Indent).Append('"').Append(field.JsonName).Append("\": ");
            AppendField(text, field, field.Accessor.GetValue(message), indent);
            separator = ",\n";
        }
        text.Append('\n').Append(indent).Append('}');
    }

    private static void AppendField(StringBuilder text, FieldDescriptor field, object? value, string indent)
    {
        var inner = indent + GoJson.Indent;
        if (field.IsMap)
        {
            var valueField = field.MessageType.FindFieldByNumber(2);
            var entries = ((IDictionary)value!).Cast<DictionaryEntry>().OrderBy(entry => (string)entry.Key, StringComparer.Ordinal);
            AppendItems(text, '{', '}', inner, entries, entry =>
            {
                GoJson.AppendText(text, (string)entry.Key);
                text.Append(": ");
                AppendValue(text, valueField, entry.Value, inner);
            });
        }
        else if (field.IsRepeated)
        {
            AppendItems(text, '[', ']', inner, ((IList)value!).Cast<object>(), item => AppendValue(text, field, item, inner));
        }
        else
        {
            AppendValue(text, field, value, indent);
        }
    }

    private static void AppendItems<T>(StringBuilder text, char open, char close, string indent, IEnumerable<T> items, Action<T> append)
    {
        text.Append(open);
        var separator = "";
        foreach (var item in items)
        {
            text.Append(separator).Append('\n').Append(indent).Append(GoJson.Indent);
            append(item);
            separator = ",";
        }
        text.Append('\n').Append(indent).Append(close);
    }

    private static void AppendValue(StringBuilder text, FieldDescriptor field, object? value, string indent)
    {
        switch (value)
        {
            case null or ByteString { IsEmpty: true }:
                text.Append("null");
                break;
            case IMessage message:
                AppendMessage(text, message, indent + GoJson.Indent);
                break;
            case string s:
                GoJson.AppendText(text, s);
                break;
            case bool b:
                text.Append(b ? "true" : "false");
                break;
            case Enum:
                AppendEnum(text, field.EnumType, Convert.ToInt32(value, CultureInfo.InvariantCulture));
                break;
            case long or ulong:
                text.Append(CultureInfo.InvariantCulture, $"\"{value}\"");
                break;
            case double d:
                text.Append(double.IsFinite(d) ? GoJson.Number(d) : double.IsNaN(d) ? "\"NaN\"" : d > 0 ? "\"Infinity\"" : "\"-Infinity\"");
                break;
            case ByteString bytes:
                text.Append('"').Append(bytes.ToBase64()).Append('"');
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
        }
    }

    private static void AppendEnum(StringBuilder text, EnumDescriptor type, int number)
    {
        if (type.FindValueByNumber(number) is { } known)
            text.Append('"').Append(known.Name).Append('"');
        else
            text.Append(number);
    }
}
