using System.Globalization;
using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Checkpoint;

/// <summary>The table <c>sync_checkpoint</c> in the meta schema of the target: one row for each task.</summary>
/// <param name="metaSchema">The schema.</param>
/// <param name="task">The task.</param>
public sealed class CheckpointStore(string metaSchema, string task)
{
    private readonly string _table = new TableName(metaSchema, "sync_checkpoint").ToString();

    /// <summary>The schema that holds the checkpoints.</summary>
    public string MetaSchema => metaSchema;

    /// <summary>Creates the table where it is missing.</summary>
    public async ValueTask CreateAsync(MySqlConnection target, CancellationToken ct) =>
        await target.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {_table} (
              task VARCHAR(64) NOT NULL,
              log_file VARCHAR(255) NOT NULL,
              log_position BIGINT UNSIGNED NOT NULL,
              gtid LONGTEXT NOT NULL,
              keyless_done BIGINT NOT NULL,
              is_exact TINYINT NOT NULL,
              safe_file VARCHAR(255) NULL,
              safe_position BIGINT UNSIGNED NULL,
              ddl_file VARCHAR(255) NULL,
              ddl_position BIGINT UNSIGNED NULL,
              ddl_piece INT NULL,
              ddl_before VARCHAR(255) NULL,
              updated TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
              PRIMARY KEY (task)
            ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
            """, ct);

    /// <summary>Reads the checkpoint.</summary>
    /// <returns>The checkpoint; null where the task has none yet.</returns>
    /// <exception cref="TiFerryException">The row can't be understood.</exception>
    public async ValueTask<SyncCheckpoint?> ReadAsync(MySqlConnection target, CancellationToken ct)
    {
        var rows = await target.QueryRowsAsync(
            $"SELECT log_file, log_position, gtid, keyless_done, safe_file, safe_position, ddl_file, ddl_position, ddl_piece, ddl_before, is_exact FROM {_table} WHERE task = {SqlText.Literal(task)}", ct);
        if (rows.Count == 0)
            return null;
        var row = rows[0];
        if (Position(row[0], row[1]) is not { } position)
        {
            throw new TiFerryException(SyncErrors.CheckpointUnusable, ErrorScope.Downstream,
                $"the checkpoint of task '{task}' in {_table} has no position",
                $"restore the row from a backup, or start again with an empty target and without the row");
        }
        return new SyncCheckpoint
        {
            Position = position,
            Gtid = row[2] ?? "",
            KeylessDone = long.Parse(row[3]!, CultureInfo.InvariantCulture),
            SafeModeExit = Position(row[4], row[5]),
            IsExact = row[10] == "1",
            Ddl = Position(row[6], row[7]) is { } ddl ? new PendingDdl(ddl, int.Parse(row[8]!, CultureInfo.InvariantCulture), row[9] ?? "") : null,
        };
    }

    /// <summary>Appends the statement that writes the checkpoint, for the transaction that makes it true.</summary>
    /// <param name="sql">The packet.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    public void AppendWrite(SqlBuffer sql, SyncCheckpoint checkpoint)
    {
        sql.Append("REPLACE INTO "u8);
        sql.Append(_table);
        sql.Append(" (task, log_file, log_position, gtid, keyless_done, is_exact, safe_file, safe_position, ddl_file, ddl_position, ddl_piece, ddl_before) VALUES ("u8);
        sql.Append(SqlText.Literal(task));
        AppendPosition(sql, checkpoint.Position);
        sql.Append(", "u8);
        sql.Append(SqlText.Literal(checkpoint.Gtid));
        sql.Append(", "u8);
        sql.Append(checkpoint.KeylessDone);
        sql.Append(checkpoint.IsExact ? ", 1" : ", 0");
        AppendPosition(sql, checkpoint.SafeModeExit);
        AppendPosition(sql, checkpoint.Ddl?.Position);
        sql.Append(", "u8);
        sql.Append(checkpoint.Ddl is { } ddl ? $"{ddl.Piece}, {SqlText.Literal(ddl.Before)}" : "NULL, NULL");
        sql.Append(");"u8);
    }

    /// <summary>Notes that the target is exactly where the checkpoint says.</summary>
    public async ValueTask MarkExactAsync(MySqlConnection target, CancellationToken ct) =>
        await target.ExecuteAsync($"UPDATE {_table} SET is_exact = 1 WHERE task = {SqlText.Literal(task)}", ct);

    /// <summary>Writes the checkpoint in a transaction of its own.</summary>
    public async ValueTask WriteAsync(MySqlConnection target, SyncCheckpoint checkpoint, CancellationToken ct)
    {
        using var sql = new SqlBuffer();
        AppendWrite(sql, checkpoint);
        await target.ExecuteAsync(sql, ct);
    }

    private static void AppendPosition(SqlBuffer sql, BinlogPosition? position)
    {
        sql.Append(", "u8);
        if (position is { } known)
        {
            // A start by GTID has no file yet.
            sql.Append(SqlText.Literal(known.File ?? ""));
            sql.Append(", "u8);
            sql.Append(known.Position);
        }
        else
        {
            sql.Append("NULL, NULL"u8);
        }
    }

    private static BinlogPosition? Position(string? file, string? position) =>
        file is null || position is null ? null : new BinlogPosition(file, ulong.Parse(position, CultureInfo.InvariantCulture));
}
