using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Dump.Consistency;

/// <summary>A lock against writes that a session of its own holds while the other sessions' snapshots begin.</summary>
internal sealed class ReadLock : IAsyncDisposable
{
    private const int LockWaitTimeout = 1205;
    private const int LockSeconds = 3;
    private readonly MySqlConnection _session;

    private ReadLock(MySqlConnection session) => _session = session;

    /// <summary>The session that holds the lock.</summary>
    public MySqlConnection Session => _session;

    /// <summary>Locks the whole server. Waits for commits under way, so that what is in the binlog can be seen.</summary>
    /// <exception cref="MySqlServerException">The account may not do that.</exception>
    /// <exception cref="TiFerryException">Others hold the lock up for too long.</exception>
    public static ValueTask<ReadLock> OfServerAsync(DumpOptions options, CancellationToken ct) =>
        AcquireAsync(options, "FLUSH TABLES WITH READ LOCK", ct);

    /// <summary>Locks tables. Waits for the transactions that changed them, so that all changes in the binlog can be seen.</summary>
    /// <exception cref="MySqlServerException">The account may not do that, or a table is gone.</exception>
    /// <exception cref="TiFerryException">Others hold a lock up for too long.</exception>
    public static ValueTask<ReadLock> OfTablesAsync(DumpOptions options, IReadOnlyCollection<TableName> tables, CancellationToken ct) =>
        AcquireAsync(options, $"LOCK TABLES {string.Join(", ", tables.Select(t => $"{t} READ"))}", ct);

    /// <summary>Whether an account is refused a statement.</summary>
    public static bool IsDenied(MySqlServerException error) => error.Code is 1044 or 1045 or 1142 or 1227;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    // A lock that is waited for holds up all writers behind it; so it gives way to long statements and is asked for again. Before MySQL 5.7
    // LOCK TABLES ... READ waits for open transactions only in the engine, and there only without autocommit (MySQL 5.6 manual, "innodb_table_locks").
    private static async ValueTask<ReadLock> AcquireAsync(DumpOptions options, string statement, CancellationToken ct)
    {
        var session = await MySql.Sessions.Session.OpenForReadingAsync(options.Source, ct);
        try
        {
            await session.ExecuteAsync($"SET SESSION autocommit = 0, innodb_table_locks = 1, innodb_lock_wait_timeout = {LockSeconds}, lock_wait_timeout = {LockSeconds}", ct);
            var giveUpAt = DateTimeOffset.UtcNow + options.LockPatience;
            while (true)
            {
                try
                {
                    await session.ExecuteAsync(statement, ct);
                    return new ReadLock(session);
                }
                catch (MySqlServerException error) when (error.Code == LockWaitTimeout)
                {
                    if (DateTimeOffset.UtcNow >= giveUpAt)
                        throw CannotLock("transactions or statements that never end hold the lock up", "end them, or dump with --consistency none", error);
                    await Task.Delay(TimeSpan.FromSeconds(LockSeconds), ct);
                }
            }
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>The error of a lock that could not be had.</summary>
    public static TiFerryException CannotLock(string why, string wayOut, Exception? cause) =>
        new(DumpErrors.CannotLock, ErrorScope.Upstream, $"the lock that a consistent dump begins with could not be had: {why}", wayOut, cause);
}
