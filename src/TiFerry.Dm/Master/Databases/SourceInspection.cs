using System.Globalization;
using TiFerry.Core.Errors;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Config.Tasks;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Source;

namespace TiFerry.Dm.Master.Databases;

/// <summary>Looks at a source's server, so that what a file leaves open is known and what can't work is refused at once.</summary>
/// <param name="cipher">Decrypts passwords.</param>
/// <param name="certificateDirectory">Where certificates go that stand in configurations themselves.</param>
internal sealed class SourceInspection(PasswordCipher cipher, string certificateDirectory)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The configuration with flavor and server id filled in.</summary>
    /// <exception cref="TiFerryException">The server can't be reached, is of another flavor than the file says, or has the server id that the file gives.</exception>
    public Task<SourceConfig> CompleteAsync(SourceConfig source, CancellationToken cancellationToken) => AskAsync(
        source,
        async (connection, ct) =>
        {
            var flavor = connection.Server.Flavour == ServerFlavour.MariaDb ? "mariadb" : "mysql";
            if (source.Flavor.Length > 0 && source.Flavor != flavor)
                throw Unusable(source, $"its file says flavor '{source.Flavor}', and the server is {connection.Server.VersionString}", $"write 'flavor: {flavor}', or leave it out");
            return source with { Flavor = flavor, ServerId = await ServerIdAsync(source, connection, ct) };
        },
        cancellationToken);

    /// <summary>Where the source's binlog ends.</summary>
    /// <exception cref="TiFerryException">The server can't be reached, or writes no binlog.</exception>
    public Task<BinlogMeta> EndOfBinlogAsync(SourceConfig source, CancellationToken cancellationToken) => AskAsync(
        source,
        async (connection, ct) =>
        {
            var end = await SourcePosition.ReadAsync(connection, ct);
            return new BinlogMeta { BinlogName = end.Position.File, BinlogPos = (uint)end.Position.Position, BinlogGtid = end.Gtid };
        },
        cancellationToken);

    private async Task<T> AskAsync<T>(SourceConfig source, Func<MySqlConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        const string wayOut = "check host, port, user and password in the source file, and that the server can be reached from dm-master";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await using var connection = await Session.OpenForReadingAsync(source.From.ToConnectionOptions(cipher, certificateDirectory), limit.Token);
            return await ask(connection, limit.Token);
        }
        catch (Exception e) when (e is MySqlServerException or MySqlConnectionLostException or MySqlProtocolException)
        {
            throw new TiFerryException(DatabaseErrors.BadConnection, ErrorScope.Upstream, $"the source {source.SourceId} can't be looked at", wayOut, e);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TiFerryException(DatabaseErrors.BadConnection, ErrorScope.Upstream, $"the source {source.SourceId} did not answer within {Limit.TotalSeconds} s", wayOut);
        }
    }

    // The server tells replicas apart by their ids: two of the same throw each other out.
    private static async Task<uint> ServerIdAsync(SourceConfig source, MySqlConnection connection, CancellationToken cancellationToken)
    {
        var own = uint.Parse(await connection.QueryScalarAsync("SELECT @@server_id", cancellationToken) ?? "0", CultureInfo.InvariantCulture);
        if (source.ServerId != 0)
        {
            return source.ServerId != own
                ? source.ServerId
                : throw Unusable(source, $"its server-id {own} is the server's own", "give a server-id that no server and no replica of it has, or leave it out");
        }
        var taken = await ReplicasAsync(connection, cancellationToken);
        taken.Add(own);
        while (true)
        {
            // As in DM, large numbers, which hardly anyone gives by hand.
            var id = (uint)Random.Shared.NextInt64(1L << 28, uint.MaxValue);
            if (!taken.Contains(id))
                return id;
        }
    }

    private static async Task<HashSet<uint>> ReplicasAsync(MySqlConnection connection, CancellationToken cancellationToken)
    {
        // MySQL 8.0.22 renamed the statement and 8.4 took the old name away.
        var statement = connection.Server.Flavour == ServerFlavour.MySql && connection.Server.IsAtLeast(8, 0, 22) ? "SHOW REPLICAS" : "SHOW SLAVE HOSTS";
        try
        {
            var rows = await connection.QueryRowsAsync(statement, cancellationToken);
            return [.. rows.Select(r => uint.Parse(r[0] ?? "0", CultureInfo.InvariantCulture))];
        }
        catch (MySqlServerException)
        {
            // Without the privilege, chance alone keeps the ids apart, and the prechecks tell of the privilege.
            return [];
        }
    }

    private static TiFerryException Unusable(SourceConfig source, string why, string wayOut) =>
        new(MasterErrors.UnusableSource, ErrorScope.Upstream, $"the source {source.SourceId} can't be used as it is: {why}", wayOut);
}
