using TiFerry.Binlog.Gtid;

namespace TiFerry.Binlog.Events;

/// <summary>
/// GTID_LOG_EVENT, ANONYMOUS_GTID_LOG_EVENT and GTID_TAGGED_LOG_EVENT (MySQL 8.3) of MySQL: starts a transaction.
/// Times are microseconds since 1970; fields that the source's version does not write are 0.
/// </summary>
public sealed class GtidEvent : BinlogEvent
{
    private const int LogicalClockTypeCode = 2;
    private CachedText _tag;

    /// <summary>The transaction's identity; <c>default</c> for an anonymous one.</summary>
    public MySqlGtid Gtid { get; private set; }

    /// <summary>Whether the source runs without GTIDs.</summary>
    public bool IsAnonymous => Type == EventType.AnonymousGtid;

    /// <summary>Whether a part of the transaction may be logged as statements.</summary>
    public bool MayHaveStatements { get; private set; }

    /// <summary>Logical time of the last transaction that this one may depend on.</summary>
    public long LastCommitted { get; private set; }

    /// <summary>Logical time of this transaction, counted per file.</summary>
    public long SequenceNumber { get; private set; }

    /// <summary>When the nearest source committed it.</summary>
    public ulong ImmediateCommitTimestamp { get; private set; }

    /// <summary>When the server that it came from first committed it.</summary>
    public ulong OriginalCommitTimestamp { get; private set; }

    /// <summary>Bytes of the whole transaction including this event.</summary>
    public ulong TransactionLength { get; private set; }

    /// <summary>The nearest source's version, 80036 for 8.0.36.</summary>
    public uint ImmediateServerVersion { get; private set; }

    /// <summary>The first server's version.</summary>
    public uint OriginalServerVersion { get; private set; }

    internal void Read(ReadOnlySpan<byte> body)
    {
        LastCommitted = SequenceNumber = 0;
        ImmediateCommitTimestamp = OriginalCommitTimestamp = TransactionLength = 0;
        ImmediateServerVersion = OriginalServerVersion = 0;
        if (Type == EventType.GtidTagged)
            ReadTagged(body);
        else
            ReadClassic(body);
    }

    private void ReadClassic(ReadOnlySpan<byte> body)
    {
        var reader = new EventReader(body);
        MayHaveStatements = (reader.ReadByte() & 1) != 0;
        var source = new Guid(reader.ReadBytes(16), bigEndian: true);
        var number = (long)reader.ReadUInt64();
        Gtid = IsAnonymous ? default : new MySqlGtid(source, "", number);

        if (reader.Remaining < 17 || reader.ReadByte() != LogicalClockTypeCode)
            return;
        LastCommitted = (long)reader.ReadUInt64();
        SequenceNumber = (long)reader.ReadUInt64();

        if (reader.Remaining < 7)
            return;
        ImmediateCommitTimestamp = reader.ReadUInt(7);
        const ulong HasOriginal = 1ul << 55;
        OriginalCommitTimestamp = (ImmediateCommitTimestamp & HasOriginal) != 0 ? reader.ReadUInt(7) : ImmediateCommitTimestamp;
        ImmediateCommitTimestamp &= ~HasOriginal;

        if (reader.IsAtEnd)
            return;
        TransactionLength = reader.ReadLengthEncoded();
        if (reader.Remaining < 4)
            return;
        ImmediateServerVersion = reader.ReadUInt32();
        const uint HasOriginalVersion = 1u << 31;
        OriginalServerVersion = (ImmediateServerVersion & HasOriginalVersion) != 0 ? reader.ReadUInt32() : ImmediateServerVersion;
        ImmediateServerVersion &= ~HasOriginalVersion;
    }

    /// <summary>Reads a message in the format of "MySQL Serialization Library" (libs/mysql/serialization): numbered fields, absent ones have a default.</summary>
    private void ReadTagged(ReadOnlySpan<byte> body)
    {
        var reader = new EventReader(body);
        var version = reader.ReadSerializedUInt64();
        if (version != 1)
            throw BinlogErrors.UnsupportedAt($"a tagged GTID event has serialization version {version}; 1 is known", "use a source of MySQL 8.3 to 9.x");
        var size = reader.ReadSerializedUInt64();
        if (size > (ulong)body.Length)
            throw BinlogErrors.CorruptAt($"a tagged GTID event says it has {size} bytes of fields, and has {body.Length}");
        var lastNonIgnorable = reader.ReadSerializedUInt64();

        Span<byte> uuid = stackalloc byte[16];
        var tag = "";
        var number = 0L;
        var hasOriginalTimestamp = false;
        var hasOriginalVersion = false;
        while (reader.Position < (int)size)
        {
            var field = reader.ReadSerializedUInt64();
            switch (field)
            {
                case 0:
                    MayHaveStatements = (reader.ReadSerializedUInt64() & 1) != 0;
                    break;
                case 1:
                    foreach (ref var b in uuid)
                        b = (byte)reader.ReadSerializedUInt64();
                    break;
                case 2:
                    number = reader.ReadSerializedInt64();
                    break;
                case 3:
                    tag = _tag.Get(reader.ReadBytes(checked((int)reader.ReadSerializedUInt64())));
                    break;
                case 4:
                    LastCommitted = reader.ReadSerializedInt64();
                    break;
                case 5:
                    SequenceNumber = reader.ReadSerializedInt64();
                    break;
                case 6:
                    ImmediateCommitTimestamp = reader.ReadSerializedUInt64();
                    break;
                case 7:
                    OriginalCommitTimestamp = reader.ReadSerializedUInt64();
                    hasOriginalTimestamp = true;
                    break;
                case 8:
                    TransactionLength = reader.ReadSerializedUInt64();
                    break;
                case 9:
                    ImmediateServerVersion = (uint)reader.ReadSerializedUInt64();
                    break;
                case 10:
                    OriginalServerVersion = (uint)reader.ReadSerializedUInt64();
                    hasOriginalVersion = true;
                    break;
                case 11:
                    reader.ReadSerializedUInt64();
                    break;
                default:
                    if (field <= lastNonIgnorable)
                        throw BinlogErrors.UnsupportedAt($"a tagged GTID event has the unknown field {field}, which must not be ignored", "use a newer version of this program");
                    reader.Skip((int)size - reader.Position);
                    break;
            }
        }

        if (!hasOriginalTimestamp)
            OriginalCommitTimestamp = ImmediateCommitTimestamp;
        if (!hasOriginalVersion)
            OriginalServerVersion = ImmediateServerVersion;
        Gtid = new MySqlGtid(new Guid(uuid, bigEndian: true), tag, number);
    }
}

/// <summary>PREVIOUS_GTIDS_LOG_EVENT of MySQL: all GTIDs in the files before this one.</summary>
public sealed class PreviousGtidsEvent : BinlogEvent
{
    private ReadOnlyMemory<byte> _encoded;

    /// <summary>The set; decoded anew at each call, the result is the caller's.</summary>
    public MySqlGtidSet ToGtidSet() => MySqlGtidSet.Decode(_encoded.Span);

    internal void Read(ReadOnlyMemory<byte> body) => _encoded = body;
}
