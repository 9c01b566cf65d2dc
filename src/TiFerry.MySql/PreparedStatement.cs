using TiFerry.MySql.Protocol;

namespace TiFerry.MySql;

/// <summary>A statement that the server keeps ready for this connection. Gone after <see cref="MySqlConnection.ResetAsync"/>. Not thread-safe.</summary>
public sealed class PreparedStatement : IAsyncDisposable
{
    private const byte UnsignedFlag = 0x80;

    private readonly MySqlConnection _connection;
    private readonly uint _id;
    private readonly SqlBuffer _packet = new();
    private bool _disposed;

    private PreparedStatement(MySqlConnection connection, uint id, int parameterCount, ColumnDefinition[] columns)
    {
        _connection = connection;
        _id = id;
        ParameterCount = parameterCount;
        Columns = columns;
    }

    /// <summary>The number of <c>?</c>.</summary>
    public int ParameterCount { get; }

    /// <summary>The columns of its result; empty where it returns no rows.</summary>
    public IReadOnlyList<ColumnDefinition> Columns { get; }

    /// <summary>Runs the statement and reads every result away.</summary>
    /// <param name="parameters">One value for each <c>?</c>.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">The statement failed.</exception>
    public async ValueTask<OkPacket> ExecuteAsync(ReadOnlyMemory<MySqlParameter> parameters, CancellationToken ct)
    {
        var results = await QueryAsync(parameters, ct).ConfigureAwait(false);
        await using (results.ConfigureAwait(false))
            return await results.ReadToEndAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Runs the statement; its rows follow in the binary form.</summary>
    /// <param name="parameters">One value for each <c>?</c>.</param>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">The statement failed.</exception>
    public async ValueTask<ResultSet> QueryAsync(ReadOnlyMemory<MySqlParameter> parameters, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (parameters.Length != ParameterCount)
            throw new ArgumentException($"the statement has {ParameterCount} parameters, {parameters.Length} were given", nameof(parameters));
        WriteExecute(parameters.Span);
        await _connection.SendAsync(Command.StatementExecute, _packet, ct).ConfigureAwait(false);
        var results = new ResultSet(_connection, isBinary: true);
        await results.ReadHeaderAsync(ct).ConfigureAwait(false);
        return results;
    }

    /// <summary>Tells the server to forget the statement, if the connection is free for that.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            if (_connection.IsIdle)
            {
                _packet.Clear();
                _packet.AppendUInt32(_id);
                // This command has no answer.
                await _connection.Session.Channel.SendCommandAsync(Command.StatementClose, _packet, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception lost) when (lost is MySqlConnectionLostException or MySqlServerException)
        {
            // The server forgets the statement with the connection.
        }
        finally
        {
            _packet.Dispose();
        }
    }

    /// <summary>Reads the answer to COM_STMT_PREPARE.</summary>
    internal static async ValueTask<PreparedStatement> ReadAsync(MySqlConnection connection, CancellationToken ct)
    {
        try
        {
            var payload = await connection.Session.Channel.ReadAsync(ct).ConfigureAwait(false);
            if (Payload.IsErr(payload.Span))
                throw connection.EndCommandWithError(payload.Span);
            var (id, columnCount, parameterCount) = ReadCounts(payload.Span);
            await connection.ReadColumnsAsync(parameterCount, ct).ConfigureAwait(false);
            var columns = await connection.ReadColumnsAsync(columnCount, ct).ConfigureAwait(false);
            connection.EndCommand();
            return new PreparedStatement(connection, id, parameterCount, columns);
        }
        catch (MySqlProtocolException broken)
        {
            throw connection.Session.Channel.Fail(broken);
        }
    }

    private static (uint Id, int ColumnCount, int ParameterCount) ReadCounts(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        if (reader.ReadByte() != Payload.Ok)
            throw new MySqlProtocolException("the server sent something other than OK for a prepared statement");
        return (reader.ReadUInt32(), reader.ReadUInt16(), reader.ReadUInt16());
    }

    /// <summary>COM_STMT_EXECUTE: id, no cursor, one iteration, NULL bitmap, types, values.</summary>
    private void WriteExecute(ReadOnlySpan<MySqlParameter> parameters)
    {
        _packet.Clear();
        _packet.AppendUInt32(_id);
        _packet.Append((byte)0);
        _packet.AppendUInt32(1);
        if (parameters.IsEmpty)
            return;

        Span<byte> nulls = stackalloc byte[1];
        for (var first = 0; first < parameters.Length; first += 8)
        {
            nulls[0] = 0;
            for (var i = first; i < Math.Min(first + 8, parameters.Length); i++)
                nulls[0] |= (byte)(parameters[i].HasValue ? 0 : 1 << (i - first));
            _packet.Append(nulls);
        }

        _packet.Append((byte)1); // types follow
        foreach (ref readonly var parameter in parameters)
        {
            _packet.Append((byte)(parameter.HasValue ? parameter.Type : ColumnType.Null));
            _packet.Append(parameter.IsUnsigned ? UnsignedFlag : (byte)0);
        }

        foreach (ref readonly var parameter in parameters)
        {
            if (!parameter.HasValue)
                continue;
            if (parameter.Type is ColumnType.LongLong or ColumnType.Double)
                _packet.AppendUInt64(unchecked((ulong)parameter.Number));
            else
                _packet.AppendLengthEncoded(parameter.Bytes.Span);
        }
    }
}
