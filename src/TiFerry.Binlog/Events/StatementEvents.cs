using System.Text;

namespace TiFerry.Binlog.Events;

/// <summary>INTVAR_EVENT: a number that the next statement uses.</summary>
public sealed class IntVarEvent : BinlogEvent
{
    /// <summary>True for <c>INSERT_ID</c>, false for <c>LAST_INSERT_ID()</c>.</summary>
    public bool IsInsertId { get; private set; }

    /// <summary>The number.</summary>
    public ulong Value { get; private set; }

    internal void Read(ReadOnlySpan<byte> body)
    {
        var reader = new EventReader(body);
        IsInsertId = reader.ReadByte() == 2;
        Value = reader.ReadUInt64();
    }
}

/// <summary>RAND_EVENT: the seeds of <c>RAND()</c> in the next statement.</summary>
public sealed class RandEvent : BinlogEvent
{
    /// <summary>The first seed.</summary>
    public ulong Seed1 { get; private set; }

    /// <summary>The second seed.</summary>
    public ulong Seed2 { get; private set; }

    internal void Read(ReadOnlySpan<byte> body)
    {
        var reader = new EventReader(body);
        Seed1 = reader.ReadUInt64();
        Seed2 = reader.ReadUInt64();
    }
}

/// <summary>The kind of a user variable's value (<c>Item_result</c>).</summary>
public enum UserVariableType : byte
{
    /// <summary>Bytes in <see cref="UserVarEvent.Collation"/>.</summary>
    String = 0,

    /// <summary>Eight bytes of IEEE double.</summary>
    Real = 1,

    /// <summary>Eight bytes of integer.</summary>
    Integer = 2,

    /// <summary>Precision, scale, then packed decimal.</summary>
    Decimal = 4,
}

/// <summary>USER_VAR_EVENT: a user variable that the next statement reads.</summary>
public sealed class UserVarEvent : BinlogEvent
{
    private ReadOnlyMemory<byte> _value;

    /// <summary>The name without <c>@</c>.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Whether the variable is NULL; the other members then mean nothing.</summary>
    public bool IsNull { get; private set; }

    /// <summary>What the value's bytes are.</summary>
    public UserVariableType ValueType { get; private set; }

    /// <summary>The collation's number.</summary>
    public uint Collation { get; private set; }

    /// <summary>Whether an integer is unsigned.</summary>
    public bool IsUnsigned { get; private set; }

    /// <summary>The value's bytes.</summary>
    public ReadOnlySpan<byte> Value => _value.Span;

    internal void Read(ReadOnlyMemory<byte> body)
    {
        var reader = new EventReader(body.Span);
        Name = reader.ReadString(checked((int)reader.ReadUInt32()));
        IsNull = reader.ReadByte() != 0;
        _value = default;
        IsUnsigned = false;
        if (IsNull)
            return;
        ValueType = (UserVariableType)reader.ReadByte();
        Collation = reader.ReadUInt32();
        var length = checked((int)reader.ReadUInt32());
        _value = body.Slice(reader.Position, length);
        reader.Skip(length);
        IsUnsigned = !reader.IsAtEnd && (reader.ReadByte() & 1) != 0;
    }
}

/// <summary>
/// ROWS_QUERY_LOG_EVENT of MySQL (<c>binlog_rows_query_log_events=ON</c>) and ANNOTATE_ROWS_EVENT of MariaDB: the statement that caused the rows that follow.
/// </summary>
public sealed class RowsQueryEvent : BinlogEvent
{
    private ReadOnlyMemory<byte> _sql;

    /// <summary>The statement in the session's character set.</summary>
    public ReadOnlySpan<byte> Sql => _sql.Span;

    internal void Read(ReadOnlyMemory<byte> body)
    {
        // MySQL writes one byte of length first, which is cut off at 255 and therefore means nothing.
        _sql = Type == EventType.RowsQuery && body.Length > 0 ? body[1..] : body;
    }
}

/// <summary>INCIDENT_EVENT: the source tells that its binlog may miss changes.</summary>
public sealed class IncidentEvent : BinlogEvent
{
    /// <summary>1 for "lost events", the only number in use.</summary>
    public int Incident { get; private set; }

    /// <summary>The source's explanation.</summary>
    public string Message { get; private set; } = "";

    internal void Read(ReadOnlySpan<byte> body)
    {
        var reader = new EventReader(body);
        Incident = reader.ReadUInt16();
        Message = reader.IsAtEnd ? "" : Encoding.UTF8.GetString(reader.ReadBytes(reader.ReadByte()));
    }
}

/// <summary>
/// HEARTBEAT_LOG_EVENT and its version 2: the source is alive and has nothing to send. Stands in no file.
/// </summary>
public sealed class HeartbeatEvent : BinlogEvent
{
    private CachedText _file;

    /// <summary>The file that the source is reading.</summary>
    public string File { get; private set; } = "";

    /// <summary>The position in it; version 1 carries only its lower 32 bits.</summary>
    public ulong Position { get; private set; }

    internal void Read(ReadOnlySpan<byte> body)
    {
        Position = Header.LogPos;
        var reader = new EventReader(body);
        if (Type == EventType.Heartbeat)
        {
            // MariaDB appends eight bytes of position when the file is larger than 4 GiB; the name has no zero byte, so it ends where one stands.
            var name = reader.ReadRest();
            var end = name.IndexOf((byte)0);
            File = _file.Get(end >= 0 ? name[..end] : name);
            return;
        }

        while (!reader.IsAtEnd)
        {
            var field = reader.ReadLengthEncoded();
            if (field == 0)
                break;
            var value = new EventReader(reader.ReadBytes(reader.ReadLength()));
            if (field == 1)
                File = _file.Get(value.ReadRest());
            else if (field == 2)
                Position = value.ReadLengthEncoded();
        }
    }
}

/// <summary>BINLOG_CHECKPOINT_EVENT of MariaDB: the oldest file that crash recovery on the source would need.</summary>
public sealed class BinlogCheckpointEvent : BinlogEvent
{
    private CachedText _file;

    /// <summary>The file's name.</summary>
    public string File { get; private set; } = "";

    internal void Read(ReadOnlySpan<byte> body)
    {
        var reader = new EventReader(body);
        File = _file.Get(reader.ReadBytes(checked((int)reader.ReadUInt32())));
    }
}

/// <summary>
/// An event that changes nothing on a replica and whose body is left alone: stop, slave, ignorable, transaction context, view change,
/// start encryption where the server has decrypted what follows, and every unknown type that carries the ignorable flag.
/// </summary>
public sealed class UninterpretedEvent : BinlogEvent
{
    internal ReadOnlyMemory<byte> BodyMemory { get; set; }

    /// <summary>The body without header and checksum.</summary>
    public ReadOnlySpan<byte> Body => BodyMemory.Span;
}
