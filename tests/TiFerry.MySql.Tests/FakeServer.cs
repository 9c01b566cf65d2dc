using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace TiFerry.MySql.Tests;

/// <summary>A server that does what a test wants, for what a real one never does. Accepts any number of connections, one after the other.</summary>
public sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeServer(Func<Peer, Task> behaviour)
    {
        _listener.Start();
        _running = Task.Run(() => RunAsync(behaviour));
    }

    public MySqlConnectionOptions Options => new() { Port = ((IPEndPoint)_listener.LocalEndpoint).Port, Tls = TlsMode.Disabled, ConnectTimeout = TimeSpan.FromSeconds(20) };

    /// <summary>Waits until one conversation has come to its end.</summary>
    public Task EndedAsync() => _ended.Task.WaitAsync(TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _running;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Func<Peer, Task> behaviour)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await behaviour(new Peer(client.GetStream(), _stop.Token));
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // The client hung up, or the test is over.
            }

            _ended.TrySetResult();
        }
    }

    /// <summary>One connection, seen from the server.</summary>
    public sealed class Peer(Stream stream, CancellationToken stop)
    {
        private const uint Capabilities = 0x0008_8200 | 0x0020_0000; // protocol 4.1, secure connection, plugin auth, with length
        private Stream _stream = stream;

        public byte Sequence { get; set; }

        public Task GreetAsync(uint moreCapabilities = 0, string version = "8.0.99-fake", string plugin = "mysql_native_password", byte[]? slippedIn = null)
        {
            var capabilities = Capabilities | moreCapabilities;
            var payload = new MemoryStream();
            payload.Write([10, .. System.Text.Encoding.UTF8.GetBytes(version), 0, 7, 0, 0, 0, .. "12345678"u8, 0]);
            payload.Write([(byte)capabilities, (byte)(capabilities >> 8), 45, 2, 0, (byte)(capabilities >> 16), (byte)(capabilities >> 24), 21]);
            payload.Write([.. new byte[10], .. "123456789012"u8, 0, .. System.Text.Encoding.ASCII.GetBytes(plugin), 0]);
            return SendRawAsync([(byte)payload.Length, 0, 0, Sequence++, .. payload.ToArray(), .. slippedIn ?? []]);
        }

        /// <summary>Greets and lets anyone in.</summary>
        public async Task WelcomeAsync(uint moreCapabilities = 0)
        {
            await GreetAsync(moreCapabilities);
            await ReadAsync();
            await SendOkAsync();
        }

        public Task SendOkAsync() => SendAsync([0, 0, 0, 2, 0, 0, 0]);

        public async Task SendAsync(byte[] payload) => await SendRawAsync([(byte)payload.Length, (byte)(payload.Length >> 8), (byte)(payload.Length >> 16), Sequence++, .. payload]);

        public async Task SendRawAsync(byte[] bytes) => await _stream.WriteAsync(bytes, stop);

        public async Task<byte[]> ReadAsync()
        {
            var header = new byte[4];
            await _stream.ReadExactlyAsync(header, stop);
            var payload = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) & 0xFFFFFF];
            await _stream.ReadExactlyAsync(payload, stop);
            Sequence = (byte)(header[3] + 1);
            return payload;
        }

        public async Task StartTlsAsync(X509Certificate2 certificate)
        {
            var tls = new SslStream(_stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
            _stream = tls;
        }

        public Task NeverAsync() => Task.Delay(Timeout.Infinite, stop);
    }
}
