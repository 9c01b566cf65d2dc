using System.Collections.Concurrent;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dump.Consistency;
using TiFerry.Dump.Definitions;
using TiFerry.Dump.Layout;
using TiFerry.Dump.Rows;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Dump;

/// <summary>
/// A consistent export of tables into SQL files of Dumpling's layout. It can't be resumed: an unfinished dump in the folder gives way to the next one. One object is
/// one run.
/// </summary>
public sealed class DumpTask
{
    private const int UnknownDatabase = 1049;
    private const int NoSuchTable = 1146;
    private readonly DumpOptions _options;
    private readonly Log _log;

    /// <summary>Prepares a dump.</summary>
    /// <param name="options">What, where to and how.</param>
    /// <param name="log">Told of the stages and of what is left out.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadOption"/>: a number makes no sense.</exception>
    public DumpTask(DumpOptions options, Log log)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(log);
        Require(options.Threads >= 1, "threads", options.Threads, "at least 1");
        Require(options.Rows >= 0, "rows", options.Rows, "not negative");
        Require(options.FileBytes >= 0, "chunk-filesize", options.FileBytes, "not negative");
        Require(options.StatementBytes >= 0, "statement-size", options.StatementBytes, "not negative");
        _options = options;
        _log = log;
    }

    /// <summary>How far it is.</summary>
    public DumpProgress Progress { get; } = new();

    /// <summary>Dumps.</summary>
    /// <param name="ct">Stops the dump; the folder then holds an unfinished one.</param>
    /// <returns>What the file <c>metadata</c> says: among others the position from which the binlog goes on.</returns>
    /// <exception cref="TiFerryException">The folder can't be used, the lock can't be had, a table can't be read, the disk is full.</exception>
    /// <exception cref="MySqlServerException">The source refuses the login or a statement.</exception>
    /// <exception cref="MySqlConnectionLostException">The source can't be reached any more.</exception>
    public async Task<DumpMetadata> RunAsync(CancellationToken ct)
    {
        using var directory = DumpDirectory.Open(_options.Directory, _options.Mark, _options.Overwrite);
        await using var sessions = await DumpSessions.OpenAsync(_options, ct);
        var metadata = new DumpMetadata { Started = DateTime.UtcNow, ServerVersion = sessions.First.Server.VersionString, Mark = _options.Mark };
        var start = await BeginAsync(sessions, metadata, ct);
        await using (start.Lock)
        {
            if (_options.RequiresSpace)
                directory.RequireSpace(start.Tables.Sum(t => t.Table.EstimatedBytes));
            Progress.Begin(start.Tables.Count, start.Tables.Sum(t => t.Table.EstimatedRows));
            await DumpDefinitionsAsync(sessions, directory, start, ct);
            // Engines without snapshots are read while nobody can write.
            await DumpRowsAsync(sessions, directory, [.. start.Tables.Where(t => !t.Table.IsTransactional)], ct);
            await RequireHeldAsync(start.Lock, ct);
        }
        await DumpRowsAsync(sessions, directory, [.. start.Tables.Where(t => t.Table.IsTransactional)], ct);
        metadata = start.Metadata with { Finished = DateTime.UtcNow };
        directory.Finish(metadata);
        _log.Info("dump finished", ("directory", directory.FullPath), ("tables", Progress.TotalTables), ("rows", Progress.Rows), ("bytes", Progress.Bytes), ("position", metadata.Position));
        return metadata;
    }

    // The moment that all sessions see: its position, the tables as they were, and the lock, if there is one.
    private sealed record Start(DumpMetadata Metadata, SourceObjects Objects, IReadOnlyList<DumpedTable> Tables, ReadLock? Lock);

    private async ValueTask<Start> BeginAsync(DumpSessions sessions, DumpMetadata metadata, CancellationToken ct)
    {
        if (_options.Consistency == DumpConsistency.None)
            return await BeginWithoutLockAsync(sessions, metadata, ct);
        var (readLock, status, objects) = await LockAsync(sessions, ct);
        try
        {
            _log.Info("writes are held up until the dump's snapshots have begun", ("position", status?.Position));
            var tables = await DescribeAsync(sessions, objects, ct);
            await sessions.BeginSnapshotsAsync(ct);
            await RequireHeldAsync(readLock, ct);
            metadata = metadata with { Position = status?.Position, Gtid = status?.Gtid ?? "" };
            if (tables.All(t => t.Table.IsTransactional) && readLock is not null)
            {
                await readLock.DisposeAsync();
                readLock = null;
            }
            return new Start(metadata, objects, tables, readLock);
        }
        catch
        {
            if (readLock is not null)
                await readLock.DisposeAsync();
            throw;
        }
    }

    // A session that was killed has let others write.
    private static ValueTask RequireHeldAsync(ReadLock? readLock, CancellationToken ct) => readLock?.Session.PingAsync(ct) ?? ValueTask.CompletedTask;

    private async ValueTask<Start> BeginWithoutLockAsync(DumpSessions sessions, DumpMetadata metadata, CancellationToken ct)
    {
        var before = await StatusAsync(sessions.First, ct);
        await sessions.BeginSnapshotsAsync(ct);
        // On MariaDB a snapshot tells its position; the end of the binlog may be ahead of what can be seen.
        if (before is not null && sessions.First.Server.Flavour == ServerFlavour.MariaDb && await BinlogStatus.OfSnapshotAsync(sessions.First, ct) is { } seen && seen.Position < before.Value.Position)
            before = seen;
        var objects = await SourceObjects.ListAsync(sessions.First, _options, _log, ct);
        var tables = await DescribeAsync(sessions, objects, ct);
        var after = await StatusAsync(sessions.First, ct);
        metadata = metadata with { Position = before?.Position, Gtid = before?.Gtid ?? "", SafeModeExit = after?.Position, SafeModeExitGtid = after?.Gtid ?? "" };
        return new Start(metadata, objects, tables, null);
    }

    private sealed record Locked(ReadLock? Lock, BinlogStatus? Status, SourceObjects Objects);

    private async ValueTask<Locked> LockAsync(DumpSessions sessions, CancellationToken ct)
    {
        if (_options.Consistency == DumpConsistency.Lock || await LockServerAsync(ct) is not { } serverLock)
            return await LockTablesAsync(sessions, ct);
        try
        {
            var status = await StatusAsync(serverLock.Session, ct);
            return new Locked(serverLock, status, await SourceObjects.ListAsync(sessions.First, _options, _log, ct));
        }
        catch
        {
            await serverLock.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<ReadLock?> LockServerAsync(CancellationToken ct)
    {
        try
        {
            return await ReadLock.OfServerAsync(_options, ct);
        }
        catch (MySqlServerException error) when (ReadLock.IsDenied(error) && _options.Consistency == DumpConsistency.Auto)
        {
            _log.Warn("the account may not run FLUSH TABLES WITH READ LOCK; the dump locks its tables instead", ("reason", error.ServerMessage));
            return null;
        }
        catch (MySqlServerException error) when (ReadLock.IsDenied(error))
        {
            throw ReadLock.CannotLock("the account may not run FLUSH TABLES WITH READ LOCK", "grant RELOAD, or dump with --consistency lock or none", error);
        }
    }

    // A table that comes before the position is read must be locked like the others, so the list is made once more after that.
    private async ValueTask<Locked> LockTablesAsync(DumpSessions sessions, CancellationToken ct)
    {
        while (true)
        {
            var objects = await SourceObjects.ListAsync(sessions.First, _options, Log.None, ct);
            var tables = objects.Tables.Select(t => t.Name).ToHashSet();
            ReadLock? readLock = null;
            try
            {
                if (tables.Count > 0)
                    readLock = await ReadLock.OfTablesAsync(_options, tables, ct);
                var status = await StatusAsync(sessions.First, ct);
                objects = await SourceObjects.ListAsync(sessions.First, _options, _log, ct);
                if (tables.SetEquals(objects.Tables.Select(t => t.Name)))
                    return new Locked(readLock, status, objects);
            }
            catch (MySqlServerException error) when (ReadLock.IsDenied(error))
            {
                throw ReadLock.CannotLock("the account may neither lock the server nor the tables", "grant RELOAD, or LOCK TABLES and SELECT, or dump with --consistency none", error);
            }
            catch (MySqlServerException error) when (error.Code is NoSuchTable or UnknownDatabase)
            {
                _log.Info("a table went away while it was to be locked", ("reason", error.ServerMessage));
            }
            catch when (readLock is not null)
            {
                await readLock.DisposeAsync();
                throw;
            }
            if (readLock is not null)
                await readLock.DisposeAsync();
        }
    }

    private async ValueTask<BinlogStatus?> StatusAsync(MySqlConnection session, CancellationToken ct)
    {
        try
        {
            return await BinlogStatus.ReadAsync(session, ct);
        }
        catch (MySqlServerException error) when (ReadLock.IsDenied(error))
        {
            _log.Warn("the account may not ask for the binlog's position, so the dump does not tell one; grant REPLICATION CLIENT if changes are to follow it", ("reason", error.ServerMessage));
            return null;
        }
    }

    // In the moment of the snapshots, so that definitions and rows fit.
    private static async ValueTask<IReadOnlyList<DumpedTable>> DescribeAsync(DumpSessions sessions, SourceObjects objects, CancellationToken ct)
    {
        var tables = new ConcurrentBag<DumpedTable>();
        await sessions.RunAsync(objects.Tables, async (session, table, stop) =>
        {
            var rows = await session.QueryRowsAsync($"SHOW CREATE TABLE {table.Name}", stop);
            tables.Add(new DumpedTable(table, rows[0][1]!));
        }, ct);
        return [.. tables.OrderByDescending(t => t.Table.EstimatedBytes).ThenBy(t => t.Table.Name)];
    }

    private static async Task DumpDefinitionsAsync(DumpSessions sessions, DumpDirectory directory, Start start, CancellationToken ct)
    {
        var dumper = new DefinitionDumper(directory);
        await sessions.RunAsync(start.Objects.Schemas, (session, schema, stop) => dumper.DumpSchemaAsync(session, schema, stop), ct);
        await sessions.RunAsync(start.Tables, (_, table, stop) => dumper.DumpTableAsync(table, stop), ct);
        await sessions.RunAsync(start.Objects.Views, dumper.DumpViewAsync, ct);
    }

    private async Task DumpRowsAsync(DumpSessions sessions, DumpDirectory directory, IReadOnlyList<DumpedTable> tables, CancellationToken ct)
    {
        var ranges = new ConcurrentDictionary<DumpedTable, IReadOnlyList<RowRange>>();
        await sessions.RunAsync(tables, async (session, table, stop) => ranges[table] = await CutAsync(session, table, stop), ct);
        var dumpers = new ConcurrentDictionary<MySqlConnection, RangeDumper>();
        try
        {
            await sessions.RunAsync(tables.SelectMany(t => ranges[t]), async (session, range, stop) =>
            {
                await dumpers.GetOrAdd(session, _ => new RangeDumper(_options, directory, Progress)).DumpAsync(session, range, stop);
                if (range.Table.FinishRange())
                    Progress.FinishTable();
            }, ct);
        }
        finally
        {
            foreach (var dumper in dumpers.Values)
                dumper.Dispose();
        }
    }

    private async ValueTask<IReadOnlyList<RowRange>> CutAsync(MySqlConnection session, DumpedTable dumped, CancellationToken ct)
    {
        var table = dumped.Table;
        if (_options.Rows == 0 || table.RowKey is not { } key)
            return [new RowRange(dumped, 0, "")];
        var bounds = await KeyBounds.FindAsync(session, table, key, table.EstimatedRows, _options.Rows, ct);
        Column[] columns = [.. key.Columns.Select(o => table.Columns[o])];
        var ranges = new List<RowRange>(bounds.Count + 1);
        for (var i = 0; i <= bounds.Count; i++)
        {
            var from = i == 0 ? "" : $"({KeyRange.From(columns, bounds[i - 1])})";
            var to = i == bounds.Count ? "" : $"({KeyRange.Before(columns, bounds[i])})";
            ranges.Add(new RowRange(dumped, i, string.Join(" AND ", new[] { from, to }.Where(c => c.Length > 0))));
        }
        dumped.CutInto(ranges.Count);
        return ranges;
    }

    private static void Require(bool isRight, string option, long value, string rule)
    {
        if (!isRight)
            throw new TiFerryException(ConfigErrors.BadOption, ErrorScope.Internal, $"{option} is {value}, and has to be {rule}", $"correct {option}");
    }
}
