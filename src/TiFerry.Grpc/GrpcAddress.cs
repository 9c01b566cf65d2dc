using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TiFerry.Grpc;

/// <summary>Where a server listens: <c>host:port</c>, <c>http://host:port</c>, <c>https://host:port</c>, <c>[::1]:8261</c> or <c>unix:/path</c>.</summary>
public sealed record GrpcAddress
{
    private const string UnixPrefix = "unix:";

    private GrpcAddress(string host, int port, string? unixSocket)
    {
        Host = host;
        Port = port;
        UnixSocket = unixSocket;
    }

    /// <summary>Host name or IP address, without brackets; <c>localhost</c> for a Unix socket.</summary>
    public string Host { get; }

    /// <summary>TCP port; 0 for a Unix socket.</summary>
    public int Port { get; }

    /// <summary>Path of a Unix socket; null for TCP.</summary>
    public string? UnixSocket { get; }

    /// <summary>Reads an address. A scheme has no say in whether TLS is used: the channel's settings have.</summary>
    /// <param name="text">The address.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static GrpcAddress Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal) && text.Length > UnixPrefix.Length)
            return new GrpcAddress("localhost", 0, text[UnixPrefix.Length..]);

        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var rest = (scheme < 0 ? text : text[(scheme + 3)..]).TrimEnd('/');
        var colon = rest.LastIndexOf(':');
        if (colon > 0 && int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= IPEndPoint.MaxPort)
        {
            var host = rest[..colon];
            if (host.StartsWith('[') && host.EndsWith(']'))
                host = host[1..^1];
            if (Uri.CheckHostName(host) != UriHostNameType.Unknown)
                return new GrpcAddress(host, port, null);
        }

        throw new FormatException($"'{text}' is no address; write host:port, [IPv6 address]:port or unix:/path");
    }

    /// <summary><c>host:port</c> or <c>unix:/path</c>.</summary>
    public override string ToString() => UnixSocket is not null ? UnixPrefix + UnixSocket : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    internal EndPoint ToEndPoint()
    {
        if (UnixSocket is not null)
            return new UnixDomainSocketEndPoint(UnixSocket);
        return IPAddress.TryParse(Host, out var ip) ? new IPEndPoint(ip, Port) : new DnsEndPoint(Host, Port);
    }
}
