using System.Security.Cryptography;
using System.Text;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;

namespace TiFerry.Sync.Target;

/// <summary>
/// The sessions that a task writes to the target with. Each holds a named lock of its slot for as long as it lives, so that
/// what a killed process left running on the server ends before its successor reads where to go on, and two processes
/// never write for the same task.
/// </summary>
public sealed class TargetSlots
{
    /// <summary>The slot of the session that a process holds from beginning to end; who has it is the one that works on the task.</summary>
    public const string Main = "main";

    private const int PatienceSeconds = 60;
    private const int NoSuchThread = 1094;
    private readonly MySqlConnectionOptions _options;
    private readonly string _prefix;

    /// <summary>Names the slots of a task.</summary>
    /// <param name="options">The target.</param>
    /// <param name="metaSchema">The schema that holds the task's checkpoint.</param>
    /// <param name="task">The task's name.</param>
    public TargetSlots(MySqlConnectionOptions options, string metaSchema, string task)
    {
        _options = options;
        // Lock names end at 64 characters and are shared by the whole server.
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{metaSchema}\n{task}"));
        _prefix = $"tiferry.{Convert.ToHexStringLower(digest.AsSpan(0, 8))}";
        TaskName = task;
    }

    /// <summary>The target.</summary>
    public MySqlConnectionOptions Options => _options;

    /// <summary>The task's name.</summary>
    public string TaskName { get; }

    /// <summary>Opens the session of a slot; waits for an earlier session of the same slot to end.</summary>
    /// <param name="slot">The slot's name: a worker's number, or a word.</param>
    /// <param name="ct">Stops the attempt.</param>
    /// <exception cref="TiFerryException">The slot is held by another process.</exception>
    public async ValueTask<MySqlConnection> OpenAsync(string slot, CancellationToken ct)
    {
        var connection = await Session.OpenForWritingAsync(_options, ct);
        try
        {
            await LockAsync(connection, slot, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until no session of an earlier process holds one of the numbered slots.</summary>
    /// <param name="count">How many slots that process may have had.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="TiFerryException">A slot is still held.</exception>
    public async ValueTask WaitUntilFreeAsync(int count, CancellationToken ct)
    {
        await using var connection = await Session.OpenForWritingAsync(_options, ct);
        for (var slot = 0; slot < count; slot++)
        {
            await LockAsync(connection, slot.ToString(), ct);
            await connection.QueryScalarAsync($"SELECT RELEASE_LOCK('{_prefix}.{slot}')", ct);
        }
    }

    private async ValueTask LockAsync(MySqlConnection connection, string slot, CancellationToken ct)
    {
        if (await TryLockAsync(connection, slot, ct))
            return;
        var holder = await connection.QueryScalarAsync($"SELECT IS_USED_LOCK('{_prefix}.{slot}')", ct);
        if (slot == Main || holder is null)
            throw Taken(slot, holder);
        // The main slot is ours, so whoever holds another one is what a lost predecessor left behind, perhaps behind a cut network.
        try
        {
            await connection.ExecuteAsync($"KILL {holder}", ct);
        }
        catch (MySqlServerException error) when (error.Code == NoSuchThread)
        {
        }
        if (!await TryLockAsync(connection, slot, ct))
            throw Taken(slot, holder);
    }

    private async ValueTask<bool> TryLockAsync(MySqlConnection connection, string slot, CancellationToken ct) =>
        await connection.QueryScalarAsync($"SELECT GET_LOCK('{_prefix}.{slot}', {PatienceSeconds})", ct) == "1";

    private TiFerryException Taken(string slot, string? holder) => new(SyncErrors.TaskTaken, ErrorScope.Downstream,
        $"task '{TaskName}' is being worked on by another process: connection {holder ?? "unknown"} of the target holds lock {_prefix}.{slot}",
        $"stop the other process, or end its session with KILL {holder ?? "<id>"} on the target if the process is gone");
}
