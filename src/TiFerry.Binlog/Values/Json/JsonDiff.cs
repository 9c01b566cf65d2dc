using System.Buffers;
using System.Globalization;
using System.Text;
using TiFerry.Binlog.Events;

namespace TiFerry.Binlog.Values.Json;

/// <summary>
/// Applies the changes of a JSON document that <c>binlog_row_value_options=PARTIAL_JSON</c> logs instead of the document:
/// each is an operation, a path, and for two of the three a value (<c>sql-common/json_diff.h</c>).
/// </summary>
internal static class JsonDiff
{
    private enum Operation : byte
    {
        Replace = 0,
        Insert = 1,
        Remove = 2,
    }

    /// <summary>Applies all changes to the document and writes the result in binary form.</summary>
    public static void Apply(ReadOnlySpan<byte> document, ReadOnlySpan<byte> diffs, ArrayBufferWriter<byte> writer)
    {
        var root = JsonNode.Parse(document);
        var reader = new EventReader(diffs);
        while (!reader.IsAtEnd)
        {
            var operation = (Operation)reader.ReadByte();
            var path = reader.ReadBytes(reader.ReadLength());
            var value = operation is Operation.Replace or Operation.Insert ? JsonNode.Parse(reader.ReadBytes(reader.ReadLength())) : null;
            root = Apply(root, operation, path, value);
        }

        root.Write(writer);
    }

    private static JsonNode Apply(JsonNode root, Operation operation, ReadOnlySpan<byte> path, JsonNode? value)
    {
        var steps = ParsePath(path);
        if (steps.Count == 0)
            return operation == Operation.Replace ? value! : throw Mismatch(path);

        var parent = root;
        for (var i = 0; i < steps.Count - 1; i++)
            parent = parent.Children[Find(parent, steps[i], path)];

        var last = steps[^1];
        switch (operation)
        {
            case Operation.Replace:
                parent.Children[Find(parent, last, path)] = value!;
                break;
            case Operation.Remove:
                parent.RemoveAt(Find(parent, last, path));
                break;
            case Operation.Insert when last.Key is null && parent.IsArray:
                parent.Children.Insert(Math.Min(last.Index, parent.Children.Count), value!);
                break;
            case Operation.Insert when last.Key is { } key && parent.IsObject && parent.IndexOf(key) < 0:
                parent.Add(key, value!);
                break;
            default:
                throw Mismatch(path);
        }

        return root;
    }

    private static int Find(JsonNode parent, Step step, ReadOnlySpan<byte> path)
    {
        var index = step.Key is { } key
            ? parent.IsObject ? parent.IndexOf(key) : -1
            : parent.IsArray && step.Index < parent.Children.Count ? step.Index : -1;
        return index >= 0 ? index : throw Mismatch(path);
    }

    private static Core.Errors.TiFerryException Mismatch(ReadOnlySpan<byte> path) =>
        BinlogErrors.CorruptAt($"a change of a JSON document does not fit the document before it, at path {Encoding.UTF8.GetString(path)}");

    private readonly record struct Step(byte[]? Key, int Index);

    /// <summary><c>$</c>, then <c>.name</c>, <c>."quoted name"</c> or <c>[index]</c>, again and again.</summary>
    private static List<Step> ParsePath(ReadOnlySpan<byte> path)
    {
        var steps = new List<Step>();
        var rest = path;
        if (!rest.IsEmpty && rest[0] == '$')
            rest = rest[1..];
        while (!rest.IsEmpty)
        {
            if (rest[0] == '[' && rest.IndexOf((byte)']') is var close && close > 0
                && int.TryParse(rest[1..close], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                steps.Add(new Step(null, index));
                rest = rest[(close + 1)..];
            }
            else if (rest[0] == '.')
            {
                steps.Add(new Step(ReadKey(ref rest, path), 0));
            }
            else
            {
                throw BadPath(path);
            }
        }

        return steps;
    }

    private static byte[] ReadKey(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> path)
    {
        rest = rest[1..];
        if (rest.IsEmpty || rest[0] != '"')
        {
            var end = rest.IndexOfAny((byte)'.', (byte)'[');
            var name = end >= 0 ? rest[..end] : rest;
            rest = rest[name.Length..];
            return name.ToArray();
        }

        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '\\')
            {
                i++;
            }
            else if (rest[i] == '"')
            {
                var quoted = rest[..(i + 1)];
                rest = rest[(i + 1)..];
                var json = new System.Text.Json.Utf8JsonReader(quoted);
                json.Read();
                return Encoding.UTF8.GetBytes(json.GetString()!);
            }
        }

        throw BadPath(path);
    }

    private static Core.Errors.TiFerryException BadPath(ReadOnlySpan<byte> path) =>
        BinlogErrors.CorruptAt($"the path {Encoding.UTF8.GetString(path)} in a change of a JSON document cannot be read");
}
