using System.Text.Json;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Checkpoint;

namespace TiFerry.Sync.OnlineDdl;

/// <summary>The table <c>&lt;task&gt;_onlineddl</c> in the meta schema of the target, in DM's layout: one row for each shadow table of a source.</summary>
/// <param name="metaSchema">The schema.</param>
/// <param name="task">The task.</param>
/// <param name="sourceId">The source's id, at most 32 characters.</param>
public sealed class OnlineDdlStore(string metaSchema, string task, string sourceId)
{
    private readonly TableName _name = new(metaSchema, $"{task}_onlineddl");
    private readonly string _table = new TableName(metaSchema, $"{task}_onlineddl").ToString();

    /// <summary>Creates the table where it is missing.</summary>
    public async ValueTask CreateAsync(MySqlConnection target, CancellationToken ct) =>
        await target.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {_table} (
              id VARCHAR(32) NOT NULL,
              ghost_schema VARCHAR(128) NOT NULL,
              ghost_table VARCHAR(128) NOT NULL,
              ddls LONGTEXT,
              update_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
              UNIQUE KEY uk_id_schema_table (id, ghost_schema, ghost_table)
            ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
            """, ct);

    /// <summary>Removes all of this source, and with the last source the table.</summary>
    public ValueTask RemoveAsync(MySqlConnection target, CancellationToken ct) => MetaSchema.RemoveSourceAsync(target, _name, sourceId, ct);

    /// <exception cref="TiFerryException"><see cref="SyncErrors.OnlineDdlRecordUnusable"/>.</exception>
    internal async ValueTask<List<KeyValuePair<TableName, ShadowRecord>>> ReadAsync(MySqlConnection target, CancellationToken ct)
    {
        var rows = await target.QueryRowsAsync($"SELECT ghost_schema, ghost_table, ddls FROM {_table} WHERE id = {SqlText.Literal(sourceId)}", ct);
        var records = new List<KeyValuePair<TableName, ShadowRecord>>();
        foreach (var row in rows)
        {
            var name = new TableName(row[0]!, row[1]!);
            try
            {
                records.Add(new(name, ShadowRecord.FromJson(row[2] ?? "")));
            }
            catch (JsonException e)
            {
                throw new TiFerryException(SyncErrors.OnlineDdlRecordUnusable, ErrorScope.Downstream,
                    $"the changes of {name} in {_table} can't be read", "correct the JSON text, or delete the row and make the changes by hand when the shadow table takes its place", e);
            }
        }

        return records;
    }

    internal void AppendWrite(SqlBuffer sql, TableName shadow, ShadowRecord record)
    {
        sql.Append($"REPLACE INTO {_table} (id, ghost_schema, ghost_table, ddls) VALUES ({SqlText.Literal(sourceId)}, {SqlText.Literal(shadow.Schema)}, {SqlText.Literal(shadow.Name)}, ");
        sql.Append(SqlText.Literal(System.Text.Encoding.UTF8.GetString(record.ToJson())));
        sql.Append(");"u8);
    }

    internal void AppendDelete(SqlBuffer sql, TableName shadow) => sql.Append(
        $"DELETE FROM {_table} WHERE id = {SqlText.Literal(sourceId)} AND ghost_schema = {SqlText.Literal(shadow.Schema)} AND ghost_table = {SqlText.Literal(shadow.Name)};");
}
