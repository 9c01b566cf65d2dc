namespace TiFerry.Binlog.Events;

/// <summary>
/// TRANSACTION_PAYLOAD_EVENT of MySQL 8.0.20 (<c>binlog_transaction_compression=ON</c>): the events of a transaction after its GTID, compressed together.
/// Readers open it: after it comes each of its events, from <see cref="BinlogEventParser.TryParseInner"/>.
/// </summary>
public sealed class TransactionPayloadEvent : BinlogEvent
{
    private const byte Zstandard = 0;
    private const byte Uncompressed = 255;

    /// <summary>Bytes of the events when uncompressed.</summary>
    public ulong UncompressedSize { get; private set; }

    /// <summary>Bytes of the events as they stand in the file.</summary>
    public ulong PayloadSize { get; private set; }

    /// <summary>Whether the events are compressed with zstd; otherwise they are plain.</summary>
    public bool IsCompressed { get; private set; }

    internal ReadOnlyMemory<byte> Payload { get; private set; }

    internal void Read(ReadOnlyMemory<byte> body)
    {
        var reader = new EventReader(body.Span);
        var compression = (ulong)Uncompressed;
        PayloadSize = 0;
        while (true)
        {
            var field = reader.ReadLengthEncoded();
            if (field == 0)
                break;
            var value = new EventReader(reader.ReadBytes(reader.ReadLength()));
            switch (field)
            {
                case 1:
                    PayloadSize = value.ReadLengthEncoded();
                    break;
                case 2:
                    compression = value.ReadLengthEncoded();
                    break;
                case 3:
                    UncompressedSize = value.ReadLengthEncoded();
                    break;
                default:
                    break;
            }
        }

        if (compression is not (Zstandard or Uncompressed))
            throw BinlogErrors.UnsupportedAt($"a transaction payload has compression type {compression}", "set binlog_transaction_compression=OFF on the source");
        IsCompressed = compression == Zstandard;
        Payload = body[reader.Position..];
        if (PayloadSize != (ulong)Payload.Length)
            throw BinlogErrors.CorruptAt($"a transaction payload of {PayloadSize} bytes has {Payload.Length}");
    }
}
