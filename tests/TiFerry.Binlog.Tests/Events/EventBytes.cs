using System.Buffers.Binary;
using System.Text;
using TiFerry.Binlog.Checksums;
using TiFerry.Binlog.Events;

namespace TiFerry.Binlog.Tests.Events;

/// <summary>Builds events by hand.</summary>
internal static class EventBytes
{
    /// <summary>A parser that has seen the format description of a server, without checksums unless asked for.</summary>
    public static BinlogEventParser Parser(string serverVersion = "8.0.36", bool checksums = false)
    {
        var parser = new BinlogEventParser();
        parser.Parse(FormatDescription(serverVersion, checksums));
        return parser;
    }

    public static byte[] FormatDescription(string serverVersion, bool checksums)
    {
        var body = new List<byte> { 4, 0 };
        body.AddRange(Encoding.ASCII.GetBytes(serverVersion.PadRight(50, '\0')));
        body.AddRange(new byte[4]);
        body.Add(19);
        var lengths = new byte[171];
        lengths[(int)EventType.Query - 1] = 13;
        lengths[(int)EventType.TableMap - 1] = 8;
        body.AddRange(lengths);
        body.Add(checksums ? (byte)1 : (byte)0);
        return WithChecksum(Event(EventType.FormatDescription, [.. body, 0, 0, 0, 0], 0));
    }

    public static byte[] Event(EventType type, ReadOnlySpan<byte> body, ushort flags = 0, uint logPos = 1000)
    {
        var raw = new byte[EventHeader.Size + body.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(raw, 1_700_000_000);
        raw[4] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(5), 7);
        BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(9), (uint)raw.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(13), logPos);
        BinaryPrimitives.WriteUInt16LittleEndian(raw.AsSpan(17), flags);
        body.CopyTo(raw.AsSpan(EventHeader.Size));
        return raw;
    }

    /// <summary>Writes the checksum into the last four bytes.</summary>
    public static byte[] WithChecksum(byte[] raw)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(raw.Length - 4), Crc32.Compute(raw.AsSpan(0, raw.Length - 4)));
        return raw;
    }

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
