using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Import.Checkpoint;
using TiFerry.Import.Source;
using TiFerry.Import.Sql;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;

namespace TiFerry.Import.Rows;

/// <summary>Loads files over one session: some statements of a file and the checkpoint that speaks of them are one transaction.</summary>
/// <param name="options">How to load.</param>
/// <param name="rows">The session.</param>
/// <param name="checkpoint">How far files are.</param>
/// <param name="defaultCharset">The character set of the files whatever they say; null to follow them.</param>
/// <param name="progress">Told of what is committed.</param>
/// <param name="log">Told of transactions that are repeated.</param>
internal sealed class FileLoader(LoadOptions options, RowSender rows, LoadCheckpoint checkpoint, string? defaultCharset, LoadProgress progress, Log log)
{
    private const int TransactionBytes = 4 * 1024 * 1024;
    private const int LockWaitTimeout = 1205;
    private const int Deadlock = 1213;
    private const int Duplicate = 1062;
    private const int Attempts = 10;
    private string _settings = "";

    /// <summary>Loads what is left of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="table">Where its rows go.</param>
    /// <param name="done">The bytes that are on the target.</param>
    /// <param name="ct">Stops the work; the session can't be used after that.</param>
    /// <exception cref="TiFerryException">The file makes no sense, or the target refuses its rows.</exception>
    /// <exception cref="MySqlServerException">The target can't work now.</exception>
    public async ValueTask LoadAsync(DataFile file, LoadTarget table, long done, CancellationToken ct)
    {
        if (done == 0 && !table.CanRepeat(options.OnDuplicate))
            await MoveAsync(file, 0, LoadCheckpoint.Begun, ct);
        var attempt = 1;
        while (true)
        {
            using var reader = await DataFileReader.OpenAsync(file, done, ct);
            try
            {
                await UseSettingsAsync(reader, ct);
                while (await LoadTransactionAsync(file, table, reader, done, ct) is { } next)
                {
                    progress.Add(file.Table, next - done);
                    done = next;
                    attempt = 1;
                    if (done == file.Length)
                        return;
                }
                return;
            }
            // Sessions that write the same table meet in its indexes; the one that gave way goes on from its last transaction.
            catch (MySqlServerException error) when (error.Code is Deadlock or LockWaitTimeout && attempt < Attempts)
            {
                attempt++;
                log.Info("a transaction of the load is repeated", ("file", file.Name), ("offset", done), ("reason", error.ServerMessage));
                await rows.RollBackAsync(ct);
            }
            catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
            {
                throw Refused(file, table, reader, error);
            }
        }
    }

    // The file's new offset; null where nothing was left.
    private async ValueTask<long?> LoadTransactionAsync(DataFile file, LoadTarget table, DataFileReader reader, long from, CancellationToken ct)
    {
        var isOpen = false;
        var hasMore = true;
        while (reader.Offset - from < TransactionBytes && (hasMore = await reader.NextStatementAsync(ct)))
        {
            if (reader.Head.Table != file.Table.Name || (reader.Head.Schema ?? file.Table.Schema) != file.Table.Schema)
                throw reader.Bad(reader.StatementOffset, $"the statement is about table {reader.Head.Table}");
            if (!isOpen)
                await rows.Target.ExecuteAsync("BEGIN", ct);
            isOpen = true;
            rows.Begin(table, table.ColumnsOf(reader.Head));
            while (await reader.NextRowAsync(ct))
            {
                if (rows.Add(reader.Row))
                    await rows.SendAsync(ct);
            }
            await rows.SendAsync(ct);
        }
        // What stands behind the last statement is blank.
        var to = hasMore ? reader.Offset : file.Length;
        if (to == from)
            return null;
        if (!isOpen)
            await rows.Target.ExecuteAsync("BEGIN", ct);
        await rows.WaitAsync(ct);
        await MoveAsync(file, from == 0 && !table.CanRepeat(options.OnDuplicate) ? LoadCheckpoint.Begun : from, to, ct);
        await rows.Target.ExecuteAsync("COMMIT", ct);
        return to;
    }

    private async ValueTask MoveAsync(DataFile file, long from, long to, CancellationToken ct)
    {
        if (!await checkpoint.TryMoveAsync(rows.Target, file, from, to, ct))
        {
            throw new TiFerryException(LoadErrors.CheckpointMismatch, ErrorScope.Downstream, $"the checkpoint of {file.FullPath} was moved by another process",
                "stop the other process that loads for this task");
        }
    }

    private async ValueTask UseSettingsAsync(DataFileReader reader, CancellationToken ct)
    {
        var charset = options.CharacterSet ?? defaultCharset ?? reader.Settings.CharacterSet ?? "binary";
        // The scanner needs ASCII bytes to be ASCII characters.
        if (charset.ToLowerInvariant() is not ("binary" or "utf8mb4" or "utf8mb3" or "utf8" or "latin1" or "ascii"))
            throw reader.Bad(0, $"files in character set {charset} can't be loaded");
        var zone = reader.Settings.TimeZone ?? options.TimeZone;
        var settings = $"SET NAMES {charset}, time_zone = {SqlText.Literal(zone)}";
        if (settings == _settings)
            return;
        await rows.Target.ExecuteAsync(settings, ct);
        _settings = settings;
    }

    private static TiFerryException Refused(DataFile file, LoadTarget table, DataFileReader reader, MySqlServerException error) => new(LoadErrors.WriteFailed, ErrorScope.Downstream,
        $"{file.FullPath}, statement from line {reader.LineAt(reader.StatementOffset)} on: the target refuses rows for table {table.Table.Name}",
        error.Code == Duplicate ? "empty the table, or choose another on-duplicate" : "compare the table's definition on the target with the dump's", error);
}
