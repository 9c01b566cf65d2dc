using System.Security.Cryptography;
using System.Text;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Checkpoint;

namespace TiFerry.Sync.Ddl;

/// <summary>
/// An empty table in the meta schema that is renamed in the same statement as the source's tables. A swap of two tables of the same shape
/// leaves definitions as they were; whether it ran can be told by the name of this one.
/// </summary>
internal sealed class RenameMarker
{
    private readonly string _waiting;
    private readonly string _moved;

    /// <summary>Names the marker of a subtask.</summary>
    public RenameMarker(string metaSchema, string task, string sourceId)
    {
        var name = sourceId == CheckpointStore.OnlySource ? task : $"{task}\n{sourceId}";
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 6));
        _waiting = new TableName(metaSchema, $"rename_{id}").ToString();
        _moved = new TableName(metaSchema, $"rename_{id}_done").ToString();
    }

    /// <summary>Puts the marker where it stands before a rename.</summary>
    public async ValueTask ResetAsync(MySqlConnection target, CancellationToken ct)
    {
        await target.ExecuteAsync($"DROP TABLE IF EXISTS {_moved}", ct);
        await target.ExecuteAsync($"CREATE TABLE IF NOT EXISTS {_waiting} (id INT PRIMARY KEY)", ct);
    }

    /// <summary>Removes the marker.</summary>
    public async ValueTask RemoveAsync(MySqlConnection target, CancellationToken ct) => await target.ExecuteAsync($"DROP TABLE IF EXISTS {_waiting}, {_moved}", ct);

    /// <summary>Lets a RENAME TABLE statement move the marker too.</summary>
    public void AppendMove(SqlBuffer sql) => sql.Append($"\n, {_waiting} TO {_moved}");

    /// <summary>Whether the statement ran.</summary>
    public async ValueTask<bool> IsMovedAsync(MySqlConnection target, CancellationToken ct)
    {
        try
        {
            await target.QueryScalarAsync($"SELECT 1 FROM {_moved} LIMIT 1", ct);
            return true;
        }
        catch (MySqlServerException error) when (error.Code == 1146)
        {
            return false;
        }
    }
}
