using TiFerry.Core.Errors;
using TiFerry.MySql.Handshake;
using TiFerry.MySql.Protocol;

namespace TiFerry.MySql;

/// <summary>
/// A connection to a MySQL-compatible server. One command at a time: a result must be read to its end or disposed before the next one.
/// A time-out, a cancellation or an I/O error closes it for good (<see cref="IsBroken"/>); it never stays half-read.
/// </summary>
public sealed class MySqlConnection : IAsyncDisposable
{
    private const int ScratchCapacity = 1024 * 1024;
    private const int LoadLocalPacketLength = 1024 * 1024;

    private readonly SqlBuffer _scratch = new();
    private OkPacket _lastOk;
    private bool _commandUnderWay;
    private bool _disposed;

    private MySqlConnection(ServerSession session, MySqlConnectionOptions options)
    {
        Session = session;
        Options = options;
        Server = ServerInfo.Parse(session.Greeting.VersionString);
    }

    /// <summary>What the connection was opened with.</summary>
    public MySqlConnectionOptions Options { get; }

    /// <summary>The server's family and version.</summary>
    public ServerInfo Server { get; private set; }

    /// <summary>The server's number for this connection, as in SHOW PROCESSLIST (its lower 32 bits where a server uses more).</summary>
    public uint ConnectionId => Session.Greeting.ConnectionId;

    /// <summary>The connection is closed and cannot be used again.</summary>
    public bool IsBroken => _disposed || Session.Channel.IsClosed;

    /// <summary>The bytes travel under TLS.</summary>
    public bool IsTls => Session.Capabilities.HasFlag(CapabilityFlags.Ssl);

    /// <summary>The bytes travel compressed.</summary>
    public bool IsCompressed => Session.Capabilities.HasFlag(CapabilityFlags.Compress);

    /// <summary>A transaction was open after the last statement.</summary>
    public bool InTransaction => _lastOk.InTransaction;

    /// <summary>Nothing is under way and nothing is left to read.</summary>
    internal bool IsIdle => !IsBroken && !_commandUnderWay;

    /// <summary>Idle, and the server has neither closed it nor announced that it will.</summary>
    internal bool IsAliveWhileIdle => IsIdle && !Session.Channel.HasInput;

    internal ServerSession Session { get; }

    private bool KnowsResetConnection => Server.Flavour switch
    {
        ServerFlavour.MariaDb => Server.IsAtLeast(10, 2, 4),
        ServerFlavour.TiDb => true,
        _ => Server.IsAtLeast(5, 7, 3),
    };

    /// <summary>Opens a connection and runs <see cref="MySqlConnectionOptions.InitStatements"/>.</summary>
    /// <param name="options">Where to and how.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="MySqlServerException">The server refuses the account or the database.</exception>
    /// <exception cref="MySqlConnectionLostException">The server cannot be reached in time.</exception>
    /// <exception cref="TiFerryException">TLS or authentication is not possible as asked.</exception>
    public static async ValueTask<MySqlConnection> ConnectAsync(MySqlConnectionOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return await OpenAsync(options, ct).ConfigureAwait(false);
        }
        catch (MySqlServerException refused)
        {
            refused.EndPoint = options.EndPoint;
            throw;
        }
    }

    private static async ValueTask<MySqlConnection> OpenAsync(MySqlConnectionOptions options, CancellationToken ct)
    {
        var session = await ServerSession.OpenAsync(options, ct).ConfigureAwait(false);
        var connection = new MySqlConnection(session, options);
        try
        {
            if (connection.Server.Flavour == ServerFlavour.TiDb && await connection.QueryScalarAsync("SELECT tidb_version()", ct).ConfigureAwait(false) is { } release)
                connection.Server = connection.Server.WithTiDbVersion(release);
            await connection.RunInitStatementsAsync(ct).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            connection.Session.Channel.Dispose();
            throw;
        }
    }

    /// <summary>Stops the statement that another connection is running, through a connection of its own.</summary>
    /// <param name="options">How to reach the server; database and init statements are not used.</param>
    /// <param name="connectionId">The other connection's <see cref="ConnectionId"/>.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="MySqlServerException">For example 1094: there is no such connection any more.</exception>
    public static async ValueTask KillQueryAsync(MySqlConnectionOptions options, uint connectionId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connection = await ConnectAsync(options with { Database = null, InitStatements = [] }, ct).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var kill = connection.Server.Flavour == ServerFlavour.TiDb ? "KILL TIDB QUERY" : "KILL QUERY";
            await connection.ExecuteAsync($"{kill} {connectionId}", ct).ConfigureAwait(false);
        }
    }

    /// <summary>Runs one statement or several and reads every result away.</summary>
    /// <param name="sql">The text, sent as UTF-8.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <returns>Affected rows and warnings summed over all statements; insert id, status and info of the last one.</returns>
    /// <exception cref="MySqlServerException">A statement failed; those before it have taken effect.</exception>
    /// <exception cref="MySqlConnectionLostException">The connection was lost or timed out.</exception>
    public ValueTask<OkPacket> ExecuteAsync(string sql, CancellationToken ct) => ExecuteAsync(Scratch(sql), ct);

    /// <summary>Runs one statement or several straight from the buffer and reads every result away; see the other overload.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    public async ValueTask<OkPacket> ExecuteAsync(SqlBuffer sql, CancellationToken ct)
    {
        var results = await QueryAsync(sql, ct).ConfigureAwait(false);
        await using (results.ConfigureAwait(false))
            return await results.ReadToEndAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Runs one statement or several; the first result's columns have been read, its rows follow.</summary>
    /// <param name="sql">The text, sent as UTF-8.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">The statement failed.</exception>
    /// <exception cref="MySqlConnectionLostException">The connection was lost or timed out.</exception>
    public ValueTask<ResultSet> QueryAsync(string sql, CancellationToken ct) => QueryAsync(Scratch(sql), ct);

    /// <summary>Runs one statement or several straight from the buffer; see the other overload.</summary>
    /// <param name="sql">The text.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    public async ValueTask<ResultSet> QueryAsync(SqlBuffer sql, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(sql);
        await SendAsync(Command.Query, sql, ct).ConfigureAwait(false);
        var results = new ResultSet(this, isBinary: false);
        await results.ReadHeaderAsync(ct).ConfigureAwait(false);
        return results;
    }

    /// <summary>The first field of the first row as text; null for NULL and where there is no row.</summary>
    /// <param name="sql">A statement.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    public async ValueTask<string?> QueryScalarAsync(string sql, CancellationToken ct)
    {
        var results = await QueryAsync(sql, ct).ConfigureAwait(false);
        await using (results.ConfigureAwait(false))
        {
            var value = await results.ReadAsync(ct).ConfigureAwait(false) ? results.GetStringOrNull(0) : null;
            await results.ReadToEndAsync(ct).ConfigureAwait(false);
            return value;
        }
    }

    /// <summary>All rows of the first result as text, read as UTF-8; for administrative statements with few rows.</summary>
    /// <param name="sql">A statement.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    public async ValueTask<List<string?[]>> QueryRowsAsync(string sql, CancellationToken ct)
    {
        var results = await QueryAsync(sql, ct).ConfigureAwait(false);
        await using (results.ConfigureAwait(false))
        {
            var rows = new List<string?[]>();
            while (await results.ReadAsync(ct).ConfigureAwait(false))
            {
                var row = new string?[results.FieldCount];
                for (var i = 0; i < row.Length; i++)
                    row[i] = results.GetStringOrNull(i);
                rows.Add(row);
            }

            await results.ReadToEndAsync(ct).ConfigureAwait(false);
            return rows;
        }
    }

    /// <summary>Asks the server for a sign of life.</summary>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlConnectionLostException">There is none.</exception>
    public async ValueTask PingAsync(CancellationToken ct)
    {
        await SendAsync(Command.Ping, Scratch(""), ct).ConfigureAwait(false);
        await ReadOkAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Changes the default database.</summary>
    /// <param name="database">Its name, not quoted.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">For example 1049: unknown database.</exception>
    public async ValueTask InitDbAsync(string database, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(database);
        await SendAsync(Command.InitDb, Scratch(database), ct).ConfigureAwait(false);
        await ReadOkAsync(ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes the session as new: open transaction rolled back, variables, temporary tables, locks and prepared statements gone,
    /// utf8mb4, then the init statements again. A default database is set again if the options name one.
    /// </summary>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">The server refuses.</exception>
    public async ValueTask ResetAsync(CancellationToken ct)
    {
        if (KnowsResetConnection)
        {
            await SendAsync(Command.ResetConnection, Scratch(""), ct).ConfigureAwait(false);
            await ReadOkAsync(ct).ConfigureAwait(false);
            // The reset takes the character set back to the server's default rather than to the one of the handshake.
            await ExecuteAsync("SET NAMES utf8mb4 COLLATE utf8mb4_general_ci", ct).ConfigureAwait(false);
            if (Options.Database is not null)
                await InitDbAsync(Options.Database, ct).ConfigureAwait(false);
        }
        else
        {
            BeginCommand(ct);
            await Session.ChangeUserAsync(ct).ConfigureAwait(false);
            EndCommand();
        }

        await RunInitStatementsAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Ends another connection.</summary>
    /// <param name="connectionId">Its <see cref="ConnectionId"/>.</param>
    /// <param name="ct">Cancelling closes this connection.</param>
    /// <exception cref="MySqlServerException">For example 1094: there is no such connection.</exception>
    public async ValueTask KillAsync(uint connectionId, CancellationToken ct)
    {
        var kill = Server.Flavour == ServerFlavour.TiDb ? "KILL TIDB CONNECTION" : "KILL CONNECTION";
        await ExecuteAsync($"{kill} {connectionId}", ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Runs a LOAD DATA LOCAL INFILE statement and hands the stream's bytes to the server, whatever file name the statement gives.
    /// Needs <see cref="MySqlConnectionOptions.AllowLoadLocal"/>, and <c>local_infile</c> on the server.
    /// </summary>
    /// <param name="sql">One statement.</param>
    /// <param name="data">What the server reads as the file; read to its end, not disposed.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">The statement failed.</exception>
    /// <exception cref="InvalidOperationException">The statement asked for no file, or the options do not allow it.</exception>
    public async ValueTask<OkPacket> LoadLocalAsync(string sql, Stream data, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!Options.AllowLoadLocal)
            throw new InvalidOperationException("the connection was not opened with AllowLoadLocal");
        await SendAsync(Command.Query, Scratch(sql), ct).ConfigureAwait(false);
        var payload = await Session.Channel.ReadAsync(ct).ConfigureAwait(false);
        if (payload.IsEmpty || payload.Span[0] != Payload.LocalInfile)
        {
            var ok = ReadOk(payload.Span);
            throw new InvalidOperationException($"the statement is no LOAD DATA LOCAL: it changed {ok.AffectedRows} rows without asking for a file");
        }

        try
        {
            await SendFileAsync(data, ct).ConfigureAwait(false);
        }
        catch
        {
            // The server would take the end of the stream for the end of the file and keep a part of the rows.
            Session.Channel.Abort();
            throw;
        }

        return await ReadOkAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Prepares a statement; its values are sent apart from its text.</summary>
    /// <param name="sql">One statement with <c>?</c> for each value.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">The statement cannot be prepared.</exception>
    public async ValueTask<PreparedStatement> PrepareAsync(string sql, CancellationToken ct)
    {
        await SendAsync(Command.StatementPrepare, Scratch(sql), ct).ConfigureAwait(false);
        return await PreparedStatement.ReadAsync(this, ct).ConfigureAwait(false);
    }

    /// <summary>Sends a command of any kind; read its answer with <see cref="OpenPacketStream"/> or <see cref="ReadOkAsync"/>.</summary>
    /// <param name="payload">The command byte and what follows it.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    public async ValueTask SendCommandAsync(ReadOnlyMemory<byte> payload, CancellationToken ct)
    {
        BeginCommand(ct);
        _scratch.Clear();
        _scratch.Append(payload.Span);
        await Session.Channel.SendRawCommandAsync(_scratch, ct).ConfigureAwait(false);
    }

    /// <summary>Reads the OK packet that ends a command sent with <see cref="SendCommandAsync"/>.</summary>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">The server answered with an error.</exception>
    public async ValueTask<OkPacket> ReadOkAsync(CancellationToken ct)
    {
        var payload = await Session.Channel.ReadAsync(ct).ConfigureAwait(false);
        return ReadOk(payload.Span);
    }

    /// <summary>The packets that answer a command sent with <see cref="SendCommandAsync"/>, one after the other, for example a binlog dump.</summary>
    public PacketStream OpenPacketStream() => new(this);

    /// <summary>Says good-bye if nothing is under way, and closes the connection. Never throws.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        var saysGoodbye = IsIdle;
        _disposed = true;
        if (saysGoodbye)
            await SendQuitAsync().ConfigureAwait(false);
        Session.Channel.Dispose();
        _scratch.Dispose();
    }

    /// <summary>Closes the connection at once, from any thread; a read under way fails.</summary>
    public void Abort() => Session.Channel.Abort();

    /// <summary>Sends a command and takes the connection for its answer.</summary>
    internal ValueTask SendAsync(Command command, SqlBuffer buffer, CancellationToken ct)
    {
        BeginCommand(ct);
        return Session.Channel.SendCommandAsync(command, buffer, ct);
    }

    /// <summary>Notes the outcome of a statement; the connection is free again unless more results follow.</summary>
    internal void EndResult(OkPacket ok)
    {
        _lastOk = ok;
        if (!ok.HasMoreResults)
            EndCommand();
    }

    internal void EndCommand()
    {
        _commandUnderWay = false;
        _scratch.Shrink(ScratchCapacity);
    }

    internal MySqlServerException EndCommandWithError(ReadOnlySpan<byte> err)
    {
        var error = ResponsePackets.ReadErr(err);
        EndCommand();
        if (ResponsePackets.EndsConnection(error.Code))
            Session.Channel.Abort();
        return error;
    }

    /// <summary>Reads column definitions, and the EOF packet that old servers put behind them.</summary>
    internal async ValueTask<ColumnDefinition[]> ReadColumnsAsync(int count, CancellationToken ct)
    {
        if (count == 0)
            return [];
        var columns = new ColumnDefinition[count];
        for (var i = 0; i < count; i++)
            columns[i] = ColumnDefinition.Read((await Session.Channel.ReadAsync(ct).ConfigureAwait(false)).Span);
        if (!Session.Capabilities.HasFlag(CapabilityFlags.DeprecateEof) && !Payload.IsEof((await Session.Channel.ReadAsync(ct).ConfigureAwait(false)).Span))
            throw new MySqlProtocolException("the server sent no end of its column definitions");
        return columns;
    }

    /// <summary>Answers a request for a file with no file, as the protocol has it, and makes the error.</summary>
    internal async ValueTask<TiFerryException> RefuseLocalInfileAsync(CancellationToken ct)
    {
        await SendFileAsync(Stream.Null, ct).ConfigureAwait(false);
        try
        {
            await ReadOkAsync(ct).ConfigureAwait(false);
        }
        catch (MySqlServerException)
        {
            // Whatever the server makes of the empty file, the refusal below is the error to report.
        }

        Session.Channel.Abort();
        return MySqlErrors.Create(
            MySqlErrors.LocalInfileRefused,
            $"the server {Options.EndPoint} asked for a local file that this program did not offer; nothing was sent",
            "check that you are connected to the server that you trust");
    }

    private void BeginCommand(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ct.ThrowIfCancellationRequested();
        if (_commandUnderWay && !Session.Channel.IsClosed)
            throw new InvalidOperationException("the result of the command before has not been read to its end");
        _commandUnderWay = true;
    }

    private SqlBuffer Scratch(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _scratch.Clear();
        _scratch.Append(text);
        return _scratch;
    }

    private OkPacket ReadOk(ReadOnlySpan<byte> payload)
    {
        if (Payload.IsErr(payload))
            throw EndCommandWithError(payload);
        if (payload.IsEmpty || (payload[0] != Payload.Ok && !Payload.IsEof(payload)))
            throw Session.Channel.Fail(new MySqlProtocolException("the server sent something other than OK"));
        try
        {
            var ok = payload[0] == Payload.Ok ? ResponsePackets.ReadOk(payload) : ResponsePackets.ReadEof(payload);
            EndResult(ok);
            return ok;
        }
        catch (MySqlProtocolException broken)
        {
            throw Session.Channel.Fail(broken);
        }
    }

    private async ValueTask RunInitStatementsAsync(CancellationToken ct)
    {
        foreach (var statement in Options.InitStatements)
            await ExecuteAsync(statement, ct).ConfigureAwait(false);
    }

    /// <summary>Sends a stream's bytes as packets, an empty one at the end.</summary>
    private async ValueTask SendFileAsync(Stream data, CancellationToken ct)
    {
        using var packet = new SqlBuffer(LoadLocalPacketLength);
        int read;
        do
        {
            packet.Clear();
            read = await data.ReadAsync(packet.GetMemory(LoadLocalPacketLength)[..LoadLocalPacketLength], ct).ConfigureAwait(false);
            packet.Advance(read);
            await Session.Channel.SendAsync(packet, ct).ConfigureAwait(false);
        }
        while (read > 0);
    }

    private async ValueTask SendQuitAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            _scratch.Clear();
            await Session.Channel.SendCommandAsync(Command.Quit, _scratch, soon.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is MySqlConnectionLostException or MySqlServerException or OperationCanceledException)
        {
            // The server has gone first.
        }
    }
}
