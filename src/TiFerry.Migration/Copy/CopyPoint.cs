using System.Globalization;
using TiFerry.Binlog;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Source;

namespace TiFerry.Migration.Copy;

/// <summary>
/// Finds a position in the source's binlog such that every later read of a table sees all changes before it. The end of the binlog
/// is not that: a transaction is logged a moment before it can be seen.
/// </summary>
internal static class CopyPoint
{
    private const int UnknownDatabase = 1049;
    private const int NoSuchTable = 1146;
    private const int LockWaitTimeout = 1205;
    private const int LockSeconds = 3;

    /// <summary>Reads such a position.</summary>
    /// <param name="source">A session on the source.</param>
    /// <param name="table">The table.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <remarks>
    /// MariaDB tells the position of a consistent snapshot (knowledge base, "START TRANSACTION", binlog_snapshot_position). MySQL does not; there a
    /// read lock on the one table, held for two statements, waits for the transactions that changed it. A table that is gone has been gone
    /// at the position that is returned.
    /// </remarks>
    public static async ValueTask<BinlogPosition> ReadAsync(MySqlConnection source, TableName table, CancellationToken ct)
    {
        if (source.Server.Flavour == ServerFlavour.MariaDb)
        {
            var position = await BeginSnapshotAsync(source, ct);
            await source.ExecuteAsync("COMMIT", ct);
            return position;
        }
        var before = (await SourcePosition.ReadAsync(source, ct)).Position;
        try
        {
            await LockAsync(source, table, ct);
        }
        // It was dropped; should it come back, that is behind this position.
        catch (MySqlServerException error) when (error.Code is NoSuchTable or UnknownDatabase)
        {
            return before;
        }
        try
        {
            return (await SourcePosition.ReadAsync(source, ct)).Position;
        }
        finally
        {
            await UnlockAsync(source, CancellationToken.None);
        }
    }

    /// <summary>Opens a snapshot of one table whose position is exact: all changes before it are in it, none after.</summary>
    /// <param name="source">The session that gets the snapshot.</param>
    /// <param name="table">The table.</param>
    /// <param name="isTransactional">Whether the table's engine has snapshots; if not, the table stays locked against writes until <see cref="EndSnapshotAsync"/>.</param>
    /// <param name="ct">Stops the attempt.</param>
    /// <returns>The position; null where the source writes no binlog.</returns>
    public static async ValueTask<BinlogPosition?> BeginSnapshotAsync(
        MySqlConnection source, TableName table, bool isTransactional, CancellationToken ct)
    {
        var hasBinlog = string.Equals(await source.QueryScalarAsync("SELECT @@log_bin", ct), "1", StringComparison.Ordinal);
        if (!isTransactional)
        {
            await LockAsync(source, table, ct);
            return hasBinlog ? (await SourcePosition.ReadAsync(source, ct)).Position : null;
        }
        if (!hasBinlog)
        {
            await source.ExecuteAsync("START TRANSACTION WITH CONSISTENT SNAPSHOT", ct);
            return null;
        }
        if (source.Server.Flavour == ServerFlavour.MariaDb)
            return await BeginSnapshotAsync(source, ct);
        // START TRANSACTION would release the session's own lock, so another session holds it until the snapshot stands.
        await using var locker = await Session.OpenForReadingAsync(source.Options, ct);
        await LockAsync(locker, table, ct);
        var position = (await SourcePosition.ReadAsync(locker, ct)).Position;
        await source.ExecuteAsync("START TRANSACTION WITH CONSISTENT SNAPSHOT", ct);
        await UnlockAsync(locker, ct);
        return position;
    }

    /// <summary>Ends what <see cref="BeginSnapshotAsync(MySqlConnection, TableName, bool, CancellationToken)"/> began.</summary>
    public static async ValueTask EndSnapshotAsync(MySqlConnection source, CancellationToken ct)
    {
        await source.ExecuteAsync("COMMIT", ct);
        await UnlockAsync(source, ct);
    }

    // A lock that is waited for holds up all writers behind it; so it gives way to long transactions and is asked for again. Before MySQL 5.7
    // LOCK TABLES ... READ waits for open transactions only in the engine, and there only without autocommit (MySQL 5.6 manual, "innodb_table_locks").
    private static async ValueTask LockAsync(MySqlConnection source, TableName table, CancellationToken ct)
    {
        var giveUpAt = DateTimeOffset.UtcNow + MigrationTask.Patience;
        await source.ExecuteAsync($"SET SESSION autocommit = 0, innodb_table_locks = 1, innodb_lock_wait_timeout = {LockSeconds}, lock_wait_timeout = {LockSeconds}", ct);
        while (true)
        {
            try
            {
                await source.ExecuteAsync($"LOCK TABLES {table} READ", ct);
                break;
            }
            catch (MySqlServerException error) when (error.Code == LockWaitTimeout && DateTimeOffset.UtcNow < giveUpAt)
            {
                await Task.Delay(TimeSpan.FromSeconds(LockSeconds), ct);
            }
            // The session goes on being used where the table is gone.
            catch (MySqlServerException)
            {
                await UnlockAsync(source, ct);
                throw;
            }
        }
    }

    private static async ValueTask UnlockAsync(MySqlConnection source, CancellationToken ct)
    {
        await source.ExecuteAsync("UNLOCK TABLES", ct);
        await source.ExecuteAsync("SET SESSION autocommit = 1, innodb_lock_wait_timeout = DEFAULT, lock_wait_timeout = DEFAULT", ct);
    }

    private static async ValueTask<BinlogPosition> BeginSnapshotAsync(MySqlConnection source, CancellationToken ct)
    {
        await source.ExecuteAsync("START TRANSACTION WITH CONSISTENT SNAPSHOT", ct);
        var rows = await source.QueryRowsAsync("SHOW STATUS LIKE 'binlog_snapshot_%'", ct);
        var file = rows.First(r => r[0]!.EndsWith("file", StringComparison.OrdinalIgnoreCase))[1]!;
        var position = rows.First(r => r[0]!.EndsWith("position", StringComparison.OrdinalIgnoreCase))[1]!;
        return new BinlogPosition(file, ulong.Parse(position, CultureInfo.InvariantCulture));
    }
}
