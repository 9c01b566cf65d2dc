using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Import.Definitions;

/// <summary>A database of the target.</summary>
internal static class TargetDatabase
{
    /// <summary>Creates a database where it is missing.</summary>
    /// <param name="target">A session on the target.</param>
    /// <param name="name">The database.</param>
    /// <param name="options">Its options in CREATE DATABASE; may be empty.</param>
    /// <param name="ct">Stops the work.</param>
    public static async ValueTask CreateAsync(MySqlConnection target, string name, string options, CancellationToken ct)
    {
        // Even with IF NOT EXISTS, MySQL 8 waits for all open transactions that wrote to the database.
        if (await target.QueryScalarAsync($"SELECT 1 FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = {SqlText.Literal(name)}", ct) is null)
            await target.ExecuteAsync($"CREATE DATABASE IF NOT EXISTS {TableName.Quote(name)} {options}", ct);
    }
}
