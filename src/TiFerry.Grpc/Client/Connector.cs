using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using TiFerry.Grpc.Tls;

namespace TiFerry.Grpc.Client;

/// <summary>Makes connections for the HTTP client: TCP or Unix socket, with TLS or without.</summary>
internal sealed class Connector(IReadOnlyList<ChannelTarget> targets, GrpcChannelOptions options)
{
    private readonly TlsCertificates? _certificates = options.Tls is null ? null : new TlsCertificates(options.Tls, options.Log);

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var address = targets.First(target => target.Uri.IdnHost == context.DnsEndPoint.Host && target.Uri.Port == context.DnsEndPoint.Port).Address;
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(options.ConnectTimeout);
        try
        {
            return await OpenAsync(address, limited.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ConnectFailedException($"{address} can't be reached: no answer within {options.ConnectTimeout.TotalSeconds} s", e);
        }
        catch (AuthenticationException e)
        {
            throw new ConnectFailedException($"TLS with {address} failed: {e.InnerException?.Message ?? e.Message}", e);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new ConnectFailedException($"{address} can't be reached: {e.Message}", e);
        }
    }

    private async Task<Stream> OpenAsync(GrpcAddress address, CancellationToken ct)
    {
        var socket = address.UnixSocket is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Stream stream;
        try
        {
            await socket.ConnectAsync(address.ToEndPoint(), ct);
            stream = new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        if (_certificates is null)
            return stream;
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(_certificates.ForClient(address.Host), ct);
            if (tls.NegotiatedApplicationProtocol != SslApplicationProtocol.Http2)
                throw new AuthenticationException("the server doesn't offer HTTP/2");
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }
}
