using System.Buffers.Binary;
using TiFerry.Binlog.Events;

namespace TiFerry.Binlog.Compression;

/// <summary>Takes the events out of a transaction payload one by one: memory is bounded by the largest of them.</summary>
internal sealed class PayloadReader : IDisposable
{
    private const int EventSizeAt = 9;
    private const int MaxEventSize = 1 << 30;
    private readonly ZstdDecompressor _zstd = new();
    private ReadOnlyMemory<byte> _plain;
    private byte[] _event = new byte[4096];
    private bool _isCompressed;
    private bool _isOpen;

    public void Open(TransactionPayloadEvent payload)
    {
        _isOpen = true;
        _isCompressed = payload.IsCompressed;
        if (_isCompressed)
            _zstd.Open(payload.Payload);
        else
            _plain = payload.Payload;
    }

    public void Close() => _isOpen = false;

    /// <summary>The next event's bytes, valid until the next call.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> raw)
    {
        raw = default;
        if (!_isOpen)
            return false;
        var read = Read(_event.AsSpan(0, EventHeader.Size));
        if (read == 0)
        {
            _isOpen = false;
            return false;
        }

        var size = read == EventHeader.Size ? BinaryPrimitives.ReadUInt32LittleEndian(_event.AsSpan(EventSizeAt)) : 0;
        if (size is < EventHeader.Size or > MaxEventSize)
            throw BinlogErrors.CorruptAt($"an event in a transaction payload has a size of {size} bytes");
        if (_event.Length < size)
            Array.Resize(ref _event, (int)Math.Max(size, Math.Min((uint)_event.Length * 2, MaxEventSize)));
        if (Read(_event.AsSpan(EventHeader.Size, (int)size - EventHeader.Size)) != size - EventHeader.Size)
            throw BinlogErrors.CorruptAt("a transaction payload ends within an event");
        raw = _event.AsMemory(0, (int)size);
        return true;
    }

    public void Dispose() => _zstd.Dispose();

    private int Read(Span<byte> destination)
    {
        if (_isCompressed)
            return _zstd.Read(destination);
        var length = Math.Min(destination.Length, _plain.Length);
        _plain.Span[..length].CopyTo(destination);
        _plain = _plain[length..];
        return length;
    }
}
