using System.Net.Sockets;

namespace TiFerry.MySql.Transport;

/// <summary>A TCP or Unix socket.</summary>
internal sealed class SocketTransport : ByteTransport
{
    private const int KeepAliveSeconds = 60;
    private const int KeepAliveIntervalSeconds = 10;

    private SocketTransport(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    public static async ValueTask<SocketTransport> ConnectAsync(MySqlConnectionOptions options, CancellationToken ct)
    {
        var socket = options.UnixSocket is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (options.UnixSocket is not null)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(options.UnixSocket), ct).ConfigureAwait(false);
            }
            else
            {
                await socket.ConnectAsync(options.Host, options.Port, ct).ConfigureAwait(false);
                // A peer that vanished without a word is noticed even where no time-out is set.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveSeconds);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
            }

            return new SocketTransport(socket);
        }
        catch (ArgumentException cause) when (options.UnixSocket is not null)
        {
            socket.Dispose();
            throw MySqlErrors.Create(MySqlErrors.ConnectionOptions, $"the path of the Unix socket cannot be used: {options.UnixSocket}", "give a path of at most 107 bytes", cause);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> destination, CancellationToken ct) => Socket.ReceiveAsync(destination, SocketFlags.None, ct);

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        while (!data.IsEmpty)
            data = data[await Socket.SendAsync(data, SocketFlags.None, ct).ConfigureAwait(false)..];
    }

    public override void Dispose() => Socket.Dispose();
}
