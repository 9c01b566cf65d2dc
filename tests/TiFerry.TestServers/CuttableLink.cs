using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TiFerry.TestServers;

/// <summary>A TCP way to a server that tests can cut: connections that run through it break as they do when a network fails.</summary>
public sealed class CuttableLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> _links = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly int _serverPort;
    private readonly Task _accepting;
    private volatile bool _refusing;
    private long _pieces;

    private CuttableLink(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>The port on 127.0.0.1 that leads to the server.</summary>
    public int Port { get; }

    /// <summary>How many connections run through the link now.</summary>
    public int Connections => _links.Count;

    /// <summary>Opens a way to the server, whose port stays the same over its restarts.</summary>
    public static CuttableLink To(TestServer server) => new(server.Port);

    /// <summary>Resets all connections; new ones are let through, unless <see cref="Close"/> was called.</summary>
    public void Cut()
    {
        foreach (var (client, server) in _links)
        {
            Reset(client);
            Reset(server);
        }
    }

    /// <summary>Resets all connections and each new one until <see cref="Open"/>.</summary>
    public void Close()
    {
        _refusing = true;
        Cut();
    }

    /// <summary>Does as <see cref="Close"/> when clients have sent so many more pieces; the last of them still reaches the server.</summary>
    public void CloseAfter(long pieces) => Interlocked.Exchange(ref _pieces, pieces);

    /// <summary>Lets new connections through again.</summary>
    public void Open() => _refusing = false;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        Cut();
        await _accepting;
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> forwarding = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_closing.Token);
                forwarding.RemoveAll(link => link.IsCompleted);
                forwarding.Add(ForwardAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(forwarding);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            _links[client] = server;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _closing.Token);
                if (_refusing)
                    Reset(client);
                // The first side that ends takes the other one with it.
                await await Task.WhenAny(CopyAsync(client, server, isClient: true), CopyAsync(server, client, isClient: false));
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The server is down or the link was cut: the client sees its connection end.
            }
            finally
            {
                _links.TryRemove(client, out _);
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isClient)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _closing.Token) is var length and > 0)
        {
            for (var sent = 0; sent < length;)
                sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), _closing.Token);
            if (isClient && Interlocked.Decrement(ref _pieces) == 0)
                Close();
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It ended by itself.
        }
        socket.Dispose();
    }
}
