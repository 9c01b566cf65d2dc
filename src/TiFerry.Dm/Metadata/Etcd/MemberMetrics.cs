using System.Net.Sockets;
using System.Text;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>What an etcd member says of itself in Prometheus' format. Masters pass it on, because nobody else can reach the member.</summary>
internal sealed class MemberMetrics : IDisposable
{
    private const string Unix = "unix:";
    private const string Prefix = "etcd_";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private readonly HttpClient _http;

    /// <summary>Prepares; nothing is connected yet.</summary>
    /// <param name="endpoint">The member's <see cref="EtcdMember.Endpoint"/>.</param>
    public MemberMetrics(string endpoint)
    {
        var socket = new UnixDomainSocketEndPoint(endpoint[Unix.Length..]);
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, ct) => ConnectAsync(socket, ct) }) { BaseAddress = new Uri("http://etcd"), Timeout = Limit };
    }

    /// <summary>The figures under <c>etcd_...</c>; those of its process and its Go runtime would be mistaken for the master's.</summary>
    /// <returns>Lines of text; empty where the member doesn't answer.</returns>
    public async Task<string> ReadAsync(CancellationToken ct)
    {
        try
        {
            var text = new StringBuilder();
            foreach (var line in (await _http.GetStringAsync("/metrics", ct)).Split('\n'))
            {
                if (line.StartsWith(Prefix, StringComparison.Ordinal) || line.StartsWith($"# HELP {Prefix}", StringComparison.Ordinal) || line.StartsWith($"# TYPE {Prefix}", StringComparison.Ordinal))
                    text.Append(line).Append('\n');
            }
            return text.ToString();
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return "";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(UnixDomainSocketEndPoint endPoint, CancellationToken ct)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endPoint, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
