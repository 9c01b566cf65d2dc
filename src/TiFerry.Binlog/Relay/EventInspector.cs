using System.Buffers.Binary;
using TiFerry.Binlog.Checksums;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Relay;

/// <summary>Verifies the events of binlog files and follows transactions and GTIDs through them, without a look at rows.</summary>
internal sealed class EventInspector : IDisposable
{
    private const int ChecksumSize = 4;
    private readonly BinlogEventParser _parser = new() { IsStreamed = true };
    private readonly TransactionTracker _tracker = new(BinlogStart.At(default, (MySqlGtidSet?)null));

    /// <summary>The format of the file at hand.</summary>
    public FormatDescriptionEvent Format => _parser.FormatDescription;

    /// <summary>Whether the event seen last belongs to a transaction that is not complete.</summary>
    public bool IsInTransaction => _tracker.IsInTransaction;

    /// <summary>Those of complete transactions; null when no file of MySQL told what was before it.</summary>
    public MySqlGtidSet? MySqlGtids => _tracker.MySqlGtids;

    /// <summary>Those of complete transactions; null when no file of MariaDB told what was before it.</summary>
    public MariaDbGtidSet? MariaDbGtids => _tracker.MariaDbGtids;

    /// <summary>The GTIDs as text; empty when there are none.</summary>
    public string Gtids => MySqlGtids?.ToString() ?? MariaDbGtids?.ToString() ?? "";

    /// <summary>Verifies an event's checksum, and takes notice of it.</summary>
    /// <param name="raw">The event as it stands in the file.</param>
    /// <returns>The event if it is of a kind that says something about files, transactions or GTIDs, valid until the next call; null for any other.</returns>
    /// <exception cref="TiFerryException">The event is damaged.</exception>
    public BinlogEvent? Inspect(ReadOnlyMemory<byte> raw)
    {
        var header = EventHeader.Read(raw.Span);
        if (header.EventSize != (uint)raw.Length)
            throw BinlogErrors.CorruptAt($"an event of type {header.Type} has {raw.Length} bytes and says {header.EventSize}");
        if (!SaysSomething(header.Type))
        {
            Verify(header, raw.Span);
            if (header.Type == EventType.TransactionPayload)
                _tracker.Complete();
            return null;
        }

        var e = _parser.Parse(raw);
        if (e is FormatDescriptionEvent format)
            Verify(format);
        if (e is PreviousGtidsEvent previous)
            _tracker.MySqlGtids = previous.ToGtidSet();
        else if (e is MariaDbGtidListEvent { Header.IsArtificial: false } list)
            _tracker.MariaDbGtids = ToSet(list);
        else
            _tracker.Observe(e);
        return e;
    }

    /// <summary>
    /// Verifies the checksum of a format description, which is there whatever <c>binlog_checksum</c> says. A parser goes by the server's version in it to know
    /// of checksums, and so would not see that the version is damaged. Servers before MySQL 5.6 write none.
    /// </summary>
    /// <exception cref="TiFerryException">The event is damaged.</exception>
    public static void Verify(FormatDescriptionEvent format)
    {
        const int FlagsAt = 17;
        if (format.ServerVersion.StartsWith("5.0.", StringComparison.Ordinal) || format.ServerVersion.StartsWith("5.1.", StringComparison.Ordinal)
            || format.ServerVersion.StartsWith("5.5.", StringComparison.Ordinal))
        {
            return;
        }

        // The "in use" flag is set after the checksum was made.
        var raw = format.Raw.ToArray();
        raw[FlagsAt] &= 0xFE;
        if (BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(raw.Length - ChecksumSize)) != Crc32.Compute(raw.AsSpan(0, raw.Length - ChecksumSize)))
            throw BinlogErrors.CorruptAt("the format description does not fit its checksum");
    }

    /// <summary>The position that a list stands for: of each domain the last entry counts.</summary>
    public static MariaDbGtidSet ToSet(MariaDbGtidListEvent list)
    {
        var set = new MariaDbGtidSet();
        foreach (var gtid in list.Gtids)
            set.MoveTo(gtid);
        return set;
    }

    /// <summary>Expects a format description next, as when a stream starts anew; a transaction under way goes on.</summary>
    public void ForgetFormat() => _parser.Reset();

    /// <inheritdoc/>
    public void Dispose() => _parser.Dispose();

    private static bool SaysSomething(EventType type) => type is EventType.FormatDescription or EventType.Rotate or EventType.PreviousGtids or EventType.MariaDbGtidList
        or EventType.Gtid or EventType.AnonymousGtid or EventType.GtidTagged or EventType.MariaDbGtid
        or EventType.Query or EventType.MariaDbQueryCompressed or EventType.ExecuteLoadQuery
        or EventType.Xid or EventType.XaPrepare or EventType.Incident;

    private void Verify(EventHeader header, ReadOnlySpan<byte> raw)
    {
        if (Format.Checksum != ChecksumAlgorithm.Crc32)
            return;
        if (raw.Length < EventHeader.Size + ChecksumSize)
            throw BinlogErrors.CorruptAt($"an event of type {header.Type} is too short for its checksum");
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(raw[^ChecksumSize..]);
        var computed = Crc32.Compute(raw[..^ChecksumSize]);
        if (stored != computed)
            throw BinlogErrors.CorruptAt($"an event of type {header.Type} has checksum {computed:x8} and should have {stored:x8}");
    }
}
