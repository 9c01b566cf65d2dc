using System.Globalization;
using TiFerry.MySql;

namespace TiFerry.Schema.Ddl.Targets;

/// <summary>
/// Which servers know a clause, written as <c>mysql 8.0.23, mariadb 10.3, tidb 6.2</c>: each from that version on; <c>mysql 5.6-5.7</c> ends with the
/// last version. A flavour that is not named does not know it; an empty text is known to nobody.
/// </summary>
internal sealed class ServerSupport
{
    private readonly (ServerFlavour Flavour, Version First, Version Last)[] _ranges;

    public ServerSupport(string text) => _ranges = [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Range)];

    public bool Includes(ServerInfo server)
    {
        var version = server.Flavour == ServerFlavour.TiDb ? server.TiDbVersion ?? new Version(0, 0) : server.Version;
        return _ranges.Any(r => r.Flavour == server.Flavour && r.First <= version && version <= r.Last);
    }

    private static (ServerFlavour, Version, Version) Range(string text)
    {
        var words = text.Trim().Split(' ');
        var flavour = words[0] switch
        {
            "mysql" => ServerFlavour.MySql,
            "mariadb" => ServerFlavour.MariaDb,
            _ => ServerFlavour.TiDb,
        };
        if (words.Length == 1)
            return (flavour, new Version(0, 0), Last("999"));
        var ends = words[1].Split('-');
        return (flavour, First(ends[0]), Last(ends.Length > 1 ? ends[1] : "999"));
    }

    private static Version First(string text) => Version.Parse(text.Contains('.', StringComparison.Ordinal) ? text : $"{text}.0");

    // "5.7" ends with the last patch of 5.7.
    private static Version Last(string text)
    {
        var parts = text.Split('.').Select(p => int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return new Version(parts[0], parts.Length > 1 ? parts[1] : 999, parts.Length > 2 ? parts[2] : 999);
    }
}
