using TiFerry.Binlog.Events;
using TiFerry.Sync.Change;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Target;

namespace TiFerry.Sync.Apply;

/// <summary>
/// Brings windows to the target. With one worker a window and its checkpoint are one transaction; with several, each worker commits
/// its share and the checkpoint follows when all are through.
/// </summary>
internal sealed class WindowApplier : IAsyncDisposable
{
    /// <summary>Below this many rows a window is not worth the extra commits of several workers.</summary>
    private const int SplitRows = 256;

    private readonly TargetSlots _slots;
    private readonly CheckpointStore _store;
    private readonly List<ApplySession> _sessions = [];

    private WindowApplier(TargetSlots slots, CheckpointStore store)
    {
        _slots = slots;
        _store = store;
    }

    /// <summary>Updates and deletes of tables without a key that found no row.</summary>
    public long UnmatchedRows { get; private set; }

    /// <summary>Opens the sessions.</summary>
    /// <param name="slots">Where the sessions come from.</param>
    /// <param name="store">The checkpoint's table.</param>
    /// <param name="workers">How many sessions write at once.</param>
    /// <param name="maxAllowedPacket">The target's limit, in bytes.</param>
    /// <param name="ct">Stops the attempt.</param>
    public static async ValueTask<WindowApplier> OpenAsync(TargetSlots slots, CheckpointStore store, int workers, long maxAllowedPacket, CancellationToken ct)
    {
        var applier = new WindowApplier(slots, store);
        try
        {
            for (var slot = 0; slot < workers; slot++)
                applier._sessions.Add(new ApplySession(await slots.OpenAsync(slot.ToString(), ct), maxAllowedPacket));
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
    /// <param name="checkpoint">What is true once they are applied.</param>
    /// <param name="endsTransaction">Whether the window ends where a source transaction ends.</param>
    /// <param name="safe">Whether nothing may be assumed of what the target holds.</param>
    /// <param name="ct">Stops the work; what is not committed is rolled back.</param>
    public async Task ApplyAsync(ChangeWindow window, SyncCheckpoint checkpoint, bool endsTransaction, bool safe, CancellationToken ct)
    {
        var first = _sessions[0];
        TargetTable? last = null;
        if (_sessions.Count > 1 && window.Keyed.Length >= SplitRows)
        {
            var shares = new Task[_sessions.Count];
            for (var worker = 0; worker < shares.Length; worker++)
                shares[worker] = ApplyShareAsync(window, worker, safe, ct);
            await Task.WhenAll(shares);
            first.Begin();
        }
        else
        {
            first.Begin();
            last = await WriteShareAsync(first, window, 0, 1, safe, ct);
        }
        UnmatchedRows += await KeylessWriter.WriteAsync(first, window, ct);
        // One worker keeps a source transaction whole, however many windows it fills.
        if (!endsTransaction && _sessions.Count == 1)
        {
            await first.SendAsync(last, ct);
            return;
        }
        _store.AppendWrite(first.Sql, checkpoint);
        await first.CommitAsync(last, ct);
    }

    /// <summary>Applies what the source's engine did to referencing rows, in the place of the order where it happened: all windows before are applied.</summary>
    /// <param name="cascades">The rules.</param>
    /// <param name="parent">The changed table.</param>
    /// <param name="rows">Updates or deletes of its rows.</param>
    /// <param name="keylessDone">Whether tables without a key are ahead of this place.</param>
    /// <param name="safe">Whether the target may already hold what comes later.</param>
    /// <param name="ct">Stops the work.</param>
    public async ValueTask ApplyCascadesAsync(CascadeApplier cascades, TargetTable parent, RowsEvent rows, bool keylessDone, bool safe, CancellationToken ct)
    {
        var first = _sessions[0];
        first.Begin();
        await first.SendAsync(null, ct);
        await cascades.ApplyAsync(first, parent, rows, keylessDone, safe, ct);
        // Several workers must not meet the locks of these changes; one worker keeps them in the source's transaction.
        if (_sessions.Count > 1)
            await first.CommitAsync(null, ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions)
            await session.DisposeAsync();
        _sessions.Clear();
    }

    private async Task ApplyShareAsync(ChangeWindow window, int worker, bool safe, CancellationToken ct)
    {
        // The share is written by a thread of its own: making the statements costs as much as sending them.
        await Task.Yield();
        var session = _sessions[worker];
        session.Begin();
        var last = await WriteShareAsync(session, window, worker, _sessions.Count, safe, ct);
        await session.CommitAsync(last, ct);
    }

    // The rest stays in the packet, to travel with what ends the transaction; the answer is the table of its last row.
    private static async ValueTask<TargetTable?> WriteShareAsync(ApplySession session, ChangeWindow window, int worker, int workers, bool safe, CancellationToken ct)
    {
        var writer = new StatementWriter(session.Values, window, worker, workers, safe, session.PacketBytes);
        while (writer.WritePacket(session.Sql))
            await session.SendAsync(writer.LastTable, ct);
        return writer.LastTable;
    }
}
