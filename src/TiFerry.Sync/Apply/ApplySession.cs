using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Apply;

/// <summary>One writing session on the target and the packet that is being filled for it.</summary>
internal sealed class ApplySession(MySqlConnection connection, long maxAllowedPacket) : IAsyncDisposable
{
    private bool _inTransaction;

    /// <summary>The session itself; what is sent over it directly comes before what is in the packet.</summary>
    public MySqlConnection Connection => connection;

    /// <summary>The packet.</summary>
    public SqlBuffer Sql { get; } = new(256 * 1024);

    /// <summary>Bytes from which on a packet is sent.</summary>
    public int PacketBytes { get; } = (int)Math.Min(1024 * 1024, maxAllowedPacket / 2);

    /// <summary>Writes the values.</summary>
    public ValueWriter Values { get; } = new();

    /// <summary>Opens a transaction if none is open; the statement travels with the packet that follows.</summary>
    public void Begin()
    {
        if (_inTransaction)
            return;
        Sql.Append("BEGIN;"u8);
        _inTransaction = true;
    }

    /// <summary>Sends what is in the packet.</summary>
    /// <param name="table">The table of its last row, for messages; null where it holds none.</param>
    /// <param name="ct">Stops the wait; the session can't be used after that.</param>
    /// <returns>How many rows its statements say they changed.</returns>
    /// <exception cref="TiFerryException">The target refuses a statement for good.</exception>
    public async ValueTask<long> SendAsync(TargetTable? table, CancellationToken ct)
    {
        if (Sql.Length == 0)
            return 0;
        if (Sql.Length >= maxAllowedPacket)
        {
            throw new TiFerryException(SyncErrors.PacketTooLarge, ErrorScope.Downstream,
                $"a row of table {table?.Table.Name} makes a statement of {Sql.Length} bytes, and the target's max_allowed_packet is {maxAllowedPacket}",
                $"SET GLOBAL max_allowed_packet = {RoundedUp(Sql.Length)} on the target (1 GiB at most), then run the same command again");
        }
        try
        {
            var affected = Values.Relaxed.Count > 0 ? await SendRelaxedAsync(table, ct) : (long)(await connection.ExecuteAsync(Sql, ct)).AffectedRows;
            Sql.Clear();
            return affected;
        }
        catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
        {
            throw new TiFerryException(SyncErrors.ApplyFailed, ErrorScope.Downstream,
                $"the target refuses a change{(table is null ? "" : $" to table {table.Table.Name}")}",
                WayOut(error), error);
        }
    }

    /// <summary>Ends the transaction with the packet and whatever it still holds.</summary>
    /// <param name="table">The table of its last row, for messages; null where it holds none.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <returns>How many rows the packet's statements say they changed.</returns>
    public async ValueTask<long> CommitAsync(TargetTable? table, CancellationToken ct)
    {
        if (!_inTransaction)
            return await SendAsync(table, ct);
        Sql.Append("COMMIT;"u8);
        var affected = await SendAsync(table, ct);
        _inTransaction = false;
        return affected;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Sql.Dispose();
        await connection.DisposeAsync();
    }

    // Statement by statement: the warnings of the others would hide what the relaxed ones have to say.
    private async ValueTask<long> SendRelaxedAsync(TargetTable? table, CancellationToken ct)
    {
        long affected = 0;
        var sent = 0;
        foreach (var (place, enumErrors) in Values.Relaxed)
        {
            affected += (await SendPartAsync(sent..place.Start, ct)).AffectedRows;
            await connection.ExecuteAsync($"SET sql_mode = '{Session.WritingSqlMode(relaxed: true)}'", ct);
            var ok = await SendPartAsync(place, ct);
            if (ok.Warnings > enumErrors)
                throw await ChangedAsync(table, ct);
            await connection.ExecuteAsync($"SET sql_mode = '{Session.WritingSqlMode(relaxed: false)}'", ct);
            affected += ok.AffectedRows;
            sent = place.End.Value;
        }
        affected += (await SendPartAsync(sent..Sql.Length, ct)).AffectedRows;
        Values.Relaxed.Clear();
        return affected;
    }

    private async ValueTask<(long AffectedRows, int Warnings)> SendPartAsync(Range place, CancellationToken ct)
    {
        using var part = new SqlBuffer();
        part.Append(Sql.WrittenSpan[place]);
        if (part.Length == 0)
            return (0, 0);
        var ok = await connection.ExecuteAsync(part, ct);
        return ((long)ok.AffectedRows, ok.Warnings);
    }

    private async ValueTask<TiFerryException> ChangedAsync(TargetTable? table, CancellationToken ct)
    {
        var warnings = await connection.QueryRowsAsync("SHOW WARNINGS LIMIT 1", ct);
        return new TiFerryException(SyncErrors.ValueChanged, ErrorScope.Downstream,
            $"the target would not keep a value of table {table?.Table.Name} unchanged: {(warnings.Count > 0 ? warnings[0][2] : "no text")}",
            "compare the column types of both sides");
    }

    private static string WayOut(MySqlServerException error) => error.Code switch
    {
        1062 => "the target holds a row that the source does not: compare the table's rows, remove the foreign row, then run the same command again",
        1406 or 1264 or 1265 or 1366 => "compare the column types of both sides, then run the same command again",
        1142 or 1044 or 1227 => "grant the missing privilege on the target, then run the same command again",
        _ => "remove the cause, then run the same command again: it goes on where it stopped",
    };

    private static long RoundedUp(long bytes) => Math.Min(1L << 30, (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)bytes * 2));
}
