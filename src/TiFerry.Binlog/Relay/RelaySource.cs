using System.Globalization;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Binlog.Relay;

/// <summary>What a relay log asks its source before it follows it.</summary>
internal sealed class RelaySource : IAsyncDisposable
{
    private const int AccessDenied = 1227;
    private static readonly TimeSpan ProbeHeartbeat = TimeSpan.FromSeconds(2);

    private readonly MySqlConnection _connection;

    private RelaySource(MySqlConnection connection, string identity, string uuid)
    {
        _connection = connection;
        Identity = identity;
        Uuid = uuid;
    }

    /// <summary>Which server it is, as <see cref="ReplicaConnection.Identity"/> says.</summary>
    public string Identity { get; }

    /// <summary>Which server it is, as sub-directories are named.</summary>
    public string Uuid { get; }

    private bool IsMariaDb => _connection.Server.Flavour == ServerFlavour.MariaDb;

    private string EndPoint => _connection.Options.EndPoint;

    public static async ValueTask<RelaySource> ConnectAsync(MySqlConnectionOptions options, CancellationToken ct)
    {
        MySqlConnection connection;
        try
        {
            connection = await MySqlConnection.ConnectAsync(options, ct).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (SourceErrors.IsLoginRefused(e))
        {
            throw SourceErrors.LoginRefused(e, options);
        }

        try
        {
            var isMariaDb = connection.Server.Flavour == ServerFlavour.MariaDb;
            var identity = await connection.QueryScalarAsync(isMariaDb ? "SELECT @@global.server_id" : "SELECT @@global.server_uuid", ct).ConfigureAwait(false) ?? "";
            var uuid = isMariaDb ? await connection.QueryScalarAsync("SELECT @@global.gtid_domain_id", ct).ConfigureAwait(false) + "-" + identity : identity;
            return new RelaySource(connection, identity, uuid);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The binlog files that the source has, oldest first, and their sizes; the size is null where the file on the source's disk has another one (encrypted).</summary>
    public async ValueTask<IReadOnlyList<(string File, long? Size)>> ListFilesAsync(CancellationToken ct)
    {
        var files = new List<(string, long?)>();
        foreach (var row in await QueryAsync("SHOW BINARY LOGS", ct).ConfigureAwait(false))
        {
            var isEncrypted = row.Length > 2 && string.Equals(row[2], "Yes", StringComparison.OrdinalIgnoreCase);
            files.Add((row[0]!, isEncrypted ? null : long.Parse(row[1]!, CultureInfo.InvariantCulture)));
        }

        return files;
    }

    /// <summary>The end of the source's binlog.</summary>
    public async ValueTask<(BinlogPosition Position, string Gtids)> EndAsync(CancellationToken ct)
    {
        var isNew = !IsMariaDb && _connection.Server.IsAtLeast(8, 2);
        var rows = await QueryAsync(isNew ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS", ct).ConfigureAwait(false);
        if (rows.Count == 0)
            throw new TiFerryException(BinlogErrors.Stream, ErrorScope.Upstream, $"{EndPoint} writes no binlog", "start the server with --log-bin and --binlog-format=ROW");
        var gtids = IsMariaDb
            ? await _connection.QueryScalarAsync("SELECT @@global.gtid_binlog_pos", ct).ConfigureAwait(false) ?? ""
            : MySqlGtidSet.Parse(rows[0].Length > 4 ? rows[0][4] ?? "" : "").ToString();
        return (new BinlogPosition(rows[0][0]!, ulong.Parse(rows[0][1]!, CultureInfo.InvariantCulture)), gtids);
    }

    /// <summary>Sees that the source has all of these GTIDs. MariaDB refuses a replica that is ahead of it, so only MySQL is asked.</summary>
    /// <exception cref="TiFerryException">It lacks some.</exception>
    public async ValueTask RequireAllAsync(string gtids, CancellationToken ct)
    {
        if (IsMariaDb)
            return;
        var missing = MySqlGtidSet.Parse(gtids);
        missing.Subtract(MySqlGtidSet.Parse(await _connection.QueryScalarAsync("SELECT @@global.gtid_executed", ct).ConfigureAwait(false) ?? ""));
        if (!missing.IsEmpty)
            throw RelayErrors.Behind(EndPoint, missing.ToString());
    }

    /// <summary>The file that the source itself would start with for a replica that has these GTIDs.</summary>
    /// <exception cref="TiFerryException">The source no longer has what follows them.</exception>
    public async ValueTask<string> FindFileAsync(RelayLogOptions options, BinlogStart after, CancellationToken ct)
    {
        var stream = new BinlogStreamOptions { Connection = options.Connection, ServerId = options.ServerId, Start = after, HeartbeatPeriod = ProbeHeartbeat };
        using var parser = new BinlogEventParser { IsStreamed = true };
        try
        {
            await using var replica = await ReplicaConnection.OpenAsync(stream, after, Guid.NewGuid(), Identity, ct).ConfigureAwait(false);
            string? file = null;
            while (true)
            {
                var packet = await replica.Packets.ReadAsync(ct).ConfigureAwait(false);
                if (packet.IsEmpty)
                    throw new MySqlConnectionLostException($"{EndPoint} ended the binlog stream");
                var e = parser.Parse(packet[1..]);
                if (file is null && e is RotateEvent rotate)
                    file = rotate.File;
                // MySQL looks for everything first; MariaDB refuses no later than at the first transaction.
                if (file is not null && (!IsMariaDb || e is MariaDbGtidEvent or HeartbeatEvent))
                    return file;
            }
        }
        catch (MySqlServerException e) when (SourceErrors.IsPurged(e))
        {
            throw RelayErrors.Purged(EndPoint, after.ToString(), e);
        }
    }

    /// <summary>The GTIDs of a text, as a start after them.</summary>
    public BinlogStart After(string gtids) => IsMariaDb ? BinlogStart.After(MariaDbGtidSet.Parse(gtids)) : BinlogStart.After(MySqlGtidSet.Parse(gtids));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async ValueTask<List<string?[]>> QueryAsync(string sql, CancellationToken ct)
    {
        try
        {
            return await _connection.QueryRowsAsync(sql, ct).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (e.Code == AccessDenied)
        {
            throw new TiFerryException(BinlogErrors.Stream, ErrorScope.Upstream, $"{EndPoint} does not let this account ask for its binlog files", "GRANT REPLICATION CLIENT ON *.* TO the account", e);
        }
    }
}
