using TiFerry.MySql.Protocol;

namespace TiFerry.MySql;

/// <summary>The raw packets that answer a command. Not thread-safe.</summary>
public sealed class PacketStream
{
    private readonly MySqlConnection _connection;
    private bool _ended;

    internal PacketStream(MySqlConnection connection) => _connection = connection;

    /// <summary>
    /// The next payload as the server sent it (a binlog event comes behind a 0x00 byte), joined where it took several packets; valid until the next call.
    /// Empty at the EOF packet that ends the stream, after which the connection is free again. Completes synchronously while payloads are buffered.
    /// </summary>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">The server ended the stream with an error; the connection is free again.</exception>
    /// <exception cref="MySqlConnectionLostException">The connection was lost or timed out.</exception>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken ct)
    {
        if (_ended)
            return new(ReadOnlyMemory<byte>.Empty);
        var channel = _connection.Session.Channel;
        return channel.TryRead(out var offset, out var length)
            ? new(Accept(channel.Buffer.AsMemory(offset, length)))
            : ReadSlowAsync(ct);
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadSlowAsync(CancellationToken ct) =>
        Accept(await _connection.Session.Channel.ReadAsync(ct).ConfigureAwait(false));

    private ReadOnlyMemory<byte> Accept(ReadOnlyMemory<byte> payload)
    {
        if (Payload.IsErr(payload.Span))
        {
            _ended = true;
            throw _connection.EndCommandWithError(payload.Span);
        }

        if (!Payload.IsEof(payload.Span))
            return payload;
        _ended = true;
        _connection.EndCommand();
        return ReadOnlyMemory<byte>.Empty;
    }
}
