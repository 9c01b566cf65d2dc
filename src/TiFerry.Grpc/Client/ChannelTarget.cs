namespace TiFerry.Grpc.Client;

/// <summary>One address of a channel, and the base URI under which the HTTP client keeps its connections.</summary>
internal sealed record ChannelTarget(GrpcAddress Address, Uri Uri)
{
    public static ChannelTarget Of(GrpcAddress address, int index, bool tls)
    {
        var scheme = tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        // A Unix socket has no place in an HTTP URI: a name of its own stands for it.
        return new ChannelTarget(address, address.UnixSocket is null ? new Uri($"{scheme}://{address}") : new Uri($"{scheme}://unix-{index}"));
    }

    public string? HostHeader => Address.UnixSocket is null ? null : Address.Host;
}
