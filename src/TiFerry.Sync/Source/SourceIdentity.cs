using TiFerry.MySql;

namespace TiFerry.Sync.Source;

/// <summary>Tells one source server from another.</summary>
public static class SourceIdentity
{
    /// <summary>The server's UUID; MariaDB, which has none, is known by host name, port and server id.</summary>
    public static async ValueTask<string> ReadAsync(MySqlConnection source, CancellationToken ct) =>
        source.Server.Flavour == ServerFlavour.MySql
            ? (await source.QueryScalarAsync("SELECT @@server_uuid", ct))!
            : (await source.QueryScalarAsync("SELECT CONCAT(@@hostname, ':', @@port, '/', @@server_id)", ct))!;
}
