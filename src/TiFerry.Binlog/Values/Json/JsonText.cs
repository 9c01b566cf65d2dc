using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace TiFerry.Binlog.Values.Json;

/// <summary>Writes binary JSON as text, byte for byte as the server prints it: <c>{"a": 1, "b": [2.0, null]}</c>, members in stored order.</summary>
public static class JsonText
{
    private const int MaxDepth = 100;

    private static readonly SearchValues<byte> MustEscape = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, (byte)'"', (byte)'\\']);

    /// <summary>Writes the document.</summary>
    /// <param name="document">A value of a JSON column.</param>
    /// <param name="writer">Gets UTF-8.</param>
    /// <exception cref="Core.Errors.TiFerryException">The document is damaged, or nested deeper than the 100 levels that servers allow.</exception>
    public static void Write(ReadOnlySpan<byte> document, IBufferWriter<byte> writer) => WriteValue(JsonBinary.Open(document), writer, 0);

    private static void WriteValue(JsonBinary value, IBufferWriter<byte> writer, int depth)
    {
        if (depth > MaxDepth)
            throw BinlogErrors.CorruptAt($"a JSON document is nested deeper than {MaxDepth} levels");
        switch (value.Type)
        {
            case JsonBinaryType.SmallObject or JsonBinaryType.LargeObject:
                WriteObject(value, writer, depth);
                break;
            case JsonBinaryType.SmallArray or JsonBinaryType.LargeArray:
                WriteArray(value, writer, depth);
                break;
            case JsonBinaryType.Literal:
                writer.Write(value.Literal switch { 0 => "null"u8, 1 => "true"u8, 2 => "false"u8, var other => throw BinlogErrors.CorruptAt($"a JSON document has literal {other}") });
                break;
            case JsonBinaryType.Int16 or JsonBinaryType.Int32 or JsonBinaryType.Int64:
                writer.Advance(NumberText.Write(value.Int64, writer.GetSpan(24)));
                break;
            case JsonBinaryType.UInt16 or JsonBinaryType.UInt32 or JsonBinaryType.UInt64:
                writer.Advance(NumberText.Write(value.UInt64, writer.GetSpan(24)));
                break;
            case JsonBinaryType.Double:
                WriteDouble(value.Double, writer);
                break;
            case JsonBinaryType.String:
                WriteString(value.String, writer);
                break;
            case JsonBinaryType.Opaque:
                WriteOpaque(value, writer);
                break;
            default:
                throw BinlogErrors.CorruptAt($"a JSON document has a value of type {(byte)value.Type}");
        }
    }

    private static void WriteObject(JsonBinary value, IBufferWriter<byte> writer, int depth)
    {
        writer.Write("{"u8);
        var count = value.Count;
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                writer.Write(", "u8);
            WriteString(value.Key(i), writer);
            writer.Write(": "u8);
            WriteValue(value.Element(i), writer, depth + 1);
        }

        writer.Write("}"u8);
    }

    private static void WriteArray(JsonBinary value, IBufferWriter<byte> writer, int depth)
    {
        writer.Write("["u8);
        var count = value.Count;
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                writer.Write(", "u8);
            WriteValue(value.Element(i), writer, depth + 1);
        }

        writer.Write("]"u8);
    }

    /// <summary>A whole number gets ".0" so that it reads back as a double.</summary>
    private static void WriteDouble(double value, IBufferWriter<byte> writer)
    {
        var destination = writer.GetSpan(40);
        var written = FloatText.Write(value, destination);
        if (destination[..written].IndexOfAny((byte)'.', (byte)'e') < 0)
        {
            ".0"u8.CopyTo(destination[written..]);
            written += 2;
        }

        writer.Advance(written);
    }

    private static void WriteString(ReadOnlySpan<byte> text, IBufferWriter<byte> writer)
    {
        writer.Write("\""u8);
        while (true)
        {
            var plain = text.IndexOfAny(MustEscape);
            if (plain < 0)
                break;
            writer.Write(text[..plain]);
            WriteEscaped(text[plain], writer);
            text = text[(plain + 1)..];
        }

        writer.Write(text);
        writer.Write("\""u8);
    }

    private static void WriteEscaped(byte c, IBufferWriter<byte> writer)
    {
        switch (c)
        {
            case (byte)'"':
                writer.Write("\\\""u8);
                break;
            case (byte)'\\':
                writer.Write("\\\\"u8);
                break;
            case (byte)'\b':
                writer.Write("\\b"u8);
                break;
            case (byte)'\f':
                writer.Write("\\f"u8);
                break;
            case (byte)'\n':
                writer.Write("\\n"u8);
                break;
            case (byte)'\r':
                writer.Write("\\r"u8);
                break;
            case (byte)'\t':
                writer.Write("\\t"u8);
                break;
            default:
                writer.Write("\\u00"u8);
                writer.Write([HexDigit(c >> 4), HexDigit(c & 0x0F)]);
                break;
        }
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);

    /// <summary>A value of an SQL type that JSON does not have.</summary>
    private static void WriteOpaque(JsonBinary value, IBufferWriter<byte> writer)
    {
        var data = value.OpaqueData;
        switch (value.OpaqueType)
        {
            case BinlogColumnType.NewDecimal:
                if (data.Length < 2 || data[1] > data[0] || data.Length < 2 + DecimalText.BinarySize(data[0], data[1]))
                    throw BinlogErrors.CorruptAt("a JSON document has a damaged decimal");
                writer.Advance(DecimalText.Write(data[2..], data[0], data[1], writer.GetSpan(BinlogValue.MaxScalarTextLength)));
                break;
            case BinlogColumnType.Date:
                WriteTemporal(data, writer, TemporalText.WriteJsonDate);
                break;
            case BinlogColumnType.DateTime or BinlogColumnType.Timestamp:
                WriteTemporal(data, writer, TemporalText.WriteJsonDateTime);
                break;
            case BinlogColumnType.Time:
                WriteTemporal(data, writer, TemporalText.WriteJsonTime);
                break;
            case BinlogColumnType.VarString:
                WriteString(data, writer);
                break;
            default:
                WriteBase64((byte)value.OpaqueType, data, writer);
                break;
        }
    }

    private delegate int TemporalWriter(long packed, Span<byte> destination);

    private static void WriteTemporal(ReadOnlySpan<byte> data, IBufferWriter<byte> writer, TemporalWriter write)
    {
        if (data.Length != 8)
            throw BinlogErrors.CorruptAt($"a JSON document has a date or time of {data.Length} bytes");
        var destination = writer.GetSpan(BinlogValue.MaxScalarTextLength);
        destination[0] = (byte)'"';
        var written = 1 + write(BinaryPrimitives.ReadInt64LittleEndian(data), destination[1..]);
        destination[written++] = (byte)'"';
        writer.Advance(written);
    }

    /// <summary><c>"base64:typeN:..."</c>, broken after 76 characters with a line feed, which JSON then escapes.</summary>
    private static void WriteBase64(byte type, ReadOnlySpan<byte> data, IBufferWriter<byte> writer)
    {
        const int BytesPerLine = 57;
        writer.Write("\"base64:type"u8);
        writer.Advance(NumberText.Write((ulong)type, writer.GetSpan(4)));
        writer.Write(":"u8);
        while (!data.IsEmpty)
        {
            var line = data[..Math.Min(BytesPerLine, data.Length)];
            data = data[line.Length..];
            var destination = writer.GetSpan(80);
            Base64.EncodeToUtf8(line, destination, out _, out var written);
            writer.Advance(written);
            if (!data.IsEmpty)
                writer.Write("\\n"u8);
        }

        writer.Write("\""u8);
    }
}
