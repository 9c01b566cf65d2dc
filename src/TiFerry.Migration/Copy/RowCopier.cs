using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;

namespace TiFerry.Migration.Copy;

/// <summary>
/// The copy's inner loop: rows go from the source's socket buffer into the target's INSERT statement without becoming objects.
/// While the target works on one statement the next one is filled.
/// </summary>
internal sealed class RowCopier : IAsyncDisposable
{
    // A packet holds several statements: few round trips, yet each statement's parse tree stays in the server's cache.
    private const int PacketBytes = 256 * 1024;
    private const int StatementBytes = 64 * 1024;
    private const int KeptBytes = 4 * 1024 * 1024;
    private readonly long _maxAllowedPacket;
    private readonly int _packetBytes;
    private SqlBuffer _filling = new(64 * 1024);
    private SqlBuffer _sending = new(64 * 1024);
    private Task<OkPacket>? _sent;
    private int _rowsFilled;
    private int _statementStart;
    private int _rowsSent;
    private int _enumErrors;
    private bool _replace;

    /// <summary>Creates the loop for a target.</summary>
    /// <param name="target">The writing session.</param>
    /// <param name="maxAllowedPacket">The target's limit in bytes.</param>
    public RowCopier(MySqlConnection target, long maxAllowedPacket)
    {
        Target = target;
        _maxAllowedPacket = maxAllowedPacket;
        _packetBytes = (int)Math.Min(PacketBytes, maxAllowedPacket / 2);
    }

    /// <summary>The writing session.</summary>
    public MySqlConnection Target { get; }

    /// <summary>Whether rows that are there already give way in the transaction under way.</summary>
    public bool Replaces => _replace;

    /// <summary>Starts a transaction's worth of rows.</summary>
    /// <param name="replace">Whether a row that is there already gives way.</param>
    public void Begin(bool replace)
    {
        _replace = replace;
        _rowsFilled = 0;
        _filling.Clear();
        _filling.Append("BEGIN;"u8);
    }

    /// <summary>Appends the result's current row.</summary>
    /// <param name="plan">The table.</param>
    /// <param name="rows">The source's result.</param>
    /// <returns>Bytes that the row takes in the statement.</returns>
    public int Append(TablePlan plan, ResultSet rows)
    {
        var sql = _filling;
        var start = sql.Length;
        if (_rowsFilled > 0 && start - _statementStart < StatementBytes)
        {
            sql.Append((byte)',');
        }
        else
        {
            if (_rowsFilled > 0)
                sql.Append((byte)';');
            _statementStart = start;
            sql.Append(_replace ? plan.ReplacePrefix : plan.InsertPrefix);
        }
        sql.Append((byte)'(');
        var columns = plan.Columns;
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0)
                sql.Append((byte)',');
            if (rows.IsNull(i))
            {
                sql.Append("NULL"u8);
                continue;
            }
            var cell = rows.GetSpan(i);
            if (columns[i].Format == CellFormat.EnumIndex && cell.SequenceEqual("0"u8))
                _enumErrors++;
            columns[i].Append(sql, cell);
        }
        if (plan.ExtractedValues.Length > 0)
        {
            if (columns.Count > 0)
                sql.Append((byte)',');
            sql.Append(plan.ExtractedValues);
        }
        sql.Append((byte)')');
        _rowsFilled++;
        return sql.Length - start;
    }

    /// <summary>Whether the statement is long enough to be sent.</summary>
    public bool IsFull => _filling.Length >= _packetBytes;

    /// <summary>Sends the filled statement once the one before is through.</summary>
    /// <param name="plan">The table.</param>
    /// <param name="ct">Stops the wait; the session can't be used after that.</param>
    public async ValueTask SendAsync(TablePlan plan, CancellationToken ct)
    {
        if (_rowsFilled == 0)
            return;
        await WaitAsync(plan);
        if (_filling.Length >= _maxAllowedPacket)
        {
            throw new TiFerryException(SyncErrors.PacketTooLarge, ErrorScope.Downstream,
                $"a row of table {plan.Source.Name} makes a statement of {_filling.Length} bytes, and the target's max_allowed_packet is {_maxAllowedPacket}",
                "raise max_allowed_packet on the target (SET GLOBAL, 1 GiB at most), then run the same command again: it goes on where it stopped");
        }
        (_filling, _sending) = (_sending, _filling);
        _rowsSent = _rowsFilled;
        _rowsFilled = 0;
        Reset(_filling);
        if (_enumErrors > 0)
            await SendRelaxedAsync(plan, ct);
        else
            _sent = Target.ExecuteAsync(_sending, ct).AsTask();
    }

    /// <summary>Sends what is left, the given statements and COMMIT, and waits for the answer.</summary>
    /// <param name="plan">The table.</param>
    /// <param name="last">Appends statements that belong to the transaction.</param>
    /// <param name="ct">Stops the wait; the session can't be used after that.</param>
    public async ValueTask CommitAsync(TablePlan plan, Action<SqlBuffer> last, CancellationToken ct)
    {
        await SendAsync(plan, ct);
        await WaitAsync(plan);
        last(_filling);
        _filling.Append("COMMIT;"u8);
        await Target.ExecuteAsync(_filling, ct);
        Reset(_filling);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Target.DisposeAsync();
        // A statement may still be on its way; its buffer must not be reused before that has ended.
        if (_sent is not null)
            await ((Task)_sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _filling.Dispose();
        _sending.Dispose();
    }

    // An ENUM's error value is refused in strict mode; in the relaxed one it gives one warning, and nothing else may.
    private async ValueTask SendRelaxedAsync(TablePlan plan, CancellationToken ct)
    {
        var expected = _enumErrors;
        _enumErrors = 0;
        await Target.ExecuteAsync($"SET sql_mode = '{Session.WritingSqlMode(relaxed: true)}'", ct);
        var ok = await Target.ExecuteAsync(_sending, ct);
        if (ok.Warnings > expected)
        {
            var warnings = await Target.QueryRowsAsync("SHOW WARNINGS LIMIT 1", ct);
            throw new TiFerryException(SyncErrors.ValueChanged, ErrorScope.Downstream,
                $"the target would not keep a value of table {plan.Source.Name} unchanged: {(warnings.Count > 0 ? warnings[0][2] : "no text")}",
                "compare the column types of both sides");
        }
        await Target.ExecuteAsync($"SET sql_mode = '{Session.WritingSqlMode(relaxed: false)}'", ct);
        _sent = Task.FromResult(ok);
    }

    private async ValueTask WaitAsync(TablePlan plan)
    {
        if (_sent is not { } sent)
            return;
        _sent = null;
        var ok = await sent;
        if (!_replace && ok.AffectedRows != (ulong)_rowsSent)
        {
            throw new TiFerryException(LoadErrors.RowsLost, ErrorScope.Downstream,
                $"the target took {ok.AffectedRows} of {_rowsSent} rows of table {plan.Source.Name}",
                "look for triggers or rules on the target's table that drop rows");
        }
    }

    private static void Reset(SqlBuffer sql) => sql.Shrink(KeptBytes);
}
