using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using TiFerry.MySql.Protocol;
using TiFerry.MySql.Transport;

namespace TiFerry.MySql;

/// <summary>
/// The results of one statement or of several, streamed. A row's fields are spans over the connection's read buffer and valid until the next
/// <see cref="ReadAsync"/>. The connection belongs to the result until that is disposed or read to the end. Not thread-safe.
/// </summary>
public sealed class ResultSet : IAsyncDisposable
{
    /// <summary>Disposing reads at most this much to save the connection.</summary>
    private const long DrainBytes = 1024 * 1024;

    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private readonly MySqlConnection _connection;
    private readonly PacketChannel _channel;
    private readonly bool _deprecateEof;
    private readonly bool _isBinary;
    private ColumnDefinition[] _columns = [];

    /// <summary>Offset and length of every field in the channel's buffer; see <see cref="RowFields"/>.</summary>
    private int[] _fields = [];
    private State _state = State.Header;

    internal ResultSet(MySqlConnection connection, bool isBinary)
    {
        _connection = connection;
        _channel = connection.Session.Channel;
        _deprecateEof = connection.Session.Capabilities.HasFlag(CapabilityFlags.DeprecateEof);
        _isBinary = isBinary;
    }

    private enum State
    {
        /// <summary>A result's first packet comes next.</summary>
        Header,

        /// <summary>A row or the end of the rows comes next.</summary>
        Rows,

        /// <summary>This result has ended and another follows.</summary>
        BetweenResults,

        /// <summary>Everything has been read, or an error ended it.</summary>
        Finished,
    }

    /// <summary>The columns of the current result; empty for a statement without rows.</summary>
    public IReadOnlyList<ColumnDefinition> Columns => _columns;

    /// <summary>The number of columns.</summary>
    public int FieldCount => _columns.Length;

    /// <summary>The outcome of the current result: set at once for a statement without rows, otherwise after the last row.</summary>
    public OkPacket? Ok { get; private set; }

    /// <summary>Goes to the next row; false after the last one. Completes synchronously while rows are buffered.</summary>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">The server broke the result off.</exception>
    /// <exception cref="MySqlConnectionLostException">The connection was lost or timed out.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken ct)
    {
        if (_state != State.Rows)
            return new(false);
        return _channel.TryRead(out var offset, out var length) ? new(Accept(offset, length)) : ReadSlowAsync(ct);
    }

    /// <summary>Skips what is left of the current result and goes to the next one; false if there is none.</summary>
    /// <param name="ct">Cancelling closes the connection.</param>
    /// <exception cref="MySqlServerException">The next statement failed.</exception>
    /// <exception cref="MySqlConnectionLostException">The connection was lost or timed out.</exception>
    public async ValueTask<bool> NextResultAsync(CancellationToken ct)
    {
        while (_state == State.Rows)
            await ReadAsync(ct).ConfigureAwait(false);
        if (_state != State.BetweenResults)
            return false;
        await ReadHeaderAsync(ct).ConfigureAwait(false);
        return true;
    }

    /// <summary>Whether a field of the current row is NULL.</summary>
    /// <param name="i">The field's number from 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNull(int i)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)_columns.Length, nameof(i));
        return _fields[(2 * i) + 1] < 0;
    }

    /// <summary>
    /// The bytes of a field of the current row, valid until the next <see cref="ReadAsync"/>; empty for NULL (see <see cref="IsNull"/>).
    /// Text as the server sent it; for a prepared statement's row numbers and times are in the binary form.
    /// </summary>
    /// <param name="i">The field's number from 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> GetSpan(int i)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)i, (uint)_columns.Length, nameof(i));
        var length = _fields[(2 * i) + 1];
        return length < 0 ? [] : _channel.Buffer.AsSpan(_fields[2 * i], length);
    }

    /// <summary>A field as a signed number.</summary>
    /// <param name="i">The field's number from 0.</param>
    /// <exception cref="FormatException">NULL, not a whole number, or out of range.</exception>
    public long GetInt64(int i)
    {
        var bytes = GetNumber(i);
        if (_isBinary && BinaryValue.TryReadInteger(_columns[i], bytes, out var integer))
            return integer >= long.MinValue && integer <= long.MaxValue ? (long)integer : throw NotA("signed 64-bit number", i);
        return Utf8Parser.TryParse(bytes, out long value, out var used) && used == bytes.Length ? value : throw NotA("signed 64-bit number", i);
    }

    /// <summary>A field as an unsigned number.</summary>
    /// <param name="i">The field's number from 0.</param>
    /// <exception cref="FormatException">NULL, not a whole number, or out of range.</exception>
    public ulong GetUInt64(int i)
    {
        var bytes = GetNumber(i);
        if (_isBinary && BinaryValue.TryReadInteger(_columns[i], bytes, out var integer))
            return integer >= 0 && integer <= ulong.MaxValue ? (ulong)integer : throw NotA("unsigned 64-bit number", i);
        return Utf8Parser.TryParse(bytes, out ulong value, out var used) && used == bytes.Length ? value : throw NotA("unsigned 64-bit number", i);
    }

    /// <summary>A field as a floating-point number.</summary>
    /// <param name="i">The field's number from 0.</param>
    /// <exception cref="FormatException">NULL or not a number.</exception>
    public double GetDouble(int i)
    {
        var bytes = GetNumber(i);
        if (_isBinary)
        {
            switch (_columns[i].Type)
            {
                case ColumnType.Float:
                    return BinaryPrimitives.ReadSingleLittleEndian(bytes);
                case ColumnType.Double:
                    return BinaryPrimitives.ReadDoubleLittleEndian(bytes);
            }

            if (BinaryValue.TryReadInteger(_columns[i], bytes, out var integer))
                return (double)integer;
        }

        return Utf8Parser.TryParse(bytes, out double value, out var used) && used == bytes.Length ? value : throw NotA("floating-point number", i);
    }

    /// <summary>A field as text, read as UTF-8.</summary>
    /// <param name="i">The field's number from 0.</param>
    /// <exception cref="FormatException">The field is NULL.</exception>
    public string GetString(int i) => GetStringOrNull(i) ?? throw NotA("text", i);

    /// <summary>A field as text, read as UTF-8; null for NULL.</summary>
    /// <param name="i">The field's number from 0.</param>
    public string? GetStringOrNull(int i)
    {
        if (IsNull(i))
            return null;
        return _isBinary ? BinaryValue.ToText(_columns[i], GetSpan(i)) : Encoding.UTF8.GetString(GetSpan(i));
    }

    /// <summary>
    /// Gives the connection back. A small rest is read away; a larger one, or one that does not come at once, is not waited for:
    /// the connection is closed and <see cref="MySqlConnection.IsBroken"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_state != State.Finished)
            await DrainAsync().ConfigureAwait(false);
        if (_fields.Length > 0)
            ArrayPool<int>.Shared.Return(_fields);
        _fields = [];
        _columns = [];
    }

    /// <summary>Reads a result's first packet and its column definitions.</summary>
    internal async ValueTask ReadHeaderAsync(CancellationToken ct)
    {
        Ok = null;
        _columns = [];
        try
        {
            var payload = await _channel.ReadAsync(ct).ConfigureAwait(false);
            switch (payload.IsEmpty ? Payload.Eof : payload.Span[0])
            {
                case Payload.Ok:
                    EndResult(ResponsePackets.ReadOk(payload.Span));
                    return;
                case Payload.Err:
                    throw Fail(payload.Span);
                case Payload.LocalInfile:
                    throw await _connection.RefuseLocalInfileAsync(ct).ConfigureAwait(false);
                case Payload.Eof:
                    throw new MySqlProtocolException("the server sent an end-of-rows packet where a result was expected");
            }

            _columns = await _connection.ReadColumnsAsync(ReadColumnCount(payload.Span), ct).ConfigureAwait(false);
            RentFields();
            _state = State.Rows;
        }
        catch (MySqlProtocolException broken)
        {
            throw _channel.Fail(broken);
        }
    }

    /// <summary>Reads away what is left and sums up; see <see cref="MySqlConnection.ExecuteAsync(string, CancellationToken)"/>.</summary>
    internal async ValueTask<OkPacket> ReadToEndAsync(CancellationToken ct)
    {
        var (affectedRows, warnings) = (0UL, 0);
        do
        {
            while (await ReadAsync(ct).ConfigureAwait(false))
            {
            }

            affectedRows += Ok.GetValueOrDefault().AffectedRows;
            warnings += Ok.GetValueOrDefault().Warnings;
        }
        while (await NextResultAsync(ct).ConfigureAwait(false));
        return Ok.GetValueOrDefault() with { AffectedRows = affectedRows, Warnings = warnings };
    }

    private static int ReadColumnCount(ReadOnlySpan<byte> payload)
    {
        var count = new PayloadReader(payload).ReadLengthEncodedInteger();
        return count <= ushort.MaxValue ? (int)count : throw new MySqlProtocolException($"the server announced {count} columns");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadSlowAsync(CancellationToken ct)
    {
        int offset, length;
        do
        {
            await _channel.FillAsync(ct).ConfigureAwait(false);
        }
        while (!_channel.TryRead(out offset, out length));
        return Accept(offset, length);
    }

    /// <summary>Takes in a payload; false where it ends the rows.</summary>
    private bool Accept(int offset, int length)
    {
        var payload = _channel.Buffer.AsSpan(offset, length);
        if (length > 0 && payload[0] >= Payload.Eof)
        {
            if (payload[0] == Payload.Err)
                throw Fail(payload);
            if (Payload.IsEndOfRows(payload, _deprecateEof))
            {
                EndRows(payload);
                return false;
            }
        }

        var fields = _fields.AsSpan(0, 2 * _columns.Length);
        if (_isBinary ? !RowFields.TryLocateBinary(payload, offset, _columns, fields) : !RowFields.TryLocateText(payload, offset, fields))
            throw _channel.Fail(new MySqlProtocolException("the server sent a row that does not hold its fields"));
        return true;
    }

    private void EndRows(ReadOnlySpan<byte> payload)
    {
        // Nothing is left of the last row that a caller could take for data.
        _fields.AsSpan().Fill(RowFields.Null);
        try
        {
            EndResult(ResponsePackets.ReadEndOfRows(payload, _deprecateEof));
        }
        catch (MySqlProtocolException broken)
        {
            throw _channel.Fail(broken);
        }
    }

    private void EndResult(OkPacket ok)
    {
        Ok = ok;
        _state = ok.HasMoreResults ? State.BetweenResults : State.Finished;
        _connection.EndResult(ok);
    }

    private MySqlServerException Fail(ReadOnlySpan<byte> err)
    {
        _state = State.Finished;
        return _connection.EndCommandWithError(err);
    }

    private void RentFields()
    {
        if (_fields.Length < 2 * _columns.Length)
        {
            if (_fields.Length > 0)
                ArrayPool<int>.Shared.Return(_fields);
            _fields = ArrayPool<int>.Shared.Rent(2 * _columns.Length);
        }

        _fields.AsSpan().Fill(RowFields.Null);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Disposing gives the connection up where it cannot be saved; the caller asked for nothing more.")]
    private async ValueTask DrainAsync()
    {
        var limit = _channel.BytesReceived + DrainBytes;
        try
        {
            using var soon = new CancellationTokenSource(DrainTime);
            do
            {
                while (await ReadAsync(soon.Token).ConfigureAwait(false))
                {
                    if (_channel.BytesReceived > limit)
                    {
                        _channel.Abort();
                        return;
                    }
                }
            }
            while (await NextResultAsync(soon.Token).ConfigureAwait(false));
        }
        catch (MySqlServerException)
        {
            // The rest of the results ended with an error that nobody waits for any more; the connection is in order.
        }
        catch (Exception)
        {
            _channel.Abort();
        }
        finally
        {
            _state = State.Finished;
        }
    }

    private ReadOnlySpan<byte> GetNumber(int i) => IsNull(i) ? throw NotA("number", i) : GetSpan(i);

    private FormatException NotA(string what, int i) => new($"column {i} ({_columns[i].Name}) is {(IsNull(i) ? "NULL" : $"no {what}")}");
}
