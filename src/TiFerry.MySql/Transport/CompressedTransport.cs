using System.Buffers.Binary;
using System.IO.Compression;

namespace TiFerry.MySql.Transport;

/// <summary>
/// The protocol's zlib compression: every packet has a header of compressed length (3 bytes), number (1 byte) and plain length (3 bytes);
/// a plain length of 0 says that the bytes are not compressed.
/// </summary>
internal sealed class CompressedTransport : ByteTransport
{
    private const int HeaderLength = 7;
    private const int InitialLength = 64 * 1024;
    private const int MaxPlainLength = 0xFFFFFF;

    /// <summary>Below this many bytes compressing does not pay; the threshold of the server.</summary>
    private const int MinCompressedLength = 50;

    private readonly ByteTransport _inner;
    private readonly MemoryStream _outgoing = new();
    private byte[] _incoming = new byte[InitialLength];
    private int _incomingStart;
    private int _incomingEnd;
    private byte[] _plain = [];
    private int _plainStart;
    private int _plainEnd;
    private byte _sequence;

    public CompressedTransport(ByteTransport inner) => _inner = inner;

    public override void BeginCommand()
    {
        _sequence = 0;
        _inner.BeginCommand();
    }

    public override async ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken ct)
    {
        while (_plainStart == _plainEnd)
        {
            if (!await ReceivePacketAsync(ct).ConfigureAwait(false))
                return 0;
        }

        var count = Math.Min(destination.Length, _plainEnd - _plainStart);
        _plain.AsMemory(_plainStart, count).CopyTo(destination);
        _plainStart += count;
        return count;
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        while (!data.IsEmpty)
        {
            var part = data[..Math.Min(data.Length, MaxPlainLength)];
            data = data[part.Length..];
            Pack(part.Span);
            await _inner.SendAsync(_outgoing.GetBuffer().AsMemory(0, (int)_outgoing.Length), ct).ConfigureAwait(false);
        }
    }

    public override void Dispose()
    {
        // The buffers are left to the garbage collector: a receive on another thread may still hold them.
        _inner.Dispose();
        _outgoing.Dispose();
    }

    private void Pack(ReadOnlySpan<byte> part)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        _outgoing.SetLength(0);
        _outgoing.Write(header);
        var plainLength = 0;
        if (part.Length >= MinCompressedLength)
        {
            using (var zlib = new ZLibStream(_outgoing, CompressionLevel.Fastest, leaveOpen: true))
                zlib.Write(part);
            plainLength = part.Length;
        }

        if (plainLength == 0 || _outgoing.Length - HeaderLength >= part.Length)
        {
            _outgoing.SetLength(HeaderLength);
            _outgoing.Position = HeaderLength;
            _outgoing.Write(part);
            plainLength = 0;
        }

        header = _outgoing.GetBuffer();
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(_outgoing.Length - HeaderLength) | ((uint)_sequence++ << 24));
        header[4] = (byte)plainLength;
        header[5] = (byte)(plainLength >> 8);
        header[6] = (byte)(plainLength >> 16);
    }

    private async ValueTask<bool> ReceivePacketAsync(CancellationToken ct)
    {
        if (!await FillAsync(HeaderLength, ct).ConfigureAwait(false))
            return false;
        var first = BinaryPrimitives.ReadUInt32LittleEndian(_incoming.AsSpan(_incomingStart));
        var length = (int)(first & 0xFFFFFF);
        if (!await FillAsync(HeaderLength + length, ct).ConfigureAwait(false))
            return false;

        var packet = _incoming.AsMemory(_incomingStart, HeaderLength + length);
        var plainLength = (int)(BinaryPrimitives.ReadUInt32LittleEndian(packet.Span[3..]) >> 8);
        _sequence = (byte)((first >> 24) + 1);
        _incomingStart += packet.Length;
        Unpack(packet.Slice(HeaderLength), plainLength);
        return true;
    }

    private void Unpack(Memory<byte> body, int plainLength)
    {
        _plainStart = 0;
        _plainEnd = plainLength == 0 ? body.Length : plainLength;
        if (_plain.Length < _plainEnd)
            _plain = GC.AllocateUninitializedArray<byte>(Math.Max(_plainEnd, InitialLength));
        if (plainLength == 0)
        {
            body.CopyTo(_plain);
            return;
        }

        using var zlib = new ZLibStream(new MemoryStream(_incoming, _incomingStart - body.Length, body.Length, writable: false), CompressionMode.Decompress);
        if (zlib.ReadAtLeast(_plain.AsSpan(0, plainLength), plainLength, throwOnEndOfStream: false) < plainLength || zlib.ReadByte() >= 0)
            throw new InvalidDataException($"a compressed packet does not hold the {plainLength} bytes that it announces");
    }

    /// <summary>Receives until so many bytes are there; false where the stream ends before.</summary>
    private async ValueTask<bool> FillAsync(int needed, CancellationToken ct)
    {
        if (_incomingStart + needed > _incoming.Length)
        {
            var target = needed <= _incoming.Length ? _incoming : GC.AllocateUninitializedArray<byte>(needed + InitialLength);
            _incoming.AsSpan(_incomingStart, _incomingEnd - _incomingStart).CopyTo(target);
            _incomingEnd -= _incomingStart;
            _incomingStart = 0;
            _incoming = target;
        }

        while (_incomingEnd - _incomingStart < needed)
        {
            var received = await _inner.ReceiveAsync(_incoming.AsMemory(_incomingEnd), ct).ConfigureAwait(false);
            if (received == 0)
                return false;
            _incomingEnd += received;
        }

        return true;
    }
}
