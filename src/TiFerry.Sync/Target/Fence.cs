using System.Globalization;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Checkpoint;

namespace TiFerry.Sync.Target;

/// <summary>
/// The fencing token of a subtask, in the table <c>fence</c> of the meta schema. Tokens only grow: each successor has a higher one than all that worked on the subtask before, so a process whose
/// token is not the one that stands there has been superseded, however long it was away.
/// </summary>
/// <param name="metaSchema">The schema on the target.</param>
/// <param name="task">The task.</param>
/// <param name="sourceId">Which of its sources.</param>
/// <param name="token">The token of this process.</param>
internal sealed class Fence(string metaSchema, string task, string sourceId, ulong token)
{
    private const int UnknownDatabase = 1049;
    private const int NoSuchTable = 1146;
    private readonly string _table = new TableName(metaSchema, "fence").ToString();
    private readonly string _condition = $"task = {SqlText.Literal(task)} AND source_id = {SqlText.Literal(sourceId)}";
    private bool _isRaised;

    /// <summary>Whether the token that stands there is this process's own.</summary>
    /// <exception cref="TiFerryException">A successor has taken over.</exception>
    public async ValueTask<bool> IsRaisedAsync(MySqlConnection target, CancellationToken ct)
    {
        var stored = await ReadAsync(target, ct);
        // Once ours stood there, anything else is a successor's doing, the end of the whole task included.
        if (stored > token || (_isRaised && stored != token))
            throw Superseded(stored);
        return stored == token;
    }

    /// <summary>Ends unless the token that stands there is this process's own: for sessions that have their slot's lock.</summary>
    /// <exception cref="TiFerryException">A successor has taken over, or this process never took over itself.</exception>
    public async ValueTask RequireAsync(MySqlConnection target, CancellationToken ct)
    {
        if (!await IsRaisedAsync(target, ct))
            throw Superseded(0);
    }

    /// <summary>Puts this process's token there; the session must have the lock of the main slot.</summary>
    /// <exception cref="TiFerryException">A successor has taken over.</exception>
    public async ValueTask RaiseAsync(MySqlConnection target, CancellationToken ct)
    {
        if (!await IsRaisedAsync(target, ct))
        {
            await CreateAsync(target, ct);
            await target.ExecuteAsync($"INSERT INTO {_table} (task, source_id, token) VALUES ({SqlText.Literal(task)}, {SqlText.Literal(sourceId)}, {token}) ON DUPLICATE KEY UPDATE token = {token}", ct);
        }
        _isRaised = true;
    }

    private async ValueTask<ulong> ReadAsync(MySqlConnection target, CancellationToken ct)
    {
        try
        {
            return await target.QueryScalarAsync($"SELECT token FROM {_table} WHERE {_condition}", ct) is { } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : 0;
        }
        catch (MySqlServerException error) when (error.Code is NoSuchTable or UnknownDatabase)
        {
            return 0;
        }
    }

    private async ValueTask CreateAsync(MySqlConnection target, CancellationToken ct)
    {
        await MetaSchema.CreateAsync(target, metaSchema, ct);
        await target.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {_table} (
              task VARCHAR(64) NOT NULL,
              source_id VARCHAR(32) NOT NULL,
              token BIGINT UNSIGNED NOT NULL,
              PRIMARY KEY (task, source_id)
            ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
            """, ct);
    }

    private TiFerryException Superseded(ulong stored) => new(SyncErrors.Superseded, ErrorScope.Downstream,
        $"task '{task}' of source '{sourceId}' is worked on by another worker now: the token on the target is {(stored == 0 ? "gone" : stored)}, this worker's is {token}",
        $"nothing has to be done where the source was moved to another worker; if no other works on it, as after a cluster was set up anew, delete the row of {_table} where {_condition}, and resume the task");
}
