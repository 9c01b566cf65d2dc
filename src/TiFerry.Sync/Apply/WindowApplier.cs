using System.Globalization;
using TiFerry.Binlog.Events;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.MySql;
using TiFerry.Sync.Causality;
using TiFerry.Sync.Change;
using TiFerry.Sync.Route;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Brings windows to the target. With one worker a window and its checkpoint are one transaction; with several, each worker commits
/// its share and the checkpoint follows when all are through.
/// </summary>
internal sealed class WindowApplier : IAsyncDisposable
{
    /// <summary>Below this many rows a window is not worth the extra commits of several workers.</summary>
    private const int SplitRows = 256;

    private const int RowsPerStatement = 500;
    private const int LockWaitTimeoutCode = 1205;
    private const int DeadlockCode = 1213;
    private const int TiDbWriteConflictCode = 9007;

    private readonly SyncOptions _options;
    private readonly SyncProgress _progress;
    private readonly List<ApplySession> _sessions = [];
    private readonly ConflictGroups _groups = new();

    private WindowApplier(SyncOptions options, SyncProgress progress)
    {
        _options = options;
        _progress = progress;
    }

    private bool IsSingle => _sessions.Count == 1;

    private int RowsPerWrite => _options.MultipleRows ? RowsPerStatement : 1;

    /// <summary>Opens the sessions.</summary>
    /// <param name="options">How many and where.</param>
    /// <param name="inOrder">Whether every change is applied in order: then one session is enough.</param>
    /// <param name="maxAllowedPacket">The target's limit, in bytes.</param>
    /// <param name="progress">Told of rows that are not found, and of time.</param>
    /// <param name="log">The log.</param>
    /// <param name="ct">Stops the attempt.</param>
    public static async ValueTask<WindowApplier> OpenAsync(SyncOptions options, bool inOrder, long maxAllowedPacket, SyncProgress progress, Log log, CancellationToken ct)
    {
        var applier = new WindowApplier(options, progress);
        var matches = progress.Matches ??= new RowMatches(log);
        try
        {
            for (var slot = 0; slot < (inOrder ? 1 : options.Workers); slot++)
                applier._sessions.Add(new ApplySession(await options.Slots.OpenAsync(slot.ToString(CultureInfo.InvariantCulture), ct), maxAllowedPacket, matches, options.Redacts));
            return applier;
        }
        catch
        {
            await applier.DisposeAsync();
            throw;
        }
    }

    /// <summary>Applies a window.</summary>
    /// <param name="window">The changes.</param>
    /// <param name="end">What is true once they are applied.</param>
    /// <param name="safe">Whether nothing may be assumed of what the target holds.</param>
    /// <param name="ct">Stops the work; what is not committed is rolled back.</param>
    public async Task ApplyAsync(ChangeWindow window, WindowEnd end, bool safe, CancellationToken ct)
    {
        using var timing = _progress.Stages.Begin(SyncStage.Apply);
        try
        {
            await ApplyCoreAsync(window, end, safe, ct);
        }
        catch (TiFerryException error) when (error.Code == SyncErrors.ApplyFailed)
        {
            throw new TiFerryException(error.Code, error.Scope, $"{error.Summary}; it stands between {end.Start} and {end.Checkpoint.Position}{(end.Checkpoint.Gtid.Length > 0 ? $" (GTID {end.Checkpoint.Gtid})" : "")} of the source",
                error.Workaround, error.InnerException);
        }
    }

    /// <summary>Applies what the source's engine did to referencing rows, in the place of the order where it happened: all windows before are applied.</summary>
    /// <param name="cascades">The rules.</param>
    /// <param name="parent">The changed table.</param>
    /// <param name="rows">Updates or deletes of its rows.</param>
    /// <param name="orderedDone">Whether changes that are applied in order are ahead of this place.</param>
    /// <param name="safe">Whether the target may already hold what comes later.</param>
    /// <param name="ct">Stops the work.</param>
    public async ValueTask ApplyCascadesAsync(CascadeApplier cascades, TableMapping parent, RowsEvent rows, bool orderedDone, bool safe, CancellationToken ct)
    {
        var first = _sessions[0];
        first.Begin();
        await first.SendAsync(ct);
        await cascades.ApplyAsync(first, parent, rows, orderedDone, safe, ct);
        // Several workers must not meet the locks of these changes; one worker keeps them in the source's transaction.
        if (!IsSingle)
            await first.CommitAsync(ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
            await session.DisposeAsync();
        _sessions.Clear();
    }

    private async Task ApplyCoreAsync(ChangeWindow window, WindowEnd end, bool safe, CancellationToken ct)
    {
        var first = _sessions[0];
        if (!IsSingle && window.Keyed.Length >= SplitRows)
        {
            // Making statements costs as much as sending them, and the reader of the binlog is not to wait for either.
            await Task.Yield();
            _groups.Number(window);
            await ApplySharesAsync(window, safe, ct);
            first.Begin();
        }
        else
        {
            first.Begin();
            await WriteShareAsync(first, window, 0, 1, safe, int.MaxValue, ct);
        }
        await OrderedWriter.WriteAsync(first, window, ct);
        // One worker keeps a source transaction whole, however many windows it fills.
        if (!end.EndsTransaction && IsSingle)
        {
            await first.SendAsync(ct);
            return;
        }
        if (end.Settle is { } settle)
        {
            await first.SendAsync(ct);
            await settle(first, ct);
        }
        if (end.Remembered is { } remembered)
            first.Sql.Append(remembered);
        _options.Store.AppendWrite(first.Sql, end.Checkpoint);
        first.EndStatement(null, null);
        await first.CommitAsync(ct);
    }

    // Where workers deadlock, those that were rolled back come again one after the other.
    private async Task ApplySharesAsync(ChangeWindow window, bool safe, CancellationToken ct)
    {
        var shares = new Task[_sessions.Count];
        for (var share = 0; share < shares.Length; share++)
            shares[share] = ApplyShareAsync(window, share, safe, ct);
        await Task.WhenAll(shares).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Array.Find(shares, s => s.IsFaulted && !IsConflict(s)) is { } failed)
            await failed;
        for (var share = 0; share < shares.Length; share++)
        {
            if (!shares[share].IsFaulted)
                continue;
            _groups.KeepWhole(window);
            await _sessions[share].RollbackAsync(ct);
            // With batches, a part of the share may be on the target.
            await ApplyShareAsync(window, share, safe || _options.Batch > 0, ct);
        }
    }

    private static bool IsConflict(Task share) =>
        share.Exception!.InnerException is MySqlServerException { Code: DeadlockCode or LockWaitTimeoutCode or TiDbWriteConflictCode };

    private async Task ApplyShareAsync(ChangeWindow window, int share, bool safe, CancellationToken ct)
    {
        await Task.Yield();
        var session = _sessions[share];
        session.Begin();
        await WriteShareAsync(session, window, share, _sessions.Count, safe, _options.Batch > 0 ? _options.Batch : int.MaxValue, ct);
        await session.CommitAsync(ct);
    }

    // The rest stays in the packet, to travel with what ends the transaction.
    private async ValueTask WriteShareAsync(ApplySession session, ChangeWindow window, int share, int shares, bool safe, int batch, CancellationToken ct)
    {
        var writer = new StatementWriter(session, window, share, shares, safe, RowsPerWrite);
        var until = batch;
        while (writer.WritePacket(until))
        {
            if (writer.Rows < until)
            {
                await session.SendAsync(ct);
                continue;
            }
            await session.CommitAsync(ct);
            session.Begin();
            until = writer.Rows + batch;
        }
    }
}
