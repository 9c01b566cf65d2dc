using System.Globalization;
using TiFerry.Core.Errors;

namespace TiFerry.MySql;

/// <summary>Parser of connection URLs. Never quotes user, password or anything that could be a mis-split part of them.</summary>
internal static class ConnectionUrl
{
    private const string PercentEncode = "write '/', '?', '#', '%', '@' and ':' in user, password and database percent-encoded, for example %40 for '@'";

    private const int MaxTimeoutDays = 20;

    private const string AcceptedKeys =
        "socket, ssl-mode, ssl-ca, ssl-cert, ssl-key, compress, connect-timeout, read-timeout, write-timeout, program-name, " +
        "allow-public-key-retrieval, enable-cleartext-plugin";

    public static MySqlConnectionOptions Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0 || url[..scheme].ToLowerInvariant() is not ("mysql" or "mariadb" or "tidb"))
            throw Bad("the connection URL does not start with mysql://", "write it as mysql://user:password@host:port/database");

        var rest = url[(scheme + 3)..];
        var authorityEnd = rest.AsSpan().IndexOfAny('/', '?');
        var authority = authorityEnd < 0 ? rest : rest[..authorityEnd];
        var tail = authorityEnd < 0 ? "" : rest[authorityEnd..];
        if (tail.Contains('@', StringComparison.Ordinal))
            throw Bad("the connection URL has an '@' after the host", PercentEncode);

        var options = ReadAuthority(new MySqlConnectionOptions(), authority);
        var question = tail.IndexOf('?', StringComparison.Ordinal);
        var path = question < 0 ? tail : tail[..question];
        if (path.Length > 1)
            options = options with { Database = Decode(path[1..].TrimEnd('/'), "database") };
        return question < 0 ? options : ReadQuery(options, tail[(question + 1)..]);
    }

    private static MySqlConnectionOptions ReadAuthority(MySqlConnectionOptions options, string authority)
    {
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var userInfo = authority[..at];
            var colon = userInfo.IndexOf(':', StringComparison.Ordinal);
            options = options with { User = Decode(colon < 0 ? userInfo : userInfo[..colon], "user") };
            if (colon >= 0)
                options = options with { Password = Decode(userInfo[(colon + 1)..], "password") };
        }

        var hostPort = authority[(at + 1)..];
        string host, port;
        if (hostPort.StartsWith('['))
        {
            var close = hostPort.IndexOf(']', StringComparison.Ordinal);
            if (close < 0)
                throw Bad("the connection URL has '[' without ']' in its host");
            host = hostPort[1..close];
            port = hostPort[(close + 1)..];
            if (port.Length > 0 && port[0] != ':')
                throw Bad("the connection URL has something other than ':port' after ']'");
            port = port.TrimStart(':');
        }
        else
        {
            var colon = hostPort.LastIndexOf(':');
            if (colon != hostPort.IndexOf(':', StringComparison.Ordinal))
                throw Bad("the connection URL has more than one ':' in its host", $"write an IPv6 address in brackets, as in mysql://root@[::1]:3306, and {PercentEncode}");
            host = colon < 0 ? hostPort : hostPort[..colon];
            port = colon < 0 ? "" : hostPort[(colon + 1)..];
        }

        if (host.Length > 0)
            options = options with { Host = Decode(host, "host") };
        if (port.Length == 0)
            return options;
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > 65535)
            throw Bad("the port in the connection URL is not a number from 1 to 65535", PercentEncode);
        return options with { Port = number };
    }

    private static MySqlConnectionOptions ReadQuery(MySqlConnectionOptions options, string query)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var key = Decode(equals < 0 ? pair : pair[..equals], "key");
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..], key);
            if (!seen.Add(key))
                throw Bad($"the connection URL gives '{key}' twice");
            options = key switch
            {
                "socket" => options with { UnixSocket = NotEmpty(key, value) },
                "ssl-mode" => options with { Tls = ReadTlsMode(value) },
                "ssl-ca" => options with { SslCa = NotEmpty(key, value) },
                "ssl-cert" => options with { SslCert = NotEmpty(key, value) },
                "ssl-key" => options with { SslKey = NotEmpty(key, value) },
                "compress" => options with { Compress = ReadBool(key, value) },
                "connect-timeout" => options with { ConnectTimeout = ReadTime(key, value) },
                "read-timeout" => options with { ReadTimeout = ReadTime(key, value) },
                "write-timeout" => options with { WriteTimeout = ReadTime(key, value) },
                "program-name" => options with { ProgramName = NotEmpty(key, value) },
                "allow-public-key-retrieval" => options with { AllowPublicKeyRetrieval = ReadBool(key, value) },
                "enable-cleartext-plugin" => options with { AllowCleartextPassword = ReadBool(key, value) },
                _ => throw Bad($"the connection URL has an unknown key '{key}'", $"accepted keys: {AcceptedKeys}"),
            };
        }

        if (options.SslKey is not null && options.SslCert is null)
            throw Bad("the connection URL gives ssl-key without ssl-cert");
        return options.SslCa is not null && !seen.Contains("ssl-mode") ? options with { Tls = TlsMode.VerifyCa } : options;
    }

    private static TlsMode ReadTlsMode(string value) => value.ToLowerInvariant().Replace('_', '-') switch
    {
        "disabled" => TlsMode.Disabled,
        "preferred" => TlsMode.Preferred,
        "required" => TlsMode.Required,
        "verify-ca" => TlsMode.VerifyCa,
        "verify-identity" => TlsMode.VerifyIdentity,
        _ => throw Bad($"the connection URL has ssl-mode '{value}'", "accepted: disabled, preferred, required, verify-ca, verify-identity"),
    };

    private static bool ReadBool(string key, string value) => value.ToLowerInvariant() switch
    {
        "" or "1" or "true" or "on" or "yes" => true,
        "0" or "false" or "off" or "no" => false,
        _ => throw Bad($"the connection URL has {key} '{value}'", "accepted: true, false"),
    };

    private static TimeSpan ReadTime(string key, string value)
    {
        var (digits, unit) = value switch
        {
            _ when value.EndsWith("ms", StringComparison.Ordinal) => (value[..^2], TimeSpan.FromMilliseconds(1)),
            _ when value.EndsWith('s') => (value[..^1], TimeSpan.FromSeconds(1)),
            _ when value.EndsWith('m') => (value[..^1], TimeSpan.FromMinutes(1)),
            _ when value.EndsWith('h') => (value[..^1], TimeSpan.FromHours(1)),
            _ => (value, TimeSpan.FromSeconds(1)),
        };
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number * unit.TotalDays > MaxTimeoutDays)
            throw Bad($"the connection URL has {key} '{value}'", $"give seconds, or a number with ms, s, m or h, up to {MaxTimeoutDays} days; 0 means no limit");
        return number == 0 ? Timeout.InfiniteTimeSpan : number * unit;
    }

    private static string NotEmpty(string key, string value) =>
        value.Length > 0 ? value : throw Bad($"the connection URL has an empty {key}");

    private static string Decode(string text, string part)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                throw Bad($"the {part} in the connection URL has a '%' that is not followed by two hexadecimal digits", PercentEncode);
        }

        return Uri.UnescapeDataString(text);
    }

    private static TiFerryException Bad(string message, string? workaround = null) =>
        MySqlErrors.Create(MySqlErrors.ConnectionOptions, message, workaround);
}
