using TiFerry.Binlog.Compression;

namespace TiFerry.Binlog.Events;

/// <summary>
/// QUERY_EVENT, MariaDB's QUERY_COMPRESSED_EVENT and EXECUTE_LOAD_QUERY_EVENT: a statement and the session settings that it depends on.
/// DDL, BEGIN, COMMIT, ROLLBACK, SAVEPOINT, and data changes in statement format come as these.
/// Settings that the source did not write are null.
/// </summary>
public sealed class QueryEvent : BinlogEvent
{
    private CachedText _schema;
    private CachedText _timeZone;
    private CachedText _invokerUser;
    private CachedText _invokerHost;
    private ReadOnlyMemory<byte> _sql;
    private byte[] _uncompressed = [];

    /// <summary>The default database, or empty.</summary>
    public string Schema { get; private set; } = "";

    /// <summary>The statement, in the character set of <see cref="ClientCollation"/>.</summary>
    public ReadOnlySpan<byte> Sql => _sql.Span;

    /// <summary>As <see cref="Sql"/>.</summary>
    public ReadOnlyMemory<byte> SqlMemory => _sql;

    /// <summary>The connection on the source; temporary tables belong to it.</summary>
    public uint ThreadId { get; private set; }

    /// <summary>Seconds that the statement took on the source.</summary>
    public uint ExecutionSeconds { get; private set; }

    /// <summary>The error that the statement ended with on the source, or 0.</summary>
    public ushort ErrorCode { get; private set; }

    /// <summary>The session's option bits: 0x4000000 is NO_FOREIGN_KEY_CHECKS, 0x8000000 RELAXED_UNIQUE_CHECKS, 0x4000 AUTO_IS_NULL, 0x80000 NOT_AUTOCOMMIT.</summary>
    public uint? Flags2 { get; private set; }

    /// <summary>The session's sql_mode as its bit set.</summary>
    public ulong? SqlMode { get; private set; }

    /// <summary>auto_increment_increment.</summary>
    public ushort? AutoIncrementIncrement { get; private set; }

    /// <summary>auto_increment_offset.</summary>
    public ushort? AutoIncrementOffset { get; private set; }

    /// <summary>Collation number behind character_set_client.</summary>
    public ushort? ClientCollation { get; private set; }

    /// <summary>Number of collation_connection.</summary>
    public ushort? ConnectionCollation { get; private set; }

    /// <summary>Number of collation_server.</summary>
    public ushort? ServerCollation { get; private set; }

    /// <summary>The session's time_zone.</summary>
    public string? TimeZone { get; private set; }

    /// <summary>Number of lc_time_names.</summary>
    public ushort? LcTimeNames { get; private set; }

    /// <summary>Number of the default database's collation.</summary>
    public ushort? CharsetDatabase { get; private set; }

    /// <summary>Microseconds to be added to the header's timestamp.</summary>
    public uint? Microseconds { get; private set; }

    /// <summary>The account that a definer-less stored object is created for: user.</summary>
    public string? InvokerUser { get; private set; }

    /// <summary>The account that a definer-less stored object is created for: host.</summary>
    public string? InvokerHost { get; private set; }

    /// <summary>explicit_defaults_for_timestamp.</summary>
    public bool? ExplicitDefaultsForTimestamp { get; private set; }

    /// <summary>The engine transaction of an atomic DDL (MySQL 8.0, MariaDB 10.6).</summary>
    public ulong? Xid { get; private set; }

    /// <summary>Number of default_collation_for_utf8mb4 (MySQL 8.0).</summary>
    public ushort? DefaultCollationForUtf8mb4 { get; private set; }

    /// <summary>sql_require_primary_key (MySQL 8.0).</summary>
    public bool? SqlRequirePrimaryKey { get; private set; }

    /// <summary>default_table_encryption (MySQL 8.0).</summary>
    public bool? DefaultTableEncryption { get; private set; }

    /// <summary>foreign_key_checks, from <see cref="Flags2"/>.</summary>
    public bool? ForeignKeyChecks => Flags2 is { } flags ? (flags & 0x4000000) == 0 : null;

    /// <summary>For LOAD DATA in statement format, the number of its file's pieces; otherwise null.</summary>
    public uint? LoadFileId { get; private set; }

    /// <summary>For LOAD DATA: where in <see cref="Sql"/> the file name stands, from the space before <c>INFILE</c>'s name on.</summary>
    public Range LoadFileName { get; private set; }

    /// <summary>Whether the statement is BEGIN, which the source adds before a transaction.</summary>
    public bool IsBegin => SqlIs("BEGIN"u8);

    /// <summary>Whether the statement is COMMIT, which ends a transaction with non-transactional engines.</summary>
    public bool IsCommit => SqlIs("COMMIT"u8);

    /// <summary>Whether the statement is ROLLBACK of the whole transaction.</summary>
    public bool IsRollback => SqlIs("ROLLBACK"u8);

    internal void Read(ReadOnlyMemory<byte> body, int postHeaderLength)
    {
        var reader = new EventReader(body.Span);
        ThreadId = reader.ReadUInt32();
        ExecutionSeconds = reader.ReadUInt32();
        var schemaLength = reader.ReadByte();
        ErrorCode = reader.ReadUInt16();
        var statusLength = reader.ReadUInt16();
        LoadFileId = null;
        if (Type == EventType.ExecuteLoadQuery)
            ReadLoadHeader(ref reader);
        else if (postHeaderLength > reader.Position)
            reader.Skip(postHeaderLength - reader.Position);

        ReadStatusVariables(reader.ReadBytes(statusLength));
        Schema = _schema.Get(reader.ReadBytes(schemaLength));
        reader.Skip(1);
        _sql = body[reader.Position..];
        if (Type == EventType.MariaDbQueryCompressed)
            _sql = MariaDbCompression.Expand(_sql, ref _uncompressed);
    }

    private bool SqlIs(ReadOnlySpan<byte> word) => Sql.Length == word.Length && System.Text.Ascii.EqualsIgnoreCase(Sql, word);

    private void ReadLoadHeader(ref EventReader reader)
    {
        LoadFileId = reader.ReadUInt32();
        var start = checked((int)reader.ReadUInt32());
        var end = checked((int)reader.ReadUInt32());
        LoadFileName = start..end;
        reader.Skip(1);
    }

    private void ReadStatusVariables(ReadOnlySpan<byte> bytes)
    {
        Flags2 = null;
        SqlMode = null;
        AutoIncrementIncrement = AutoIncrementOffset = null;
        ClientCollation = ConnectionCollation = ServerCollation = null;
        TimeZone = null;
        LcTimeNames = CharsetDatabase = null;
        Microseconds = null;
        InvokerUser = InvokerHost = null;
        ExplicitDefaultsForTimestamp = null;
        Xid = null;
        DefaultCollationForUtf8mb4 = null;
        SqlRequirePrimaryKey = DefaultTableEncryption = null;

        var reader = new EventReader(bytes);
        while (!reader.IsAtEnd)
        {
            switch (reader.ReadByte())
            {
                case 0:
                    Flags2 = reader.ReadUInt32();
                    break;
                case 1:
                    SqlMode = reader.ReadUInt64();
                    break;
                case 2:
                    reader.Skip(reader.ReadByte() + 1);
                    break;
                case 3:
                    AutoIncrementIncrement = reader.ReadUInt16();
                    AutoIncrementOffset = reader.ReadUInt16();
                    break;
                case 4:
                    ClientCollation = reader.ReadUInt16();
                    ConnectionCollation = reader.ReadUInt16();
                    ServerCollation = reader.ReadUInt16();
                    break;
                case 5:
                    TimeZone = _timeZone.Get(reader.ReadBytes(reader.ReadByte()));
                    break;
                case 6:
                    reader.Skip(reader.ReadByte());
                    break;
                case 7:
                    LcTimeNames = reader.ReadUInt16();
                    break;
                case 8:
                    CharsetDatabase = reader.ReadUInt16();
                    break;
                case 9:
                    reader.Skip(8);
                    break;
                case 10:
                    reader.Skip(4);
                    break;
                case 11:
                    InvokerUser = _invokerUser.Get(reader.ReadBytes(reader.ReadByte()));
                    InvokerHost = _invokerHost.Get(reader.ReadBytes(reader.ReadByte()));
                    break;
                case 12:
                    SkipUpdatedDatabases(ref reader);
                    break;
                case 13 or 128:
                    Microseconds = (uint)reader.ReadUInt(3);
                    break;
                case 16:
                    ExplicitDefaultsForTimestamp = reader.ReadByte() != 0;
                    break;
                case 17 or 129:
                    Xid = reader.ReadUInt64();
                    break;
                case 18:
                    DefaultCollationForUtf8mb4 = reader.ReadUInt16();
                    break;
                case 19:
                    SqlRequirePrimaryKey = reader.ReadByte() != 0;
                    break;
                case 20:
                    DefaultTableEncryption = reader.ReadByte() != 0;
                    break;
                case 21:
                    reader.Skip(1);
                    break;
                case 130:
                    SkipMariaDbGtidFlags(ref reader);
                    break;
                case 131:
                    reader.Skip(reader.ReadByte() * 4);
                    break;
                default:
                    // Variables stand in the order of their numbers and have no lengths: what comes after an unknown one is newer than we are.
                    return;
            }
        }
    }

    /// <summary>The extra flags of the GTID event once more, and the number of the ALTER TABLE that ends, which <see cref="MariaDbGtidEvent"/> has too.</summary>
    private static void SkipMariaDbGtidFlags(ref EventReader reader)
    {
        const byte EndsAlter = 4 | 8;
        if ((reader.ReadByte() & EndsAlter) != 0)
            reader.Skip(8);
    }

    private static void SkipUpdatedDatabases(ref EventReader reader)
    {
        const int MoreThanListed = 254;
        var count = reader.ReadByte();
        if (count == MoreThanListed)
            return;
        for (var i = 0; i < count; i++)
            reader.ReadNullTerminated();
    }
}
