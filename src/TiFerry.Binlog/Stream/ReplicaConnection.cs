using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TiFerry.Binlog.Gtid;
using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Binlog.Stream;

/// <summary>A connection on which the source sends its binlog (client/server protocol, "Replication Protocol").</summary>
internal sealed class ReplicaConnection : IAsyncDisposable
{
    private const byte BinlogDump = 0x12;
    private const byte RegisterReplica = 0x15;
    private const byte BinlogDumpGtid = 0x1E;
    private const ushort SendAnnotateRows = 2;

    private readonly MySqlConnection _connection;

    private ReplicaConnection(MySqlConnection connection, string identity)
    {
        _connection = connection;
        Identity = identity;
        Packets = connection.OpenPacketStream();
    }

    /// <summary>Which server it is: <c>server_uuid</c> on MySQL, <c>server_id</c> on MariaDB, which has no such thing.</summary>
    public string Identity { get; }

    /// <summary>What the server is.</summary>
    public ServerInfo Server => _connection.Server;

    /// <summary>The GTID position of a MariaDB source at the start; null when it was not asked for.</summary>
    public MariaDbGtidSet? MariaDbGtids { get; private set; }

    /// <summary>The events, each behind a zero byte.</summary>
    public PacketStream Packets { get; private set; }

    /// <summary>Connects, checks that the source is the one that is expected, registers and asks for the binlog.</summary>
    /// <param name="options">The stream's options.</param>
    /// <param name="start">From where.</param>
    /// <param name="replicaUuid">The same at each try, so that the source ends a dump of ours that it still believes in.</param>
    /// <param name="expectedIdentity">Null at first.</param>
    /// <param name="ct">Cancels.</param>
    public static async ValueTask<ReplicaConnection> OpenAsync(
        BinlogStreamOptions options, BinlogStart start, Guid replicaUuid, string? expectedIdentity, CancellationToken ct)
    {
        var connection = await ConnectAsync(options.Connection with { ReadTimeout = options.HeartbeatPeriod * 3 }, ct).ConfigureAwait(false);
        try
        {
            var isMariaDb = connection.Server.Flavour == ServerFlavour.MariaDb;
            await CheckSourceAsync(connection, start, isMariaDb, ct).ConfigureAwait(false);
            var identity = await connection.QueryScalarAsync(isMariaDb ? "SELECT @@global.server_id" : "SELECT @@global.server_uuid", ct).ConfigureAwait(false) ?? "";
            if (expectedIdentity is not null && identity != expectedIdentity && !start.ByGtid)
            {
                throw new TiFerryException(BinlogErrors.Stream, ErrorScope.Upstream,
                    $"{options.Connection.EndPoint} is now another server ({identity}, was {expectedIdentity}), where the position {start.Position} means something else",
                    "connect to the server that it was, or follow by GTID, which holds across servers");
            }

            var replica = new ReplicaConnection(connection, identity);
            await replica.PrepareAsync(options, start, replicaUuid, isMariaDb, ct).ConfigureAwait(false);
            await connection.SendCommandAsync(RegisterCommand(options.ServerId), ct).ConfigureAwait(false);
            await connection.ReadOkAsync(ct).ConfigureAwait(false);
            var dump = start.ByGtid && !isMariaDb ? DumpGtidCommand(options.ServerId, start.MySqlGtids!) : DumpCommand(options, start);
            await connection.SendCommandAsync(dump, ct).ConfigureAwait(false);
            replica.Packets = connection.OpenPacketStream();
            return replica;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _connection.Abort();
        return _connection.DisposeAsync();
    }

    private static async ValueTask<MySqlConnection> ConnectAsync(MySqlConnectionOptions options, CancellationToken ct)
    {
        try
        {
            return await MySqlConnection.ConnectAsync(options, ct).ConfigureAwait(false);
        }
        catch (MySqlServerException e) when (SourceErrors.IsLoginRefused(e))
        {
            throw SourceErrors.LoginRefused(e, options);
        }
    }

    private static async ValueTask CheckSourceAsync(MySqlConnection connection, BinlogStart start, bool isMariaDb, CancellationToken ct)
    {
        if (connection.Server.Flavour == ServerFlavour.TiDb)
            throw BinlogErrors.UnsupportedAt($"{connection.Options.EndPoint} is a TiDB, which has no binlog to follow", "use a MySQL or MariaDB source");
        if (start.ByGtid && isMariaDb != (start.MariaDbGtids is not null))
        {
            throw new TiFerryException(BinlogErrors.Syntax, ErrorScope.Upstream,
                $"the start '{start}' is not a GTID position of {(isMariaDb ? "MariaDB" : "MySQL")}, which {connection.Options.EndPoint} runs",
                isMariaDb ? "give domain-server-sequence, as SELECT @@gtid_binlog_pos shows it" : "give a GTID set, as SELECT @@gtid_executed shows it");
        }

        if (await connection.QueryScalarAsync("SELECT @@global.log_bin", ct).ConfigureAwait(false) != "1")
            throw new TiFerryException(BinlogErrors.Stream, ErrorScope.Upstream, $"{connection.Options.EndPoint} writes no binlog", "start the server with --log-bin and --binlog-format=ROW");
    }

    private async ValueTask PrepareAsync(BinlogStreamOptions options, BinlogStart start, Guid replicaUuid, bool isMariaDb, CancellationToken ct)
    {
        var heartbeat = (long)(options.HeartbeatPeriod.TotalMilliseconds * 1_000_000);
        await _connection.ExecuteAsync(
            string.Create(CultureInfo.InvariantCulture, $"SET @master_heartbeat_period = {heartbeat}, @source_heartbeat_period = {heartbeat}"), ct).ConfigureAwait(false);
        // Whoever understands checksums gets each file as it is, whatever the source writes at present.
        await _connection.ExecuteAsync("SET @master_binlog_checksum = 'CRC32', @source_binlog_checksum = 'CRC32'", ct).ConfigureAwait(false);
        if (!isMariaDb)
        {
            await _connection.ExecuteAsync($"SET @slave_uuid = '{replicaUuid}', @replica_uuid = '{replicaUuid}'", ct).ConfigureAwait(false);
            return;
        }

        await _connection.ExecuteAsync("SET @mariadb_slave_capability = 4", ct).ConfigureAwait(false);
        if (start.ByGtid)
        {
            await _connection.ExecuteAsync(
                $"SET @slave_connect_state = '{start.MariaDbGtids}', @slave_gtid_strict_mode = 0, @slave_gtid_ignore_duplicates = 0", ct).ConfigureAwait(false);
        }
        else if (start.MariaDbGtids is null && start.Position is { } position)
        {
            var file = position.File.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal);
            var gtids = await _connection.QueryScalarAsync($"SELECT BINLOG_GTID_POS('{file}', {position.Position})", ct).ConfigureAwait(false);
            MariaDbGtids = gtids is null ? null : MariaDbGtidSet.Parse(gtids);
        }
    }

    /// <summary>Host, user, password, port, rank and source id are for SHOW REPLICAS only and stay empty.</summary>
    private static byte[] RegisterCommand(uint serverId)
    {
        var command = new byte[18];
        command[0] = RegisterReplica;
        BinaryPrimitives.WriteUInt32LittleEndian(command.AsSpan(1), serverId);
        return command;
    }

    private static ReadOnlyMemory<byte> DumpCommand(BinlogStreamOptions options, BinlogStart start)
    {
        // By GTID, MariaDB takes the state from @slave_connect_state and no file.
        var position = start.ByGtid ? new BinlogPosition("", BinlogPosition.FirstEvent) : start.Position!.Value;
        if (position.Position > uint.MaxValue)
        {
            throw new TiFerryException(BinlogErrors.Stream, ErrorScope.Upstream,
                $"the position {position} is beyond 4 GiB, which the replication protocol cannot ask for", "follow by GTID, or start at the next file");
        }

        var writer = new ArrayBufferWriter<byte>();
        writer.Write([BinlogDump]);
        WriteUInt32(writer, (uint)position.Position);
        WriteUInt16(writer, options.AnnotateRows ? SendAnnotateRows : (ushort)0);
        WriteUInt32(writer, options.ServerId);
        writer.Write(Encoding.UTF8.GetBytes(position.File));
        return writer.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> DumpGtidCommand(uint serverId, MySqlGtidSet gtids)
    {
        var encoded = gtids.Encode();
        var writer = new ArrayBufferWriter<byte>();
        writer.Write([BinlogDumpGtid]);
        WriteUInt16(writer, 0);
        WriteUInt32(writer, serverId);
        WriteUInt32(writer, 0);
        WriteUInt32(writer, (uint)BinlogPosition.FirstEvent);
        WriteUInt32(writer, 0);
        WriteUInt32(writer, (uint)encoded.Length);
        writer.Write(encoded);
        return writer.WrittenMemory;
    }

    private static void WriteUInt16(ArrayBufferWriter<byte> writer, ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(writer.GetSpan(2), value);
        writer.Advance(2);
    }

    private static void WriteUInt32(ArrayBufferWriter<byte> writer, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(writer.GetSpan(4), value);
        writer.Advance(4);
    }
}
