using System.Globalization;

namespace TiFerry.Binlog.Relay;

/// <summary>A sub-directory of a relay log: what was pulled from one server, until another took its place.</summary>
/// <param name="ServerUuid"><c>server_uuid</c> of a MySQL source; <c>gtid_domain_id-server_id</c> of a MariaDB source, which has no such thing (as in DM).</param>
/// <param name="Number">Counts the servers that the relay log has followed, from 1.</param>
internal sealed record RelaySubDirectory(string ServerUuid, int Number)
{
    /// <summary>The directory's name, <c>uuid.000001</c>.</summary>
    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"{ServerUuid}.{Number:000000}");

    /// <summary>Reads a directory's name.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It is something else.</exception>
    public static RelaySubDirectory Parse(string name, string indexPath)
    {
        var dot = name.LastIndexOf('.');
        return dot > 0 && name.Length - dot == 7 && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new RelaySubDirectory(name[..dot], number)
            : throw RelayErrors.BadIndex(indexPath, $"'{name}' is not a server's identity and a number of six digits");
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
