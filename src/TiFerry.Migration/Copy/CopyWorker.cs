using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Retry;
using TiFerry.Migration.Meta;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Source;

namespace TiFerry.Migration.Copy;

/// <summary>Takes chunks from the queue and copies them over sessions of its own; after a fault it opens new ones and goes on from what is committed.</summary>
internal sealed class CopyWorker(FullCopyOptions options, ChunkQueue queue, SemaphoreSlim changed, DdlWatch? watch, Log log)
{
    private const int DuplicateKey = 1062;

    /// <summary>Works until the token ends it.</summary>
    /// <param name="slot">The worker's writing slot.</param>
    /// <param name="stop">Ends the work.</param>
    /// <exception cref="TiFerryException">Something needs a person to act.</exception>
    public async Task RunAsync(int slot, CancellationToken stop)
    {
        CopySessions? sessions = null;
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
        var giveUpAt = DateTimeOffset.MaxValue;
        try
        {
            while (true)
            {
                if (queue.Take() is not { } item)
                {
                    await changed.WaitAsync(TimeSpan.FromMilliseconds(100), stop);
                    continue;
                }
                var (table, chunk) = item;
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, table.Obsolete.Token);
                try
                {
                    sessions ??= await CopySessions.OpenAsync(options, slot, stop);
                    await CopyAsync(sessions, table, chunk, either.Token);
                    while (queue.Finish(table))
                        await AddIndexesAsync(sessions, table, either.Token);
                    changed.Release();
                    giveUpAt = DateTimeOffset.MaxValue;
                    backoff.Reset();
                }
                catch (OperationCanceledException) when (table.Obsolete.IsCancellationRequested && !stop.IsCancellationRequested)
                {
                    sessions = await CloseAsync(sessions);
                    queue.Abandon(table);
                    changed.Release();
                }
                catch (Exception error) when (CanGoOn(error, table, sessions))
                {
                    sessions = await CloseAsync(sessions);
                    giveUpAt = giveUpAt == DateTimeOffset.MaxValue ? DateTimeOffset.UtcNow + options.Patience : giveUpAt;
                    if (DateTimeOffset.UtcNow > giveUpAt)
                        throw;
                    if (error is MySqlServerException { Code: DuplicateKey })
                        table.Displaces = true;
                    else
                        log.Warn("copying interrupted, going on from what is committed", ("table", table.Name), ("chunk", chunk.Number), ("error", error.Message));
                    await Task.Delay(backoff.Next(), stop);
                    await ReturnAsync(table, chunk, slot, stop);
                }
            }
        }
        finally
        {
            await CloseAsync(sessions);
        }
    }

    private async ValueTask CopyAsync(CopySessions sessions, CopyTable table, CopyChunk chunk, CancellationToken ct)
    {
        if (table.Displaces)
            await LookForOthersAsync(table, ct);
        try
        {
            if (table.Plan.Key.Length > 0)
                await new ChunkCopier(sessions.Source, sessions.Rows, options.Meta, options.ChunkRows).CopyAsync(table, chunk, ct);
            else
                await CopyKeylessAsync(sessions, table, ct);
        }
        catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
        {
            if (error.Code == DuplicateKey)
                await LookForOthersAsync(table, ct);
            if (MayDisplace(error, table, sessions))
                throw;
            await WaitForChangeAsync(table, ct);
            if (error.Code == DuplicateKey && table.IsShared)
            {
                throw new TiFerryException(SyncErrors.ApplyFailed, ErrorScope.NotSet,
                    $"a row of table {table.Name} has the same key as another row that goes to {table.Plan.Target.Name}, where several tables are merged",
                    "let the routes extract columns that tell the tables apart (extract-table, extract-schema) into columns of every unique key of the target's table, or make the keys differ on the source; then empty the target's table and give the migration a new --task", error);
            }
            throw new TiFerryException(SyncErrors.ApplyFailed, ErrorScope.NotSet,
                $"copying table {table.Name} failed", "remove the cause, then run the same command again: it goes on where it stopped", error);
        }
    }

    // Another source may have begun to write to the table after this one; its rows must not give way.
    private async ValueTask LookForOthersAsync(CopyTable table, CancellationToken ct)
    {
        if (table.IsStrict)
            return;
        await using var target = await Session.OpenForReadingAsync(options.Slots.Options, ct);
        if ((await options.Shared.OthersAsync(target, table.Part, ct)).Count > 0)
            table.IsShared = table.IsStrict = true;
    }

    private async ValueTask AddIndexesAsync(CopySessions sessions, CopyTable table, CancellationToken ct)
    {
        log.Info("adding indexes", ("table", table.Name), ("indexes", table.MissingIndexes.Count));
        try
        {
            await sessions.Rows.Target.ExecuteAsync($"ALTER TABLE {table.Plan.Target.Name} ADD {string.Join(", ADD ", table.MissingIndexes)}", ct);
            table.MissingIndexes = [];
        }
        catch (MySqlServerException error) when (!TransientErrors.IsTransient(error))
        {
            await WaitForChangeAsync(table, ct);
            throw new TiFerryException(SyncErrors.ApplyFailed, ErrorScope.Downstream,
                $"adding indexes to table {table.Name} failed", "remove the cause, then run the same command again: the rows are there, the indexes are tried again", error);
        }
    }

    private async ValueTask CopyKeylessAsync(CopySessions sessions, CopyTable table, CancellationToken ct)
    {
        await options.Shared.ClearAsync(
            sessions.Rows.Target, table.Part, $"table {table.Name} has no key to copy it by in parts, so it is copied as a whole", () => new PartCleaner(sessions.Rows.Target).EmptyAsync(table.Part, ct), ct);
        table.StartAgain();
        var copiedAt = await CopyPoint.BeginSnapshotAsync(sessions.Source, table.Name, table.Plan.Source.IsTransactional, ct);
        var definition = (await sessions.Source.QueryRowsAsync($"SHOW CREATE TABLE {table.Name}", ct))[0][1];
        if (!DefinitionCopier.DefineTheSame(definition, table.Definition))
            await WaitForChangeAsync(table, ct);
        await KeylessCopier.CopyAsync(sessions.Source, sessions.Rows, options.Meta, table, copiedAt, ct);
        await CopyPoint.EndSnapshotAsync(sessions.Source, ct);
    }

    // Where a schema change explains the failure, the coordinator has the notice of it and ends the work on the table.
    private async ValueTask WaitForChangeAsync(CopyTable table, CancellationToken ct)
    {
        if (watch is null)
            return;
        await using var source = await Session.OpenForReadingAsync(options.Source, ct);
        await watch.WaitUntilAsync((await SourcePosition.ReadAsync(source, ct)).Position, ct);
        if (table.Record.CopiedAt is { } copiedAt && watch.IsChangedAfter(table.Name, copiedAt))
            await Task.Delay(Timeout.Infinite, ct);
    }

    // What the fault left behind on the target decides where the chunk goes on.
    private async ValueTask ReturnAsync(CopyTable table, CopyChunk chunk, int slot, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                if (table.Plan.Key.Length > 0)
                {
                    await using var target = await options.Slots.OpenAsync(slot.ToString(), ct);
                    chunk = await options.Meta.ReadChunkAsync(target, table.Name, chunk.Number, ct);
                    table.MissingIndexes = await DefinitionCopier.MissingIndexesAsync(target, table.Plan.Target.Name, table.Record.DeferredIndexes, ct);
                }
                break;
            }
            catch (Exception error) when (TransientErrors.IsTransient(error))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }
        }
        if (table.Obsolete.IsCancellationRequested)
            queue.Abandon(table);
        else
            queue.Return(table, chunk);
        changed.Release();
    }

    private static bool CanGoOn(Exception error, CopyTable table, CopySessions? sessions) =>
        TransientErrors.IsTransient(error) || error is MySqlServerException server && MayDisplace(server, table, sessions);

    // Another worker may have met a duplicate first: what counts is how this one wrote.
    private static bool MayDisplace(MySqlServerException error, CopyTable table, CopySessions? sessions) =>
        error.Code == DuplicateKey && sessions is { Rows.Replaces: false } && !table.IsStrict && table.Plan.Key.Length > 0;

    private static async ValueTask<CopySessions?> CloseAsync(CopySessions? sessions)
    {
        if (sessions is not null)
            await sessions.DisposeAsync();
        return null;
    }
}
