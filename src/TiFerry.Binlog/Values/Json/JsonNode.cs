using System.Buffers;
using System.Buffers.Binary;

namespace TiFerry.Binlog.Values.Json;

/// <summary>
/// A JSON document that can be changed: what partial updates are applied to. Scalars keep their binary form, so that nothing is lost on the way.
/// </summary>
internal sealed class JsonNode
{
    private readonly List<byte[]> _keys = [];
    private readonly List<JsonNode> _children = [];
    private byte[] _scalar = [];

    private JsonNode(JsonBinaryType type) => Type = type;

    public JsonBinaryType Type { get; }

    public bool IsObject => Type == JsonBinaryType.LargeObject;

    public bool IsArray => Type == JsonBinaryType.LargeArray;

    /// <summary>Elements of an array or values of an object.</summary>
    public List<JsonNode> Children => _children;

    public static JsonNode Parse(ReadOnlySpan<byte> document) => Parse(JsonBinary.Open(document), 0);

    /// <summary>The place of a member among <see cref="Children"/>, or -1.</summary>
    public int IndexOf(ReadOnlySpan<byte> key)
    {
        var index = Search(key);
        return index >= 0 ? index : -1;
    }

    /// <summary>Adds a member where the server keeps it: keys are ordered by length, then by bytes.</summary>
    public void Add(ReadOnlySpan<byte> key, JsonNode value)
    {
        var index = ~Search(key);
        _keys.Insert(index, key.ToArray());
        _children.Insert(index, value);
    }

    public void RemoveAt(int index)
    {
        _children.RemoveAt(index);
        if (IsObject)
            _keys.RemoveAt(index);
    }

    /// <summary>Writes the document in the "large" form, which every reader of the format takes.</summary>
    public void Write(ArrayBufferWriter<byte> writer)
    {
        writer.Write([(byte)Type]);
        WriteBody(writer);
    }

    private static JsonNode Parse(JsonBinary value, int depth)
    {
        const int MaxDepth = 100;
        if (depth > MaxDepth)
            throw BinlogErrors.CorruptAt($"a JSON document is nested deeper than {MaxDepth} levels");
        if (!value.IsObject && !value.IsArray)
            return new JsonNode(value.Type) { _scalar = value.ScalarBytes.ToArray() };

        var node = new JsonNode(value.IsObject ? JsonBinaryType.LargeObject : JsonBinaryType.LargeArray);
        var count = value.Count;
        for (var i = 0; i < count; i++)
        {
            if (value.IsObject)
                node._keys.Add(value.Key(i).ToArray());
            node._children.Add(Parse(value.Element(i), depth + 1));
        }

        return node;
    }

    private int Search(ReadOnlySpan<byte> key)
    {
        var low = 0;
        var high = _keys.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = _keys[middle].Length != key.Length ? _keys[middle].Length.CompareTo(key.Length) : _keys[middle].AsSpan().SequenceCompareTo(key);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }

    private void WriteBody(ArrayBufferWriter<byte> writer)
    {
        if (!IsObject && !IsArray)
        {
            writer.Write(_scalar);
            return;
        }

        const int OffsetSize = 4;
        const int KeyEntrySize = OffsetSize + 2;
        const int ValueEntrySize = OffsetSize + 1;
        var start = writer.WrittenCount;
        var keysAt = start + (2 * OffsetSize);
        var valuesAt = keysAt + (_keys.Count * KeyEntrySize);
        Reserve(writer, valuesAt + (_children.Count * ValueEntrySize) - start);

        for (var i = 0; i < _keys.Count; i++)
        {
            PatchInt32(writer, keysAt + (i * KeyEntrySize), writer.WrittenCount - start);
            PatchInt16(writer, keysAt + (i * KeyEntrySize) + OffsetSize, _keys[i].Length);
            writer.Write(_keys[i]);
        }

        for (var i = 0; i < _children.Count; i++)
        {
            var child = _children[i];
            var entry = valuesAt + (i * ValueEntrySize);
            Patch(writer, entry, [(byte)child.Type]);
            if (child.IsInline)
            {
                Patch(writer, entry + 1, child._scalar);
                continue;
            }

            PatchInt32(writer, entry + 1, writer.WrittenCount - start);
            child.WriteBody(writer);
        }

        PatchInt32(writer, start, _children.Count);
        PatchInt32(writer, start + OffsetSize, writer.WrittenCount - start);
    }

    private bool IsInline => Type is JsonBinaryType.Literal or JsonBinaryType.Int16 or JsonBinaryType.UInt16 or JsonBinaryType.Int32 or JsonBinaryType.UInt32;

    private static void Reserve(ArrayBufferWriter<byte> writer, int length)
    {
        writer.GetSpan(length)[..length].Clear();
        writer.Advance(length);
    }

    private static void Patch(ArrayBufferWriter<byte> writer, int position, ReadOnlySpan<byte> bytes) =>
        bytes.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsMemory(writer.WrittenMemory).Span[position..]);

    private static void PatchInt32(ArrayBufferWriter<byte> writer, int position, int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Patch(writer, position, bytes);
    }

    private static void PatchInt16(ArrayBufferWriter<byte> writer, int position, int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        Patch(writer, position, bytes);
    }
}
