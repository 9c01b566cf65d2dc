using System.Globalization;
using TiFerry.Binlog.Gtid;

namespace TiFerry.Binlog.Events;

/// <summary>The flags of a MariaDB GTID event (<c>Gtid_log_event::FL_*</c>).</summary>
[Flags]
public enum MariaDbGtidFlags : byte
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>A single event follows, without COMMIT: DDL for example.</summary>
    Standalone = 1,

    /// <summary>The transaction was committed together with others; <see cref="MariaDbGtidEvent.CommitId"/> says which.</summary>
    GroupCommit = 2,

    /// <summary>Only transactional engines are involved: it can be rolled back.</summary>
    Transactional = 4,

    /// <summary>May run in parallel with the one before.</summary>
    AllowParallel = 8,

    /// <summary>Had to wait for a row lock on the source.</summary>
    Waited = 16,

    /// <summary>A DDL statement.</summary>
    Ddl = 32,

    /// <summary>The events of an XA transaction up to XA PREPARE.</summary>
    PreparedXa = 64,

    /// <summary>The XA COMMIT or XA ROLLBACK of a prepared XA transaction.</summary>
    CompletedXa = 128,
}

/// <summary>The phase of an ALTER TABLE that the source logged in two parts (<c>binlog_alter_two_phase=ON</c>).</summary>
public enum MariaDbAlterPhase
{
    /// <summary>Not logged in two parts.</summary>
    None,

    /// <summary>The statement starts on the source; it may still fail.</summary>
    Start,

    /// <summary>The statement of <see cref="MariaDbGtidEvent.AlterSequence"/> succeeded.</summary>
    Commit,

    /// <summary>The statement of <see cref="MariaDbGtidEvent.AlterSequence"/> failed.</summary>
    Rollback,
}

/// <summary>GTID_EVENT of MariaDB: starts a transaction and, unless standalone, stands for its BEGIN.</summary>
public sealed class MariaDbGtidEvent : BinlogEvent
{
    private const byte ExtraMultiEngine = 1;
    private const byte ExtraStartAlter = 2;
    private const byte ExtraCommitAlter = 4;
    private const byte ExtraRollbackAlter = 8;

    /// <summary>The transaction's identity.</summary>
    public MariaDbGtid Gtid { get; private set; }

    /// <summary>What kind of transaction it is.</summary>
    public MariaDbGtidFlags Flags { get; private set; }

    /// <summary>Whether one event follows that is complete in itself; otherwise the transaction runs up to XID, COMMIT or XA PREPARE.</summary>
    public bool IsStandalone => (Flags & MariaDbGtidFlags.Standalone) != MariaDbGtidFlags.None;

    /// <summary>The group commit's number, or 0.</summary>
    public ulong CommitId { get; private set; }

    /// <summary>The XA transaction that is prepared or ended, as statements write it: <c>X'6162',X'',1</c>; null for others.</summary>
    public string? XaId { get; private set; }

    /// <summary>Whether an XA transaction follows that is prepared at its end; no XA START stands before its events.</summary>
    public bool PreparesXa => (Flags & MariaDbGtidFlags.PreparedXa) != MariaDbGtidFlags.None;

    /// <summary>Whether and how far an ALTER TABLE is logged in two parts.</summary>
    public MariaDbAlterPhase AlterPhase { get; private set; }

    /// <summary>The sequence number of the GTID under which the ALTER TABLE started; 0 unless it commits or rolls back.</summary>
    public ulong AlterSequence { get; private set; }

    internal void Read(ReadOnlySpan<byte> body)
    {
        var reader = new EventReader(body);
        var sequence = reader.ReadUInt64();
        var domain = reader.ReadUInt32();
        Gtid = new MariaDbGtid(domain, Header.ServerId, sequence);
        Flags = (MariaDbGtidFlags)reader.ReadByte();
        CommitId = (Flags & MariaDbGtidFlags.GroupCommit) != MariaDbGtidFlags.None ? reader.ReadUInt64() : 0;
        if ((Flags & (MariaDbGtidFlags.PreparedXa | MariaDbGtidFlags.CompletedXa)) != MariaDbGtidFlags.None)
        {
            var format = reader.ReadUInt32();
            var (global, branch) = (reader.ReadByte(), reader.ReadByte());
            XaId = string.Create(CultureInfo.InvariantCulture, $"X'{Convert.ToHexString(reader.ReadBytes(global))}',X'{Convert.ToHexString(reader.ReadBytes(branch))}',{format}");
        }
        else
        {
            XaId = null;
        }

        AlterPhase = MariaDbAlterPhase.None;
        AlterSequence = 0;
        if (!reader.IsAtEnd)
            ReadExtraFlags(ref reader);
    }

    private void ReadExtraFlags(ref EventReader reader)
    {
        var extra = reader.ReadByte();
        if ((extra & ExtraMultiEngine) != 0)
            reader.Skip(1);
        if ((extra & ExtraStartAlter) != 0)
            AlterPhase = MariaDbAlterPhase.Start;
        if ((extra & (ExtraCommitAlter | ExtraRollbackAlter)) == 0)
            return;
        AlterPhase = (extra & ExtraCommitAlter) != 0 ? MariaDbAlterPhase.Commit : MariaDbAlterPhase.Rollback;
        AlterSequence = reader.ReadUInt64();
    }
}

/// <summary>GTID_LIST_EVENT of MariaDB: the last GTID of each domain and server before this place.</summary>
public sealed class MariaDbGtidListEvent : BinlogEvent
{
    private readonly List<MariaDbGtid> _gtids = [];

    /// <summary>The GTIDs.</summary>
    public IReadOnlyList<MariaDbGtid> Gtids => _gtids;

    internal void Read(ReadOnlySpan<byte> body)
    {
        var reader = new EventReader(body);
        var count = reader.ReadUInt32() & 0x0FFFFFFF;
        _gtids.Clear();
        for (var i = 0u; i < count; i++)
            _gtids.Add(new MariaDbGtid(reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt64()));
    }
}
