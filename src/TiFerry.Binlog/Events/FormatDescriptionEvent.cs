using System.Text;

namespace TiFerry.Binlog.Events;

/// <summary>How an event of the file is protected against damage.</summary>
public enum ChecksumAlgorithm : byte
{
    /// <summary>No checksum.</summary>
    None = 0,

    /// <summary>Four bytes of CRC-32 after the body.</summary>
    Crc32 = 1,
}

/// <summary>FORMAT_DESCRIPTION_EVENT: the first event of a file; says how the others are laid out.</summary>
public sealed class FormatDescriptionEvent : BinlogEvent
{
    private const int ServerVersionLength = 50;
    private byte[] _postHeaderLengths = [];

    /// <summary>4 for all servers since MySQL 5.0.</summary>
    public int BinlogVersion { get; private set; }

    /// <summary>The version string of the server that wrote the file, for example <c>10.11.6-MariaDB-log</c>.</summary>
    public string ServerVersion { get; private set; } = "";

    /// <summary>Whether a MariaDB server wrote the file.</summary>
    public bool IsMariaDb { get; private set; }

    /// <summary>Whether events carry a checksum.</summary>
    public ChecksumAlgorithm Checksum { get; private set; }

    /// <summary>Seconds since 1970 at which the server started, or 0 when the file is not the first after a start.</summary>
    public uint CreateTimestamp { get; private set; }

    /// <summary>Whether the server closed the file; false for the one it is writing or was writing when it crashed.</summary>
    public bool IsClosed => (Header.Flags & 1) == 0;

    /// <summary>Bytes of the fixed part of the body of an event type; 0 for unknown types.</summary>
    public int PostHeaderLength(EventType type) => (int)type - 1 < _postHeaderLengths.Length && type != EventType.Unknown ? _postHeaderLengths[(int)type - 1] : 0;

    /// <summary>
    /// Reads the body. Servers that know checksums (MySQL from 5.6.1, MariaDB from 5.3) end this event with the algorithm's number and a checksum,
    /// even where the algorithm is "none".
    /// </summary>
    internal void Read(ReadOnlySpan<byte> body)
    {
        var reader = new EventReader(body);
        BinlogVersion = reader.ReadUInt16();
        if (BinlogVersion != 4)
            throw BinlogErrors.UnsupportedAt($"the binlog has format version {BinlogVersion}", "use a source of MySQL 5.0 or later, or MariaDB");
        var version = reader.ReadBytes(ServerVersionLength);
        var end = version.IndexOf((byte)0);
        ServerVersion = Encoding.Latin1.GetString(end >= 0 ? version[..end] : version);
        IsMariaDb = ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        CreateTimestamp = reader.ReadUInt32();
        var headerLength = reader.ReadByte();
        if (headerLength != EventHeader.Size)
            throw BinlogErrors.CorruptAt($"the format description says event headers have {headerLength} bytes; they have {EventHeader.Size}");

        var lengths = reader.ReadRest();
        if (KnowsChecksums())
        {
            if (lengths.Length < 5)
                throw BinlogErrors.CorruptAt("the format description ends before its checksum");
            var algorithm = lengths[^5];
            if (algorithm > (byte)ChecksumAlgorithm.Crc32)
                throw BinlogErrors.UnsupportedAt($"the binlog uses checksum algorithm {algorithm}", "set binlog_checksum to CRC32 or NONE on the source");
            Checksum = (ChecksumAlgorithm)algorithm;
            lengths = lengths[..^5];
        }
        else
        {
            Checksum = ChecksumAlgorithm.None;
        }

        if (!lengths.SequenceEqual(_postHeaderLengths))
            _postHeaderLengths = lengths.ToArray();
    }

    private bool KnowsChecksums()
    {
        Span<int> parts = stackalloc int[3];
        var part = 0;
        foreach (var c in ServerVersion)
        {
            if (char.IsAsciiDigit(c))
                parts[part] = (parts[part] * 10) + (c - '0');
            else if (c == '.' && part < 2)
                part++;
            else
                break;
        }

        var number = (parts[0] * 65536) + (parts[1] * 256) + parts[2];
        return number >= (IsMariaDb ? 0x050300 : 0x050601);
    }
}
