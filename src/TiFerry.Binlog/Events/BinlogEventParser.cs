using System.Buffers.Binary;
using TiFerry.Binlog.Checksums;
using TiFerry.Binlog.Compression;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Events;

/// <summary>
/// Turns the bytes of events into event objects, in the order in which they stand in the binlog. It remembers the file's format and the table maps,
/// and reuses event objects, so that parsing allocates next to nothing. Not for use by several threads.
/// </summary>
public sealed class BinlogEventParser : IDisposable
{
    private const int ChecksumSize = 4;
    private const int MaxCachedTables = 4096;

    private readonly FormatDescriptionEvent _formatDescription = new();
    private readonly RotateEvent _rotate = new();
    private readonly QueryEvent _query = new();
    private readonly XidEvent _xid = new();
    private readonly XaPrepareEvent _xaPrepare = new();
    private readonly IntVarEvent _intVar = new();
    private readonly RandEvent _rand = new();
    private readonly UserVarEvent _userVar = new();
    private readonly RowsQueryEvent _rowsQuery = new();
    private readonly IncidentEvent _incident = new();
    private readonly HeartbeatEvent _heartbeat = new();
    private readonly BinlogCheckpointEvent _checkpoint = new();
    private readonly LoadDataBlockEvent _loadDataBlock = new();
    private readonly LoadDataAbortEvent _loadDataAbort = new();
    private readonly GtidEvent _gtid = new();
    private readonly PreviousGtidsEvent _previousGtids = new();
    private readonly MariaDbGtidEvent _mariaDbGtid = new();
    private readonly MariaDbGtidListEvent _mariaDbGtidList = new();
    private readonly TransactionPayloadEvent _payload = new();
    private readonly RowsEvent _rows = new();
    private readonly UninterpretedEvent _uninterpreted = new();

    private readonly Dictionary<ulong, TableMapEvent> _tables = [];
    private readonly Func<ulong, TableMapEvent> _findTable;
    private readonly PayloadReader _payloadReader = new();
    private TableMapEvent? _lastTable;
    private bool _hasFormat;
    private long _statement = 1;

    /// <summary>Creates a parser that knows no format yet: the first event must be a format description, or an artificial rotate before it.</summary>
    public BinlogEventParser() => _findTable = FindTable;

    /// <summary>
    /// Tells the digits of the fraction of a column of MariaDB that is stored with <c>mysql56_temporal_format=OFF</c>; table and ordinal are given.
    /// The binlog does not carry them, so that without this function a table with such a column is refused.
    /// </summary>
    public Func<TableMapEvent, int, int>? OldTemporalPrecision { get; set; }

    /// <summary>
    /// Whether events come from a server rather than from its file. MariaDB with encrypt_binlog=ON then decrypts them and sends START_ENCRYPTION all the same,
    /// while the events after it in a file cannot be read.
    /// </summary>
    public bool IsStreamed { get; set; }

    /// <summary>The format of the file at hand. Its members are empty before the first format description.</summary>
    public FormatDescriptionEvent FormatDescription => _formatDescription;

    /// <summary>Parses one event.</summary>
    /// <param name="rawEvent">The whole event, from header to checksum. The result points into it.</param>
    /// <returns>
    /// The event, valid until the next call. After a <see cref="TransactionPayloadEvent"/> call <see cref="TryParseInner"/> until it returns false.
    /// </returns>
    /// <exception cref="Core.Errors.TiFerryException">The event is damaged, unknown without being ignorable, or encrypted.</exception>
    public BinlogEvent Parse(ReadOnlyMemory<byte> rawEvent)
    {
        var header = EventHeader.Read(rawEvent.Span);
        if (header.EventSize != (uint)rawEvent.Length)
            throw BinlogErrors.CorruptAt($"an event of type {header.Type} has {rawEvent.Length} bytes and says {header.EventSize}", At(header));

        if (header.Type == EventType.FormatDescription)
            return ParseFormatDescription(header, rawEvent);

        var bodyEnd = rawEvent.Length - ChecksumSize;
        if (header.Type == EventType.Rotate && header.IsArtificial)
        {
            bodyEnd = HasChecksum(rawEvent.Span, bodyEnd) ? bodyEnd : rawEvent.Length;
        }
        else if (!_hasFormat)
        {
            throw BinlogErrors.CorruptAt($"an event of type {header.Type} comes before the format description", At(header));
        }
        else if (_formatDescription.Checksum == ChecksumAlgorithm.Crc32)
        {
            VerifyChecksum(header, rawEvent.Span, bodyEnd);
        }
        else
        {
            bodyEnd = rawEvent.Length;
        }

        return ParseChecked(header, rawEvent, rawEvent[EventHeader.Size..bodyEnd], isFromPayload: false);
    }

    /// <summary>Parses the next event out of the last <see cref="TransactionPayloadEvent"/>; false when there is none left.</summary>
    /// <exception cref="Core.Errors.TiFerryException">As for <see cref="Parse"/>.</exception>
    public bool TryParseInner(out BinlogEvent? inner)
    {
        inner = null;
        if (!_payloadReader.TryRead(out var raw))
            return false;
        // Inner events have no checksum, and no position: the only place to go on from is the end of the payload.
        var header = EventHeader.Read(raw.Span) with { LogPos = _payload.Header.LogPos };
        inner = ParseChecked(header, raw, raw[EventHeader.Size..], isFromPayload: true);
        return true;
    }

    /// <summary>Forgets tables, format and an open payload, as when a stream starts anew.</summary>
    public void Reset()
    {
        _payloadReader.Close();
        _hasFormat = false;
        EndStatement();
    }

    /// <inheritdoc/>
    public void Dispose() => _payloadReader.Dispose();

    private FormatDescriptionEvent ParseFormatDescription(EventHeader header, ReadOnlyMemory<byte> raw)
    {
        _formatDescription.Header = header;
        _formatDescription.Raw = raw;
        _hasFormat = false;
        _formatDescription.Read(raw.Span[EventHeader.Size..]);
        if (_formatDescription.Checksum == ChecksumAlgorithm.Crc32)
            VerifyFormatChecksum(header, raw.Span);
        _hasFormat = true;
        EndStatement();
        return _formatDescription;
    }

    /// <summary>The server sets the "in use" flag after it made the checksum, and clears it when it closes the file.</summary>
    private void VerifyFormatChecksum(EventHeader header, ReadOnlySpan<byte> raw)
    {
        const int FlagsAt = 17;
        var closed = raw.ToArray();
        closed[FlagsAt] &= 0xFE;
        VerifyChecksum(header, closed, closed.Length - ChecksumSize);
    }

    /// <summary>An artificial rotate comes before the format description that would tell, or after that of the file before.</summary>
    private static bool HasChecksum(ReadOnlySpan<byte> raw, int bodyEnd) =>
        bodyEnd >= EventHeader.Size && BinaryPrimitives.ReadUInt32LittleEndian(raw[bodyEnd..]) == Crc32.Compute(raw[..bodyEnd]);

    private void VerifyChecksum(EventHeader header, ReadOnlySpan<byte> raw, int bodyEnd)
    {
        if (bodyEnd < EventHeader.Size)
            throw BinlogErrors.CorruptAt($"an event of type {header.Type} is too short for its checksum", At(header));
        var stored = BinaryPrimitives.ReadUInt32LittleEndian(raw[bodyEnd..]);
        var computed = Crc32.Compute(raw[..bodyEnd]);
        if (stored != computed)
            throw BinlogErrors.CorruptAt($"an event of type {header.Type} has checksum {computed:x8} and should have {stored:x8}", At(header));
    }

    /// <summary>Says where, whatever is wrong within an event.</summary>
    private BinlogEvent ParseChecked(EventHeader header, ReadOnlyMemory<byte> raw, ReadOnlyMemory<byte> body, bool isFromPayload)
    {
        try
        {
            return ParseBody(header, raw, body, isFromPayload);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or IndexOutOfRangeException or TiFerryException { Code.Number: BinlogErrors.CorruptNumber })
        {
            throw BinlogErrors.CorruptAt($"an event of type {header.Type} cannot be read", At(header), e);
        }
    }

    private BinlogEvent ParseBody(EventHeader header, ReadOnlyMemory<byte> raw, ReadOnlyMemory<byte> body, bool isFromPayload)
    {
        var parsed = Select(header);
        if (parsed is not null)
        {
            parsed.Header = header;
            parsed.Raw = raw;
            parsed.IsFromPayload = isFromPayload;
        }

        switch (header.Type)
        {
            case EventType.TableMap:
                parsed = ReadTableMap(body.Span);
                parsed.Header = header;
                parsed.Raw = raw;
                parsed.IsFromPayload = isFromPayload;
                break;
            case EventType.WriteRows or EventType.UpdateRows or EventType.DeleteRows or EventType.PartialUpdateRows
                or EventType.WriteRowsV1 or EventType.UpdateRowsV1 or EventType.DeleteRowsV1
                or (>= EventType.MariaDbWriteRowsCompressedV1 and <= EventType.MariaDbDeleteRowsCompressed):
                ReadRows(header.Type, body);
                break;
            case EventType.Query or EventType.ExecuteLoadQuery or EventType.MariaDbQueryCompressed:
                _query.Read(body, _formatDescription.PostHeaderLength(header.Type));
                break;
            case EventType.Xid:
                _xid.Read(body.Span);
                break;
            case EventType.MariaDbGtid:
                _mariaDbGtid.Read(body.Span);
                break;
            case EventType.Gtid or EventType.AnonymousGtid or EventType.GtidTagged:
                _gtid.Read(body.Span);
                break;
            case EventType.RowsQuery or EventType.MariaDbAnnotateRows:
                _rowsQuery.Read(body);
                break;
            case EventType.TransactionPayload:
                _payload.Read(body);
                _payloadReader.Open(_payload);
                break;
            case EventType.Rotate:
                _rotate.Read(body.Span);
                EndStatement();
                break;
            case EventType.Heartbeat or EventType.HeartbeatV2:
                _heartbeat.Read(body.Span);
                break;
            case EventType.PreviousGtids:
                _previousGtids.Read(body);
                break;
            case EventType.MariaDbGtidList:
                _mariaDbGtidList.Read(body.Span);
                break;
            case EventType.MariaDbBinlogCheckpoint:
                _checkpoint.Read(body.Span);
                break;
            case EventType.XaPrepare:
                _xaPrepare.Read(body);
                break;
            case EventType.IntVar:
                _intVar.Read(body.Span);
                break;
            case EventType.Rand:
                _rand.Read(body.Span);
                break;
            case EventType.UserVar:
                _userVar.Read(body);
                break;
            case EventType.Incident:
                _incident.Read(body.Span);
                break;
            case EventType.BeginLoadQuery or EventType.AppendBlock:
                _loadDataBlock.Read(body);
                break;
            case EventType.DeleteFile:
                _loadDataAbort.Read(body.Span);
                break;
            default:
                _uninterpreted.BodyMemory = body;
                break;
        }

        return parsed!;
    }

    /// <summary>The reused object for an event type; null for a table map, which is not reused.</summary>
    private BinlogEvent? Select(EventHeader header) => header.Type switch
    {
        >= EventType.MariaDbAnnotateRows when !_formatDescription.IsMariaDb => Unknown(header),
        EventType.TableMap => null,
        EventType.WriteRows or EventType.UpdateRows or EventType.DeleteRows or EventType.PartialUpdateRows
            or EventType.WriteRowsV1 or EventType.UpdateRowsV1 or EventType.DeleteRowsV1
            or (>= EventType.MariaDbWriteRowsCompressedV1 and <= EventType.MariaDbDeleteRowsCompressed) => _rows,
        EventType.Query or EventType.ExecuteLoadQuery or EventType.MariaDbQueryCompressed => _query,
        EventType.Xid => _xid,
        EventType.MariaDbGtid => _mariaDbGtid,
        EventType.Gtid or EventType.AnonymousGtid or EventType.GtidTagged => _gtid,
        EventType.RowsQuery or EventType.MariaDbAnnotateRows => _rowsQuery,
        EventType.TransactionPayload => _payload,
        EventType.Rotate => _rotate,
        EventType.Heartbeat or EventType.HeartbeatV2 => _heartbeat,
        EventType.PreviousGtids => _previousGtids,
        EventType.MariaDbGtidList => _mariaDbGtidList,
        EventType.MariaDbBinlogCheckpoint => _checkpoint,
        EventType.XaPrepare => _xaPrepare,
        EventType.IntVar => _intVar,
        EventType.Rand => _rand,
        EventType.UserVar => _userVar,
        EventType.Incident => _incident,
        EventType.BeginLoadQuery or EventType.AppendBlock => _loadDataBlock,
        EventType.DeleteFile => _loadDataAbort,
        EventType.Stop or EventType.Slave or EventType.Ignorable or EventType.TransactionContext or EventType.ViewChange => _uninterpreted,
        EventType.MariaDbStartEncryption when IsStreamed => _uninterpreted,
        EventType.MariaDbStartEncryption => throw BinlogErrors.UnsupportedAt(
            $"the binlog is encrypted (event START_ENCRYPTION at {At(header)})", "read it through the server, not from its file, or set encrypt_binlog=OFF on the source"),
        EventType.Load or EventType.NewLoad or EventType.CreateFile or EventType.ExecLoad or EventType.StartV3
            or EventType.PreGaWriteRows or EventType.PreGaUpdateRows or EventType.PreGaDeleteRows => throw BinlogErrors.UnsupportedAt(
            $"the binlog has an event of type {header.Type} at {At(header)}, which servers before MySQL 5.1 wrote", "start from a later position"),
        _ => Unknown(header),
    };

    private UninterpretedEvent Unknown(EventHeader header) => header.IsIgnorable
        ? _uninterpreted
        : throw BinlogErrors.UnsupportedAt(
            $"the binlog has an event of the unknown type {(byte)header.Type} at {At(header)}, and it is not marked as ignorable",
            "use a newer version of this program, or start after that position if the event is known to be harmless");

    private TableMapEvent ReadTableMap(ReadOnlySpan<byte> body)
    {
        var idWidth = TableIdWidth(EventType.TableMap);
        var id = new EventReader(body).ReadUInt(idWidth);
        if (!_tables.TryGetValue(id, out var table) || !table.HasBody(body))
        {
            if (_tables.Count >= MaxCachedTables)
                _tables.Clear();
            table = new TableMapEvent(body, idWidth, _formatDescription.IsMariaDb, OldTemporalPrecision);
            _tables[id] = table;
        }

        table.Statement = _statement;
        _lastTable = table;
        return table;
    }

    private void ReadRows(EventType type, ReadOnlyMemory<byte> body)
    {
        var hasExtraData = type is EventType.WriteRows or EventType.UpdateRows or EventType.DeleteRows or EventType.PartialUpdateRows
            or EventType.MariaDbWriteRowsCompressed or EventType.MariaDbUpdateRowsCompressed or EventType.MariaDbDeleteRowsCompressed;
        _rows.Read(body, TableIdWidth(type), hasExtraData, _findTable);
        if (_rows.StatementEnd)
            EndStatement();
    }

    /// <summary>Six bytes, or four in files of MySQL before 5.1.4, which show by their shorter fixed part.</summary>
    private int TableIdWidth(EventType type) => _formatDescription.PostHeaderLength(type) == 6 ? 4 : 6;

    private TableMapEvent FindTable(ulong id)
    {
        if (_lastTable is { } last && last.TableId == id && last.Statement == _statement)
            return last;
        return _tables.TryGetValue(id, out var table) && table.Statement == _statement
            ? table
            : throw BinlogErrors.CorruptAt($"rows of table number {id} come without the table map that names it; reading must start at the beginning of a transaction");
    }

    /// <summary>Table numbers mean nothing beyond the statement; what is known of the tables is kept for the next time.</summary>
    private void EndStatement() => _statement++;

    private string At(EventHeader header) => _rotate.File.Length > 0 ? $"{_rotate.File}, end position {header.LogPos}" : $"end position {header.LogPos}";
}
