using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Sync.Checkpoint;

/// <summary>The schema on the target that holds what a task must remember.</summary>
public static class MetaSchema
{
    /// <summary>Creates the schema where it is missing.</summary>
    public static async ValueTask CreateAsync(MySqlConnection target, string name, CancellationToken ct)
    {
        // Even with IF NOT EXISTS, MySQL 8 waits for all open transactions that wrote to a table of the schema, be it those of a process that is to be replaced.
        if (!await ExistsAsync(target, name, ct))
            await target.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {TableName.Quote(name)}", ct);
    }

    /// <summary>Whether the target has the schema.</summary>
    public static async ValueTask<bool> ExistsAsync(MySqlConnection target, string name, CancellationToken ct) =>
        await target.QueryScalarAsync($"SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {SqlText.Literal(name)}", ct) is not null;

    /// <summary>Removes the rows of one source from a table that all sources of a task share, and with the last of them the table.</summary>
    internal static async ValueTask RemoveSourceAsync(MySqlConnection target, TableName table, string sourceId, CancellationToken ct)
    {
        if (await target.QueryScalarAsync($"SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {SqlText.Literal(table.Schema)} AND TABLE_NAME = {SqlText.Literal(table.Name)}", ct) is null)
            return;
        await target.ExecuteAsync($"DELETE FROM {table} WHERE id = {SqlText.Literal(sourceId)}", ct);
        if (await target.QueryScalarAsync($"SELECT 1 FROM {table} LIMIT 1", ct) is null)
            await target.ExecuteAsync($"DROP TABLE IF EXISTS {table}", ct);
    }
}
