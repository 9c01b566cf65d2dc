using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using TiFerry.MySql.Protocol;

namespace TiFerry.MySql.Transport;

/// <summary>
/// Packets over a byte stream: splits and joins payloads at 16 MiB, numbers packets, reads ahead into one pooled buffer, applies time-outs.
/// Any I/O failure, time-out or cancellation closes the stream for good, so that nobody goes on in the middle of a packet.
/// </summary>
internal sealed class PacketChannel : IDisposable
{
    private const int HeaderLength = 4;
    private const int InitialBufferLength = 64 * 1024;

    /// <summary>From here on the buffer grows by what is needed rather than twofold.</summary>
    private const int LargePayload = 1024 * 1024;

    /// <summary>After so many fills that a small buffer would have served, a large one goes back to the pool.</summary>
    private const int FillsBeforeShrinking = 64;

    private readonly MySqlConnectionOptions _options;
    private readonly Deadline _readDeadline = new();
    private readonly Deadline _writeDeadline = new();
    private readonly Socket _socket;
    private ByteTransport _transport;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(InitialBufferLength);
    private int _start;
    private int _end;
    private int _smallFills;
    private byte _sequence;
    private bool _sequenceIsChecked = true;
    private bool _receiving;
    private volatile bool _closed;

    public PacketChannel(SocketTransport socket, MySqlConnectionOptions options)
    {
        _socket = socket.Socket;
        _transport = socket;
        _options = options;
    }

    public bool IsClosed => _closed;

    /// <summary>The array that <see cref="TryRead"/> points into; it changes with every <see cref="FillAsync"/>.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Something can be read without waiting, if only the end of the stream.</summary>
    public bool HasInput => Buffered > 0 || _closed || _socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Bytes received so far.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Bytes received and not yet read.</summary>
    public int Buffered => _end - _start;

    /// <summary>Goes on over TLS.</summary>
    public async ValueTask UpgradeAsync(Func<ValueTask<ByteTransport>> startTls)
    {
        // Bytes that arrived in clear could have been slipped in by a third party.
        if (Buffered > 0)
            throw Fail(new MySqlProtocolException("the server sent data before TLS was started"));
        _transport = await startTls().ConfigureAwait(false);
    }

    /// <summary>Goes on with compressed packets; what is inside is numbered loosely by servers, so only the outer numbers count.</summary>
    public void Compress()
    {
        if (Buffered > 0)
            throw Fail(new MySqlProtocolException("the server sent data before compression was started"));
        _transport = new CompressedTransport(_transport);
        _sequenceIsChecked = false;
    }

    /// <summary>Sends a command: the payload is the command byte and the buffer's bytes.</summary>
    public ValueTask SendCommandAsync(Command command, SqlBuffer buffer, CancellationToken ct)
    {
        const int commandAt = SqlBuffer.Headroom - 1;
        _sequence = 0;
        _transport.BeginCommand();
        buffer.Bytes[commandAt] = (byte)command;
        return SendAsync(buffer.Bytes, commandAt, buffer.Length + 1, ct);
    }

    /// <summary>Sends the buffer's bytes as a payload whose first byte is the command.</summary>
    public ValueTask SendRawCommandAsync(SqlBuffer buffer, CancellationToken ct)
    {
        _sequence = 0;
        _transport.BeginCommand();
        return SendAsync(buffer.Bytes, SqlBuffer.Headroom, buffer.Length, ct);
    }

    /// <summary>Sends the buffer's bytes as a payload in an exchange under way.</summary>
    public ValueTask SendAsync(SqlBuffer buffer, CancellationToken ct) => SendAsync(buffer.Bytes, SqlBuffer.Headroom, buffer.Length, ct);

    /// <summary>The next payload, joined where it came in several packets; valid until the next read.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken ct) =>
        TryRead(out var offset, out var length) ? new(_buffer.AsMemory(offset, length)) : ReadSlowAsync(ct);

    /// <summary>Finds the next payload in <see cref="Buffer"/> if it is there as a whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out int offset, out int length)
    {
        var available = _end - _start;
        if (available >= HeaderLength)
        {
            var header = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
            length = (int)(header & 0xFFFFFF);
            if (available - HeaderLength >= length && length < Payload.MaxPacketLength)
            {
                offset = _start + HeaderLength;
                _start = offset + length;
                if ((byte)(header >> 24) != _sequence++)
                    CheckSequence((byte)(header >> 24), offset);
                return true;
            }

            if (length == Payload.MaxPacketLength)
                return TryReadJoined(out offset, out length);
        }

        offset = 0;
        length = 0;
        return false;
    }

    /// <summary>Receives more bytes; makes room for the payload at hand first.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FillAsync(CancellationToken ct)
    {
        ThrowIfClosed();
        MakeRoom(BytesNeeded());
        int received;
        _receiving = true;
        try
        {
            var token = _readDeadline.Start(_options.ReadTimeout, ct);
            received = await _transport.ReceiveAsync(_buffer.AsMemory(_end), token).ConfigureAwait(false);
            _readDeadline.Stop();
        }
        catch (Exception cause) when (cause is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidDataException)
        {
            throw Lost(cause, $"sent nothing for {_options.ReadTimeout.TotalSeconds:0.###} s (read time-out)", ct);
        }
        finally
        {
            _receiving = false;
        }

        if (received == 0)
            throw Fail(new MySqlConnectionLostException($"the server {_options.EndPoint} closed the connection"));
        _end += received;
        BytesReceived += received;
    }

    /// <summary>Closes the stream and hands the exception back.</summary>
    public Exception Fail(Exception exception)
    {
        Abort();
        return exception;
    }

    /// <summary>Closes the stream from any thread.</summary>
    public void Abort()
    {
        _closed = true;
        _transport.Dispose();
    }

    public void Dispose()
    {
        Abort();
        _readDeadline.Dispose();
        _writeDeadline.Dispose();
        // A buffer that a receive on another thread may still write to must not serve anyone else.
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (!_receiving && buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        _start = _end = 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOnlyMemory<byte>> ReadSlowAsync(CancellationToken ct)
    {
        int offset, length;
        do
        {
            await FillAsync(ct).ConfigureAwait(false);
        }
        while (!TryRead(out offset, out length));
        return _buffer.AsMemory(offset, length);
    }

    /// <summary>Joins packets of one payload in place, once the last of them is here.</summary>
    private bool TryReadJoined(out int offset, out int length)
    {
        offset = 0;
        length = 0;
        if (BytesNeeded() > _end - _start)
            return false;

        offset = _start + HeaderLength;
        var target = offset;
        var source = _start;
        int part;
        do
        {
            var header = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(source));
            part = (int)(header & 0xFFFFFF);
            if ((byte)(header >> 24) != _sequence++)
                CheckSequence((byte)(header >> 24), source + HeaderLength);
            if (target != source + HeaderLength)
                _buffer.AsSpan(source + HeaderLength, part).CopyTo(_buffer.AsSpan(target));
            source += HeaderLength + part;
            target += part;
        }
        while (part == Payload.MaxPacketLength);
        length = target - offset;
        _start = source;
        return true;
    }

    /// <summary>Bytes from <see cref="_start"/> on that the next payload takes, headers included, as far as the packets received so far tell.</summary>
    private int BytesNeeded()
    {
        long needed = HeaderLength;
        for (long at = _start; at + HeaderLength <= _end;)
        {
            var part = (int)(BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan((int)at)) & 0xFFFFFF);
            needed += part;
            if (part != Payload.MaxPacketLength)
                break;
            at += HeaderLength + part;
            needed += HeaderLength;
        }

        return needed <= Array.MaxLength ? (int)needed : throw Fail(new MySqlProtocolException($"the server {_options.EndPoint} sent a payload over 2 GiB"));
    }

    private void MakeRoom(int needed)
    {
        var buffered = _end - _start;
        if (buffered == 0)
            _start = _end = 0;

        if (_buffer.Length > InitialBufferLength && Math.Max(needed, buffered) <= InitialBufferLength / 2)
        {
            if (++_smallFills >= FillsBeforeShrinking)
                Move(InitialBufferLength);
        }
        else
        {
            _smallFills = 0;
        }

        // A payload that fills most of a small buffer would be moved at every fill; a large one is worth no more room than it takes.
        if (needed > _buffer.Length || (needed > _buffer.Length / 2 && needed <= LargePayload))
            Move(needed <= LargePayload ? 2 * needed : (int)Math.Min(needed + (long)InitialBufferLength, Array.MaxLength));
        else if (_start > 0 && (_start + (long)needed > _buffer.Length || _end == _buffer.Length))
            Compact();
    }

    private void Move(int length)
    {
        var replacement = ArrayPool<byte>.Shared.Rent(length);
        _buffer.AsSpan(_start, _end - _start).CopyTo(replacement);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = replacement;
        _end -= _start;
        _start = 0;
        _smallFills = 0;
    }

    private void Compact()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
    }

    private void CheckSequence(byte found, int payloadAt)
    {
        if (!_sequenceIsChecked)
            return;
        // A server that closes an idle connection says why in a packet of its own, numbered from 0.
        if (payloadAt < _end && _buffer[payloadAt] == Payload.Err)
            throw Fail(ResponsePackets.ReadErr(_buffer.AsSpan(payloadAt, _start - payloadAt)));
        throw Fail(new MySqlProtocolException($"the server {_options.EndPoint} sent packet {found} where packet {(byte)(_sequence - 1)} was expected"));
    }

    private async ValueTask SendAsync(byte[] buffer, int offset, int length, CancellationToken ct)
    {
        ThrowIfClosed();
        var whole = length;
        try
        {
            var token = _writeDeadline.Start(_options.WriteTimeout, ct);
            while (true)
            {
                var part = Math.Min(length, Payload.MaxPacketLength);
                await SendPacketAsync(buffer, offset, part, token).ConfigureAwait(false);
                offset += part;
                length -= part;
                if (part < Payload.MaxPacketLength)
                    break;
            }

            _writeDeadline.Stop();
        }
        catch (Exception cause) when (cause is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            throw await PartingErrorAsync(cause).ConfigureAwait(false)
                ?? Lost(cause, $"took no packet for {_options.WriteTimeout.TotalSeconds:0.###} s (write time-out)", ct, OversizeHint(whole));
        }
    }

    /// <summary>Sends part of a buffer with its header written over the four bytes in front, which are put back: they may belong to the part before.</summary>
    private async ValueTask SendPacketAsync(byte[] buffer, int offset, int length, CancellationToken ct)
    {
        var header = buffer.AsMemory(offset - HeaderLength, HeaderLength);
        var inFront = BinaryPrimitives.ReadUInt32LittleEndian(header.Span);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Span, (uint)length | ((uint)_sequence++ << 24));
        try
        {
            await _transport.SendAsync(buffer.AsMemory(offset - HeaderLength, HeaderLength + length), ct).ConfigureAwait(false);
        }
        finally
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.Span, inFront);
        }
    }

    /// <summary>A server that refuses a packet (for example one over max_allowed_packet) says so before it closes the connection.</summary>
    private async ValueTask<Exception?> PartingErrorAsync(Exception cause)
    {
        if (_closed || cause is not (IOException or SocketException))
            return null;
        _sequenceIsChecked = false;
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            while (true)
            {
                if (TryRead(out var offset, out var length))
                    return Payload.IsErr(_buffer.AsSpan(offset, length)) ? ResponsePackets.ReadErr(_buffer.AsSpan(offset, length)) : null;
                MakeRoom(BytesNeeded());
                var received = await _transport.ReceiveAsync(_buffer.AsMemory(_end), soon.Token).ConfigureAwait(false);
                if (received == 0)
                    return null;
                _end += received;
            }
        }
        catch (Exception second) when (second is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidDataException)
        {
            return null;
        }
        finally
        {
            Abort();
        }
    }

    /// <summary>Over TCP a server's refusal of a packet can be lost with the connection.</summary>
    private static string OversizeHint(int length) =>
        length < LargePayload ? "" : $"; it was sending {length} bytes at once, which the server refuses if its max_allowed_packet is smaller";

    private Exception Lost(Exception cause, string timedOut, CancellationToken caller, string hint = "")
    {
        Abort();
        if (cause is not OperationCanceledException)
            return new MySqlConnectionLostException($"the connection to {_options.EndPoint} was lost: {cause.Message}{hint}", cause);
        return caller.IsCancellationRequested
            ? new OperationCanceledException(caller)
            : new MySqlConnectionLostException($"the server {_options.EndPoint} {timedOut}");
    }

    private void ThrowIfClosed()
    {
        if (_closed)
            throw new MySqlConnectionLostException($"the connection to {_options.EndPoint} is closed");
    }
}
