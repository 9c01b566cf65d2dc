using System.Diagnostics;
using System.Runtime.InteropServices;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Route;

namespace TiFerry.Sync.Apply;

/// <summary>One writing session on the target and the packet that is being filled for it.</summary>
/// <param name="connection">The session.</param>
/// <param name="maxAllowedPacket">The target's limit, in bytes.</param>
/// <param name="matches">Told how many rows statements found.</param>
/// <param name="redacts">Whether messages leave row values out.</param>
internal sealed class ApplySession(MySqlConnection connection, long maxAllowedPacket, RowMatches matches, bool redacts) : IAsyncDisposable
{
    private readonly List<Statement> _statements = [];
    private bool _inTransaction;

    /// <summary>The session itself; what is sent over it directly comes before what is in the packet.</summary>
    public MySqlConnection Connection => connection;

    /// <summary>The packet.</summary>
    public SqlBuffer Sql { get; } = new(256 * 1024);

    /// <summary>Bytes from which on a packet is sent.</summary>
    public int PacketBytes { get; } = (int)Math.Min(1024 * 1024, maxAllowedPacket / 2);

    /// <summary>Bytes from which on a packet takes nothing else, not even what ends the transaction.</summary>
    public long CompanyBytes { get; } = maxAllowedPacket / 8 * 7;

    /// <summary>Writes the values.</summary>
    public ValueWriter Values { get; } = new();

    /// <summary>Time spent waiting for the target.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Opens a transaction if none is open; the statement travels with the packet that follows.</summary>
    public void Begin()
    {
        if (_inTransaction)
            return;
        Sql.Append("BEGIN;"u8);
        EndStatement(null, null);
        _inTransaction = true;
    }

    /// <summary>Notes that a statement in the packet ends here.</summary>
    /// <param name="mapping">The table it writes; null for one that writes no rows of the source.</param>
    /// <param name="expected">How many rows it should say it changed; null where that can't be known.</param>
    public void EndStatement(TableMapping? mapping, int? expected) => _statements.Add(new Statement(Sql.Length, mapping, expected));

    /// <summary>Sends what is in the packet.</summary>
    /// <param name="ct">Stops the wait; the session can't be used after that.</param>
    /// <exception cref="TiFerryException">The target refuses a statement for good.</exception>
    public async ValueTask SendAsync(CancellationToken ct)
    {
        if (Sql.Length == 0)
            return;
        if (Sql.Length >= maxAllowedPacket)
            throw TooLarge();
        var enumErrors = Values.EnumErrors;
        Values.EnumErrors = 0;
        var began = Stopwatch.GetTimestamp();
        if (enumErrors > 0)
            await connection.ExecuteAsync($"SET sql_mode = '{Session.WritingSqlMode(relaxed: true)}'", ct);
        var warnings = await RunAsync(ct);
        if (enumErrors > 0)
        {
            if (warnings > enumErrors)
                throw await ChangedAsync(ct);
            await connection.ExecuteAsync($"SET sql_mode = '{Session.WritingSqlMode(relaxed: false)}'", ct);
        }
        Sql.Clear();
        _statements.Clear();
        Waited += Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Ends the transaction with the packet and whatever it still holds.</summary>
    /// <param name="ct">Stops the wait.</param>
    public async ValueTask CommitAsync(CancellationToken ct)
    {
        if (_inTransaction)
        {
            Sql.Append("COMMIT;"u8);
            EndStatement(null, null);
        }
        await SendAsync(ct);
        _inTransaction = false;
    }

    /// <summary>Takes back the open transaction after a statement that failed, and empties the packet.</summary>
    /// <param name="ct">Stops the wait.</param>
    public async ValueTask RollbackAsync(CancellationToken ct)
    {
        Sql.Clear();
        _statements.Clear();
        Values.EnumErrors = 0;
        _inTransaction = false;
        await connection.ExecuteAsync($"ROLLBACK; SET sql_mode = '{Session.WritingSqlMode(relaxed: false)}'", ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Sql.Dispose();
        await connection.DisposeAsync();
    }

    // Runs the packet's statements and looks at what each says it changed; the answer is how many warnings there were.
    private async ValueTask<int> RunAsync(CancellationToken ct)
    {
        var index = 0;
        var warnings = 0;
        try
        {
            await using var results = await connection.QueryAsync(Sql, ct);
            do
            {
                var ok = results.Ok.GetValueOrDefault();
                warnings += ok.Warnings;
                // What stands behind the rows, the checkpoint and its company, is more than one statement.
                if (index < _statements.Count && _statements[index] is { Mapping: { } mapping, Expected: { } expected })
                    matches.Count(mapping, expected, (long)ok.AffectedRows);
                index++;
            }
            while (await results.NextResultAsync(ct));
            return warnings;
        }
        catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
        {
            throw Refused(_statements[Math.Min(index, _statements.Count - 1)], index == 0 ? 0 : _statements[Math.Min(index, _statements.Count - 1) - 1].End, error);
        }
    }

    private TiFerryException Refused(Statement statement, int start, MySqlServerException error)
    {
        var text = StatementText.ForMessage(Sql.WrittenSpan[start..statement.End], redacts);
        return new TiFerryException(SyncErrors.ApplyFailed, ErrorScope.Downstream,
            $"the target refuses a change{(statement.Mapping is { } mapping ? $" to table {mapping.Target.Table.Name}" : "")}: {text}",
            WayOut(error), redacts ? StatementText.Redact(error) : error);
    }

    private TiFerryException TooLarge() => new(SyncErrors.PacketTooLarge, ErrorScope.Downstream,
        $"a row of table {LastTable} makes a statement of {Sql.Length} bytes, and the target's max_allowed_packet is {maxAllowedPacket}",
        $"SET GLOBAL max_allowed_packet = {RoundedUp(Sql.Length)} on the target (1 GiB at most), then run the same command again");

    private TableName? LastTable => _statements.FindLast(s => s.Mapping is not null).Mapping?.Target.Table.Name;

    private async ValueTask<TiFerryException> ChangedAsync(CancellationToken ct)
    {
        var warnings = await connection.QueryRowsAsync("SHOW WARNINGS LIMIT 1", ct);
        return new TiFerryException(SyncErrors.ValueChanged, ErrorScope.Downstream,
            $"the target would not keep a value of table {LastTable} unchanged: {(warnings.Count > 0 ? warnings[0][2] : "no text")}",
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

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Statement(int End, TableMapping? Mapping, int? Expected);
}
