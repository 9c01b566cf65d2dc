using System.Text;
using TiFerry.Core.Config;
using TiFerry.Core.Secrets;

namespace TiFerry.Dm.Config.Databases;

/// <summary>Reads and writes the sections that describe a database.</summary>
internal static class DatabaseSection
{
    private static readonly string[] Contents = ["ssl-ca", "ssl-cert", "ssl-key"];

    /// <summary>Reads a section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="notices">Takes a line for each key that does nothing.</param>
    public static DatabaseConfig Read(ConfigValue section, ICollection<string> notices)
    {
        var map = section.AsMap("host", "port", "user", "password", "max-allowed-packet", "session", "security");
        if (map["max-allowed-packet"] is { } packet)
            notices.Add($"{packet.Position}: '{packet.Path}' does nothing any more: each server says itself what it takes");
        foreach (var key in (ReadOnlySpan<string>)["host", "port", "user"])
        {
            if (map[key] is null)
                throw section.Bad($"'{key}' is missing", "give host, port and user");
        }

        return new DatabaseConfig
        {
            Host = map.Text("host") is { Length: > 0 } host ? host : throw map["host"]!.Bad("the host is empty", "name the server's host"),
            Port = map.Number("port", 0, min: 1, max: 65535),
            User = map.Text("user"),
            Password = new Secret(map.Text("password")),
            Session = Session(map["session"], notices),
            Security = map["security"] is { } security ? Security(security) : null,
        };
    }

    /// <summary>What stands in a file for a database.</summary>
    public static OrderedDictionary<string, object?> Write(DatabaseConfig config)
    {
        var map = new OrderedDictionary<string, object?>
        {
            ["host"] = config.Host,
            ["port"] = config.Port,
            ["user"] = config.User,
            ["password"] = config.Password.Reveal(),
            ["session"] = new OrderedDictionary<string, object?>(config.Session.OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => KeyValuePair.Create(v.Key, (object?)v.Value))),
        };
        if (config.Security is { } security)
        {
            map.Add("security", new OrderedDictionary<string, object?>
            {
                ["ssl-ca"] = security.SslCa,
                ["ssl-cert"] = security.SslCert,
                ["ssl-key"] = security.SslKey,
                ["ssl-ca-base64"] = security.SslCaBase64,
                ["ssl-cert-base64"] = security.SslCertBase64,
                ["ssl-key-base64"] = security.SslKeyBase64,
            });
        }

        return map;
    }

    private static Dictionary<string, string> Session(ConfigValue? section, ICollection<string> notices)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in section?.AsMap().Entries ?? [])
        {
            // The name becomes part of a statement.
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                throw value.Bad($"'{name}' is no name of a session variable", "letters, digits and underscores make such a name");
            if (!variables.TryAdd(name.ToLowerInvariant(), value.AsText()))
                throw value.Bad($"the session variable '{name}' stands here twice", "keep one of them");
            if (SessionVariables.IsOwn(name))
                notices.Add($"{value.Position}: '{value.Path}' does nothing: sessions have their own value of it, so that rows pass unchanged");
        }

        return variables;
    }

    private static SecurityConfig Security(ConfigValue section)
    {
        var map = section.AsMap(
            "ssl-ca", "ssl-cert", "ssl-key", "cert-allowed-cn", "ssl-ca-bytes", "ssl-key-bytes", "ssl-cert-bytes", "ssl-ca-base64", "ssl-key-base64", "ssl-cert-base64");
        var contents = Contents.ToDictionary(name => name, name => Content(map, name), StringComparer.Ordinal);
        var (hasCert, hasKey) = (map.Text("ssl-cert").Length + contents["ssl-cert"].Length > 0, map.Text("ssl-key").Length + contents["ssl-key"].Length > 0);
        if (hasCert != hasKey)
            throw section.Bad($"there is 'ssl-{(hasCert ? "cert" : "key")}' and no 'ssl-{(hasCert ? "key" : "cert")}'", "give both or none");
        if (map.List("cert-allowed-cn").Count > 0)
            throw map["cert-allowed-cn"]!.Bad("the common name of a database's certificate isn't looked at", "leave it out; 'ssl-ca' says whose certificates are good", TaskFileErrors.NotAvailable);
        return new SecurityConfig
        {
            SslCa = map.Text("ssl-ca"),
            SslCert = map.Text("ssl-cert"),
            SslKey = map.Text("ssl-key"),
            SslCaBase64 = contents["ssl-ca"],
            SslCertBase64 = contents["ssl-cert"],
            SslKeyBase64 = contents["ssl-key"],
        };
    }

    // Bytes are written as a text or as a list of numbers, which is how DM's own tools write them.
    private static string Content(ConfigMap map, string name)
    {
        if (map[name + "-bytes"] is { } bytes && (bytes.IsList ? bytes.AsList().Count : bytes.AsText().Length) > 0)
            return Convert.ToBase64String(bytes.IsList ? [.. bytes.AsList().Select(b => (byte)b.AsNumber(0, 255))] : Encoding.UTF8.GetBytes(bytes.AsText()));
        var text = map.Text(name + "-base64");
        if (text.Length > 0 && !System.Buffers.Text.Base64.IsValid(text))
            throw map[name + "-base64"]!.Bad("this is no Base64", $"write what 'base64 -w0 FILE' prints, or name the file by '{name}'");
        return text;
    }
}
