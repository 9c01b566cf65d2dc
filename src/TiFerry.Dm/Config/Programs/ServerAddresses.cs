using TiFerry.Core.Errors;

namespace TiFerry.Dm.Config.Programs;

/// <summary>Where a server listens, and where others reach it.</summary>
internal static class ServerAddresses
{
    /// <summary>Reads both settings.</summary>
    /// <param name="settings">The program's settings.</param>
    /// <param name="key">The key of the address to listen on.</param>
    /// <param name="ifMissing">That address where none is given.</param>
    /// <param name="badAddress">The code of a complaint about it.</param>
    /// <param name="badAdvertised">The code of a complaint about <c>advertise-addr</c>.</param>
    public static (string Address, string Advertised) Read(ProgramSettings settings, string key, string ifMissing, ErrorCode badAddress, ErrorCode badAdvertised)
    {
        var address = Addresses.WithoutScheme(settings.Map.Text(key) is { Length: > 0 } given ? given : ifMissing);
        if (!Addresses.TrySplit(address, out _, out var port) || port == 0)
            throw settings.Bad(key, $"'{address}' is no address", $"write host and port, as in {ifMissing}", badAddress);
        var advertised = Addresses.WithoutScheme(settings.Map.Text("advertise-addr"));
        if (advertised.Length > 0)
        {
            return Addresses.CanBeAdvertised(advertised)
                ? (address, advertised)
                : throw settings.Bad("advertise-addr", $"'{advertised}' is no address that others can reach", "write the machine's host name or address, and the port", badAdvertised);
        }

        return Addresses.CanBeAdvertised(address)
            ? (address, address)
            : throw settings.Bad(key, $"'{address}' says where to listen, and not where others reach this machine", "give a host in it, or 'advertise-addr' with one", badAddress);
    }
}
