using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Checkpoint;

namespace TiFerry.Sync.Target;

/// <summary>
/// The sessions that a task writes to the target with. Each holds a named lock of its slot for as long as it lives, so that
/// what a killed process left running on the server ends before its successor reads where to go on, and two processes
/// never write for the same task. With a fencing token, a successor ends its predecessor's sessions and keeps it from opening others.
/// </summary>
public sealed class TargetSlots
{
    /// <summary>The slot of the session that a process holds from beginning to end; who has it is the one that works on the task.</summary>
    public const string Main = "main";

    /// <summary>The slot that creates tables and plans the copy.</summary>
    public const string Copy = "copy";

    /// <summary>The slot that moves the checkpoint of the following.</summary>
    public const string Sync = "sync";

    /// <summary>The slot that changes definitions while the source is followed.</summary>
    public const string Ddl = "ddl";

    private const int PatienceSeconds = 60;
    private const int NoSuchThread = 1094;
    private const int NotOwnThread = 1095;

    /// <summary>A session that was just closed here may take this long to end there.</summary>
    private const int ClosingSeconds = 2;

    private readonly MySqlConnectionOptions _options;
    private readonly string _prefix;
    private readonly Fence? _fence;
    private readonly List<WeakReference<MySqlConnection>> _sessions = [];
    private bool _isAborted;

    /// <summary>Names the slots of a subtask.</summary>
    /// <param name="options">The target.</param>
    /// <param name="metaSchema">The schema that holds the task's checkpoint.</param>
    /// <param name="task">The task's name.</param>
    /// <param name="sourceId">Which of the task's sources.</param>
    /// <param name="fencingToken">Higher than that of every process that worked on the subtask before; null where another process is never replaced while it lives.</param>
    public TargetSlots(MySqlConnectionOptions options, string metaSchema, string task, string sourceId = CheckpointStore.OnlySource, ulong? fencingToken = null)
    {
        _options = options;
        // Lock names end at 64 characters and are shared by the whole server.
        var name = sourceId == CheckpointStore.OnlySource ? $"{metaSchema}\n{task}" : $"{metaSchema}\n{task}\n{sourceId}";
        _prefix = $"tiferry.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8))}";
        _fence = fencingToken is { } token ? new Fence(metaSchema, task, sourceId, token) : null;
        TaskName = task;
    }

    /// <summary>The target.</summary>
    public MySqlConnectionOptions Options => _options;

    /// <summary>The task's name.</summary>
    public string TaskName { get; }

    /// <summary>
    /// Makes this process the one that works on the task, for as long as the session lives. With a token, the main session of a predecessor, or an earlier one of this process, is ended, and a predecessor can open no other;
    /// its other sessions end with <see cref="FreeAsync"/>.
    /// </summary>
    /// <param name="ct">Stops the attempt.</param>
    /// <exception cref="TiFerryException">Another process works on the task; with a token, one that has a higher one.</exception>
    public ValueTask<MySqlConnection> ClaimAsync(CancellationToken ct) => ClaimAsync(endsOwn: true, ct);

    /// <summary>The same for work on a task that does not run: where this process's own token stands there and its session lives, that is an error.</summary>
    /// <param name="ct">Stops the attempt.</param>
    /// <exception cref="TiFerryException">Some process works on the task.</exception>
    public ValueTask<MySqlConnection> ClaimIdleAsync(CancellationToken ct) => ClaimAsync(endsOwn: false, ct);

    /// <summary>Opens the session of a slot other than the main one; waits for an earlier session of the same slot to end.</summary>
    /// <param name="slot">The slot's name: a worker's number, or a word.</param>
    /// <param name="ct">Stops the attempt.</param>
    /// <exception cref="TiFerryException">The slot is held by another process, or this process has been superseded.</exception>
    public async ValueTask<MySqlConnection> OpenAsync(string slot, CancellationToken ct)
    {
        var connection = Noted(await Session.OpenForWritingAsync(_options, ct));
        try
        {
            await LockAsync(connection, slot, _fence is null ? PatienceSeconds : ClosingSeconds, ct);
            // In this order: what has the lock before a successor comes for it is ended, what gets it after that sees the successor's token.
            if (_fence is not null)
                await _fence.RequireAsync(connection, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until no session of an earlier process holds one of the task's slots, and ends those that don't end by themselves. The main slot must be claimed.</summary>
    /// <param name="count">How many numbered slots that process may have had.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="TiFerryException">A slot is still held.</exception>
    public async ValueTask FreeAsync(int count, CancellationToken ct)
    {
        await using var connection = await Session.OpenForWritingAsync(_options, ct);
        foreach (var slot in Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).Concat([Copy, Sync, Ddl]))
        {
            await LockAsync(connection, slot, _fence is null ? PatienceSeconds : 0, ct);
            await connection.QueryScalarAsync($"SELECT RELEASE_LOCK('{_prefix}.{slot}')", ct);
        }
    }

    /// <summary>Breaks all sessions off, whatever they are at, and each that is opened from now on: nothing more is sent to the target.</summary>
    public void Abort()
    {
        lock (_sessions)
        {
            _isAborted = true;
            foreach (var session in _sessions)
            {
                if (session.TryGetTarget(out var connection))
                    connection.Abort();
            }
        }
    }

    private MySqlConnection Noted(MySqlConnection connection)
    {
        lock (_sessions)
        {
            _sessions.RemoveAll(static s => !s.TryGetTarget(out var before) || before.IsBroken);
            _sessions.Add(new WeakReference<MySqlConnection>(connection));
            if (_isAborted)
                connection.Abort();
        }
        return connection;
    }

    private async ValueTask<MySqlConnection> ClaimAsync(bool endsOwn, CancellationToken ct)
    {
        var main = Noted(await Session.OpenForWritingAsync(_options, ct));
        try
        {
            if (_fence is not null)
                await TakeOverAsync(main, _fence, endsOwn, ct);
            else if (!await TryLockAsync(main, Main, PatienceSeconds, ct))
                throw Taken(Main, await HolderAsync(main, Main, ct));
            return main;
        }
        catch
        {
            await main.DisposeAsync();
            throw;
        }
    }

    private async ValueTask TakeOverAsync(MySqlConnection main, Fence fence, bool endsOwn, CancellationToken ct)
    {
        var isOwn = await fence.IsRaisedAsync(main, ct);
        if (!await TryLockAsync(main, Main, isOwn ? ClosingSeconds : 0, ct))
        {
            var holder = await HolderAsync(main, Main, ct);
            if (isOwn && !endsOwn)
                throw Taken(Main, holder);
            do
            {
                await fence.IsRaisedAsync(main, ct);
                await EndAsync(main, Main, await HolderAsync(main, Main, ct), ct);
            }
            while (!await TryLockAsync(main, Main, ClosingSeconds, ct));
        }
        await fence.RaiseAsync(main, ct);
    }

    // The main slot is ours, so whoever holds another one is what a lost predecessor left behind, perhaps behind a cut network.
    private async ValueTask LockAsync(MySqlConnection connection, string slot, int patience, CancellationToken ct)
    {
        if (await TryLockAsync(connection, slot, patience, ct))
            return;
        var holder = await HolderAsync(connection, slot, ct);
        // In this order: whoever held the slot while the token was still ours is no successor.
        if (_fence is not null)
            await _fence.RequireAsync(connection, ct);
        await EndAsync(connection, slot, holder, ct);
        // It holds its lock until what it was doing is rolled back.
        if (!await TryLockAsync(connection, slot, PatienceSeconds, ct))
            throw Taken(slot, holder);
    }

    private async ValueTask EndAsync(MySqlConnection connection, string slot, uint? holder, CancellationToken ct)
    {
        if (holder is null)
            return;
        try
        {
            await connection.KillAsync(holder.Value, ct);
        }
        catch (MySqlServerException error) when (error.Code == NoSuchThread)
        {
        }
        catch (MySqlServerException error) when (error.Code == NotOwnThread)
        {
            throw Taken(slot, holder, error);
        }
    }

    private async ValueTask<uint?> HolderAsync(MySqlConnection connection, string slot, CancellationToken ct) =>
        await connection.QueryScalarAsync($"SELECT IS_USED_LOCK('{_prefix}.{slot}')", ct) is { } id ? uint.Parse(id, CultureInfo.InvariantCulture) : null;

    private async ValueTask<bool> TryLockAsync(MySqlConnection connection, string slot, int seconds, CancellationToken ct) =>
        await connection.QueryScalarAsync($"SELECT GET_LOCK('{_prefix}.{slot}', {seconds})", ct) == "1";

    private TiFerryException Taken(string slot, uint? holder, Exception? cause = null)
    {
        var id = holder?.ToString(CultureInfo.InvariantCulture);
        return new TiFerryException(SyncErrors.TaskTaken, ErrorScope.Downstream,
            $"task '{TaskName}' is being worked on by another process: connection {id ?? "unknown"} of the target holds lock {_prefix}.{slot}",
            $"stop the other process, or end its session with KILL {id ?? "<id>"} on the target if the process is gone", cause);
    }
}
