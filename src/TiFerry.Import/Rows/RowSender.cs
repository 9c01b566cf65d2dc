using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;

namespace TiFerry.Import.Rows;

/// <summary>Gathers rows into statements of a size that servers like, and sends one while the next one fills.</summary>
/// <param name="target">The writing session.</param>
/// <param name="maxAllowedPacket">The target's limit in bytes.</param>
/// <param name="onDuplicate">What happens to rows that are there already.</param>
internal sealed class RowSender(MySqlConnection target, long maxAllowedPacket, DuplicateRows onDuplicate) : IAsyncDisposable
{
    private const int StatementBytes = 128 * 1024;
    private const int KeptBytes = 4 * 1024 * 1024;
    private const int ValueRefused = 1265;
    private readonly int _statementBytes = (int)Math.Min(StatementBytes, maxAllowedPacket / 2);
    private SqlBuffer _filling = new(StatementBytes + 16 * 1024);
    private SqlBuffer _sending = new(StatementBytes + 16 * 1024);
    private Task<OkPacket>? _sent;
    private LoadTarget? _table;
    private byte[] _prefix = [];
    private byte[] _suffix = [];
    private bool[] _enums = [];
    private int _rows;
    private int _rowsSent;
    private int _prefixSent;
    private bool[] _enumsSent = [];

    /// <summary>The writing session.</summary>
    public MySqlConnection Target => target;

    /// <summary>Says what the next rows are; those before have been sent.</summary>
    /// <param name="table">Where they go.</param>
    /// <param name="columns">What they have values of.</param>
    public void Begin(LoadTarget table, IReadOnlyList<Column> columns)
    {
        _table = table;
        _prefix = table.PrefixOf(columns, onDuplicate);
        _suffix = LoadTarget.SuffixOf(columns, onDuplicate);
        _enums = [.. columns.Select(c => c.Kind == ColumnKind.Enum)];
    }

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row with its brackets.</param>
    /// <returns>Whether enough rows have gathered.</returns>
    public bool Add(ReadOnlySpan<byte> row)
    {
        if (_rows++ == 0)
            _filling.Append(_prefix);
        else
            _filling.Append((byte)',');
        _filling.Append(row[..^1]);
        // A table whose rows have no cells but those of the route.
        var end = _table!.RowEnd.AsSpan();
        _filling.Append(end.Length > 1 && row.Length == 2 ? end[1..] : end);
        return _filling.Length >= _statementBytes;
    }

    /// <summary>Sends the rows once those before are through.</summary>
    /// <exception cref="TiFerryException">A row is larger than the target takes, or the target took fewer rows than it was given.</exception>
    /// <exception cref="MySqlServerException">The target refuses a row.</exception>
    public async ValueTask SendAsync(CancellationToken ct)
    {
        if (_rows == 0)
            return;
        await WaitAsync(ct);
        _filling.Append(_suffix);
        if (_filling.Length >= maxAllowedPacket)
        {
            throw new TiFerryException(SyncErrors.PacketTooLarge, ErrorScope.Downstream,
                $"a row of table {_table!.Table.Name} makes a statement of {_filling.Length} bytes, and the target's max_allowed_packet is {maxAllowedPacket}",
                "raise max_allowed_packet on the target (SET GLOBAL, 1 GiB at most) and go on");
        }
        (_filling, _sending) = (_sending, _filling);
        (_rowsSent, _prefixSent, _enumsSent) = (_rows, _prefix.Length, _enums);
        _rows = 0;
        _filling.Shrink(KeptBytes);
        _sent = target.ExecuteAsync(_sending, ct).AsTask();
    }

    /// <summary>Waits until all that was sent is through.</summary>
    public async ValueTask WaitAsync(CancellationToken ct)
    {
        if (_sent is not { } sent)
            return;
        _sent = null;
        OkPacket ok;
        try
        {
            ok = await sent;
        }
        catch (MySqlServerException error) when (error.Code == ValueRefused && SqlZeros() is > 0 and var zeros)
        {
            ok = await SendRelaxedAsync(zeros, error, ct);
        }
        if (onDuplicate == DuplicateRows.Error && ok.AffectedRows != (ulong)_rowsSent)
        {
            throw new TiFerryException(LoadErrors.RowsLost, ErrorScope.Downstream,
                $"the target took {ok.AffectedRows} of {_rowsSent} rows of table {_table!.Table.Name}", "look for triggers or rules on the target's table that drop rows");
        }
    }

    /// <summary>Takes back what is not committed and forgets the rows gathered.</summary>
    public async ValueTask RollBackAsync(CancellationToken ct)
    {
        _sent = null;
        _rows = 0;
        _filling.Clear();
        await target.ExecuteAsync("ROLLBACK", ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await target.DisposeAsync();
        // A statement may still be on its way; its buffer must not be reused before that has ended.
        if (_sent is not null)
            await ((Task)_sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _filling.Dispose();
        _sending.Dispose();
    }

    private int SqlZeros() => Sql.SqlScanner.CountZeros(_sending.WrittenSpan[_prefixSent..], _enumsSent);

    // An ENUM's error value is written as the number 0, which strict mode refuses; in the relaxed one each gives one warning, and nothing else may.
    private async ValueTask<OkPacket> SendRelaxedAsync(int zeros, MySqlServerException refusal, CancellationToken ct)
    {
        await target.ExecuteAsync($"SET sql_mode = '{Session.WritingSqlMode(relaxed: true)}'", ct);
        try
        {
            var ok = await target.ExecuteAsync(_sending, ct);
            if (ok.Warnings <= zeros)
                return ok;
            throw new TiFerryException(SyncErrors.ValueChanged, ErrorScope.Downstream, $"the target would not keep a value of table {_table!.Table.Name} unchanged",
                "compare the column types of both sides", refusal);
        }
        finally
        {
            // After a deadlock the session goes on.
            if (!target.IsBroken)
                await target.ExecuteAsync($"SET sql_mode = '{Session.WritingSqlMode(relaxed: false)}'", CancellationToken.None);
        }
    }
}
