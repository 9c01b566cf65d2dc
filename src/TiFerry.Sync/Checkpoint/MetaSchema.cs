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
        if (await target.QueryScalarAsync($"SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {SqlText.Literal(name)}", ct) is null)
            await target.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {TableName.Quote(name)}", ct);
    }
}
