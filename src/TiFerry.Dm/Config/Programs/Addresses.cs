using System.Globalization;

namespace TiFerry.Dm.Config.Programs;

/// <summary>Addresses and lists of URLs as DM's configuration has them, where schemes may be left out.</summary>
public static class Addresses
{
    /// <summary>The address without <c>http://</c> or <c>https://</c>.</summary>
    public static string WithoutScheme(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.StartsWith("http://", StringComparison.Ordinal) ? address[7..] : address.StartsWith("https://", StringComparison.Ordinal) ? address[8..] : address;
    }

    /// <summary>Each address of a list with commas, with the scheme that is in use.</summary>
    public static string WithSchemes(string addresses, bool tls)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        return string.Join(',', addresses.Split(',').Select(a => WithScheme(a.Trim(), tls)));
    }

    /// <summary>The same for <c>initial-cluster</c>, whose addresses stand behind a name and <c>=</c>.</summary>
    public static string WithSchemesBehindNames(string members, bool tls)
    {
        ArgumentNullException.ThrowIfNull(members);
        return string.Join(',', members.Split(',').Select(m => m.Split('=') is [var name, var url] ? $"{name.Trim()}={WithScheme(url.Trim(), tls)}" : m));
    }

    /// <summary>The addresses of a list with commas, without schemes; empty for an empty list.</summary>
    public static IReadOnlyList<string> List(string addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        return [.. addresses.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(WithoutScheme)];
    }

    /// <summary>Takes <c>host:port</c> apart; an IPv6 address stands in brackets.</summary>
    /// <param name="address">The address, without a scheme.</param>
    /// <param name="host">The host without brackets; may be empty.</param>
    /// <param name="port">The port.</param>
    /// <returns>Whether it is such an address.</returns>
    public static bool TrySplit(string address, out string host, out int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        (host, port) = ("", 0);
        var colon = address.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > 65535)
            return false;
        host = address[..colon];
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            return false;
        return !host.AsSpan().ContainsAny(" /[]");
    }

    /// <summary>Whether others can reach the address: it has a port, and a host that isn't "all of this machine's".</summary>
    public static bool CanBeAdvertised(string address) => TrySplit(address, out var host, out var port) && port > 0 && host is not ("" or "0.0.0.0" or "::");

    private static string WithScheme(string address, bool tls) => address.Length == 0 ? "" : (tls ? "https://" : "http://") + WithoutScheme(address);
}
