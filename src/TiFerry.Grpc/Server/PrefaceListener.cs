using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TiFerry.Core.Errors;

namespace TiFerry.Grpc.Server;

/// <summary>
/// One listening socket behind several endpoints of Kestrel, which serves only HTTP/1.1 on a clear text endpoint that could do both.
/// A connection that begins as HTTP/2 connections do (RFC 9113, section 3.4) goes to the endpoint for HTTP/2, every other to that for HTTP/1.1.
/// </summary>
internal sealed class PrefaceListener : IConnectionListenerFactory, IConnectionListenerFactorySelector, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IConnectionListener _socket;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;

    private PrefaceListener(IConnectionListener socket, bool encrypted)
    {
        _socket = socket;
        EndPoint = (IPEndPoint)socket.EndPoint;
        Http1 = new Door(EndPoint, "HTTP/1.1");
        Http2 = new Door(EndPoint, "HTTP/2");
        Encrypted = new Door(EndPoint, "TLS");
        _accepting = AcceptAsync(encrypted);
    }

    /// <summary>Where the socket listens.</summary>
    public IPEndPoint EndPoint { get; }

    public Door Http1 { get; }

    public Door Http2 { get; }

    /// <summary>Here TLS tells the protocols apart.</summary>
    public Door Encrypted { get; }

    public static async Task<PrefaceListener> BindAsync(IPEndPoint endPoint, bool encrypted, CancellationToken ct)
    {
        // All addresses means those of IPv4 where the machine has no IPv6.
        if (endPoint.Address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6)
            endPoint = new IPEndPoint(IPAddress.Any, endPoint.Port);
        var sockets = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        try
        {
            return new PrefaceListener(await sockets.BindAsync(endPoint, ct), encrypted);
        }
        catch (Exception e) when (e is SocketException or AddressInUseException)
        {
            throw new TiFerryException(ConfigErrors.BadOption, ErrorScope.NotSet, $"cannot listen on {endPoint}",
                "Free the port or choose another one; the address must be one of this machine's.", e);
        }
    }

    public bool CanBind(EndPoint endpoint) => endpoint is Door;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(new DoorListener((Door)endpoint, this));

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _socket.DisposeAsync();
        _closing.Dispose();
    }

    private async Task CloseAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        await _closing.CancelAsync();
        await _socket.UnbindAsync(CancellationToken.None);
        await _accepting;
        foreach (var door in new[] { Http1, Http2, Encrypted })
            door.Queue.Writer.TryComplete();
    }

    private async Task AcceptAsync(bool encrypted)
    {
        while (await _socket.AcceptAsync(CancellationToken.None) is { } connection)
        {
            if (encrypted)
                await EnterAsync(Encrypted, connection);
            else
                _ = Task.Run(() => SortAsync(connection));
        }
    }

    private async Task SortAsync(ConnectionContext connection)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        limit.CancelAfter(Patience);
        try
        {
            await EnterAsync(await IsHttp2Async(connection, limit.Token) ? Http2 : Http1, connection);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ConnectionResetException or ConnectionAbortedException)
        {
            await connection.DisposeAsync();
        }
    }

    private static async Task EnterAsync(Door door, ConnectionContext connection)
    {
        if (!door.Queue.Writer.TryWrite(connection))
            await connection.DisposeAsync();
    }

    private static async Task<bool> IsHttp2Async(ConnectionContext connection, CancellationToken ct)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(ct);
            var answer = BeginsAsHttp2(read.Buffer);
            if (answer is null && !read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            // Nothing is consumed: Kestrel reads it all again.
            input.AdvanceTo(read.Buffer.Start);
            return answer ?? false;
        }
    }

    /// <summary>Null while it can't be told yet.</summary>
    private static bool? BeginsAsHttp2(ReadOnlySequence<byte> received)
    {
        var preface = "PRI * HTTP/2.0\r\n"u8;
        Span<byte> start = stackalloc byte[preface.Length];
        var length = (int)Math.Min(received.Length, preface.Length);
        received.Slice(0, length).CopyTo(start);
        if (!preface.StartsWith(start[..length]))
            return false;
        return length == preface.Length ? true : null;
    }

    /// <summary>What Kestrel takes for the address of an endpoint.</summary>
    internal sealed class Door(IPEndPoint address, string protocol) : EndPoint
    {
        public Channel<ConnectionContext> Queue { get; } = Channel.CreateUnbounded<ConnectionContext>();

        public override string ToString() => $"{address} ({protocol})";
    }

    private sealed class DoorListener(Door door, PrefaceListener owner) : IConnectionListener
    {
        public EndPoint EndPoint => door;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await door.Queue.Reader.WaitToReadAsync(cancellationToken) && door.Queue.Reader.TryRead(out var connection) ? connection : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => new(owner.CloseAsync());

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
