using System.Globalization;
using System.Text.Json;
using TiFerry.Binlog;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Source;

namespace TiFerry.Migration.Meta;

/// <summary>
/// The tables of the meta schema that say how far a migration is: <c>task</c>, <c>copy_object</c> and <c>copy_chunk</c>.
/// Chunk progress is written in the transaction that writes the chunk's rows.
/// </summary>
/// <param name="metaSchema">The schema on the target.</param>
/// <param name="task">The task's name.</param>
/// <param name="sourceId">Which of the task's sources; 32 characters at most.</param>
public sealed class MetaStore(string metaSchema, string task, string sourceId = CheckpointStore.OnlySource)
{
    private const int UnknownColumn = 1054;
    private readonly string _taskTable = new TableName(metaSchema, MetaTables.Task).ToString();
    private readonly string _objectTable = new TableName(metaSchema, MetaTables.Objects).ToString();
    private readonly string _chunkTable = new TableName(metaSchema, MetaTables.Chunks).ToString();
    private readonly string _targetTable = new TableName(metaSchema, MetaTables.Targets).ToString();
    private readonly string _key = $"{SqlText.Literal(task)}, {SqlText.Literal(sourceId)}";
    private readonly string _condition = $"task = {SqlText.Literal(task)} AND source_id = {SqlText.Literal(sourceId)}";

    /// <summary>Creates the schema and tables where they are missing.</summary>
    public ValueTask CreateAsync(MySqlConnection target, CancellationToken ct) => new MetaTables(metaSchema).CreateAsync(target, ct);

    /// <summary>Reads the task; null where it never began. The table may be an earlier version's.</summary>
    public async ValueTask<TaskRecord?> ReadTaskAsync(MySqlConnection target, CancellationToken ct)
    {
        if (await ReadTaskRowAsync(target, ct) is not { } row)
            return null;
        return new TaskRecord(
            row[0]!, Enum.Parse<MigrationMode>(row[1]!, ignoreCase: true), row[2]!, Enum.Parse<TaskStage>(row[3]!, ignoreCase: true), (int)Number(row[4]),
            Position(row[5], row[6]) is { } start ? new SourcePosition(start, row[7] ?? "") : null)
        { Rules = row[8] ?? "", IsInOrder = Number(row[9]) != 0, StartTimeId = row[10] ?? "" };
    }

    /// <summary>Removes all of this source of the task; the task itself last, so that what is left after a crash is still found.</summary>
    public async ValueTask RemoveAsync(MySqlConnection target, CancellationToken ct)
    {
        foreach (var table in (string[])[_chunkTable, _objectTable, _targetTable, _taskTable])
            await target.ExecuteAsync($"DELETE FROM {table} WHERE {_condition}", ct);
    }

    // Earlier versions did not keep the id of the start time; still earlier ones had only one source to a task.
    private async ValueTask<string?[]?> ReadTaskRowAsync(MySqlConnection target, CancellationToken ct)
    {
        const string columns = "source, mode, filter, stage, slots, start_file, start_position, start_gtid, rules, in_order";
        List<(string StartTimeId, string Condition)> versions = [("start_time_id", _condition), ("NULL", _condition)];
        if (sourceId == CheckpointStore.OnlySource)
            versions.Add(("NULL", $"task = {SqlText.Literal(task)}"));
        foreach (var (startTimeId, condition) in versions)
        {
            try
            {
                return (await target.QueryRowsAsync($"SELECT {columns}, {startTimeId} FROM {_taskTable} WHERE {condition}", ct)).FirstOrDefault();
            }
            catch (MySqlServerException error) when (error.Code == UnknownColumn)
            {
            }
        }
        return null;
    }

    /// <summary>Writes the task.</summary>
    public async ValueTask WriteTaskAsync(MySqlConnection target, TaskRecord record, CancellationToken ct)
    {
        using var sql = new SqlBuffer();
        AppendTask(sql, record);
        await target.ExecuteAsync(sql, ct);
    }

    /// <summary>Appends the statement that writes the task.</summary>
    public void AppendTask(SqlBuffer sql, TaskRecord record) => sql.Append(
        $"REPLACE INTO {_taskTable} (task, source_id, source, mode, filter, stage, slots, start_file, start_position, start_gtid, rules, in_order, start_time_id) VALUES ({_key}, "
        + $"{SqlText.Literal(record.Source)}, '{Lower(record.Mode)}', {SqlText.Literal(record.Filter)}, '{Lower(record.Stage)}', {record.Slots}, "
        + $"{Literals(record.Start?.Position)}, {(record.Start is { } start ? SqlText.Literal(start.Gtid) : "NULL")}, {SqlText.Literal(record.Rules)}, {(record.IsInOrder ? 1 : 0)}, {(record.StartTimeId.Length > 0 ? SqlText.Literal(record.StartTimeId) : "NULL")});");

    /// <summary>Reads all objects of the task, ordered by name.</summary>
    public async ValueTask<List<CopyObject>> ReadObjectsAsync(MySqlConnection target, CancellationToken ct)
    {
        var rows = await target.QueryRowsAsync(
            $"SELECT schema_name, object_name, kind, state, copied_file, copied_position, estimated_rows, estimated_bytes, copied_rows, deferred_indexes, keeps_table, keeps_rows FROM {_objectTable} WHERE {_condition} ORDER BY schema_name, object_name", ct);
        return rows.ConvertAll(row => new CopyObject(
            new TableName(row[0]!, row[1]!), Enum.Parse<ObjectKind>(row[2]!, ignoreCase: true), Enum.Parse<CopyState>(row[3]!, ignoreCase: true),
            Position(row[4], row[5]), Number(row[6]), Number(row[7]), Number(row[8]), Key(row[9]) ?? [])
        { KeepsTable = Number(row[10]) != 0, KeepsRows = Number(row[11]) != 0 });
    }

    /// <summary>Writes an object.</summary>
    public async ValueTask WriteObjectAsync(MySqlConnection target, CopyObject copy, CancellationToken ct)
    {
        using var sql = new SqlBuffer();
        AppendObject(sql, copy);
        await target.ExecuteAsync(sql, ct);
    }

    /// <summary>Appends the statement that writes an object.</summary>
    public void AppendObject(SqlBuffer sql, CopyObject copy) => sql.Append(
        $"REPLACE INTO {_objectTable} (task, source_id, schema_name, object_name, kind, state, copied_file, copied_position, estimated_rows, estimated_bytes, copied_rows, deferred_indexes, keeps_table, keeps_rows) VALUES ("
        + $"{Key(copy.Name)}, '{Lower(copy.Kind)}', '{Lower(copy.State)}', {Literals(copy.CopiedAt)}, {copy.EstimatedRows}, {copy.EstimatedBytes}, {copy.Rows}, {Literal([.. copy.DeferredIndexes])}, {(copy.KeepsTable ? 1 : 0)}, {(copy.KeepsRows ? 1 : 0)});");

    /// <summary>Appends the statement that forgets a table's chunks.</summary>
    public void AppendForgetChunks(SqlBuffer sql, TableName table) => sql.Append(
        $"DELETE FROM {_chunkTable} WHERE {Condition(table)};");

    /// <summary>Reads a table's chunks in order.</summary>
    public async ValueTask<List<CopyChunk>> ReadChunksAsync(MySqlConnection target, TableName table, CancellationToken ct)
    {
        var rows = await target.QueryRowsAsync(
            $"SELECT chunk, lower_key, upper_key, cursor_key, done FROM {_chunkTable} WHERE {Condition(table)} ORDER BY chunk", ct);
        return rows.ConvertAll(row => new CopyChunk((int)Number(row[0]), Key(row[1]), Key(row[2]), Key(row[3]), Number(row[4]) != 0));
    }

    /// <summary>Rows that a table's chunks have copied.</summary>
    public async ValueTask<long> ReadCopiedRowsAsync(MySqlConnection target, TableName table, CancellationToken ct) =>
        Number(await target.QueryScalarAsync($"SELECT SUM(copied_rows) FROM {_chunkTable} WHERE {Condition(table)}", ct));

    /// <summary>Reads one chunk again, to learn whether a commit whose answer was lost went through.</summary>
    public async ValueTask<CopyChunk> ReadChunkAsync(MySqlConnection target, TableName table, int number, CancellationToken ct) =>
        (await ReadChunksAsync(target, table, ct)).First(c => c.Number == number);

    /// <summary>Appends the statement that adds chunks.</summary>
    public void AppendNewChunks(SqlBuffer sql, TableName table, IReadOnlyList<CopyChunk> chunks)
    {
        sql.Append($"INSERT INTO {_chunkTable} (task, source_id, schema_name, object_name, chunk, lower_key, upper_key, cursor_key, done, copied_rows) VALUES ");
        for (var i = 0; i < chunks.Count; i++)
        {
            var chunk = chunks[i];
            sql.Append($"{(i == 0 ? "" : ", ")}({Key(table)}, {chunk.Number}, {Literal(chunk.Lower)}, {Literal(chunk.Upper)}, {Literal(chunk.Cursor)}, {(chunk.Done ? 1 : 0)}, 0)");
        }
        sql.Append(";"u8);
    }

    /// <summary>Appends the statement that says how far a chunk is.</summary>
    /// <param name="sql">The packet.</param>
    /// <param name="table">The table.</param>
    /// <param name="chunk">The chunk as it is now.</param>
    /// <param name="newRows">Rows copied since the last such statement.</param>
    public void AppendChunkProgress(SqlBuffer sql, TableName table, CopyChunk chunk, long newRows) => sql.Append(
        $"UPDATE {_chunkTable} SET cursor_key = {Literal(chunk.Cursor)}, done = {(chunk.Done ? 1 : 0)}, copied_rows = copied_rows + {newRows} WHERE {Condition(table)} AND chunk = {chunk.Number};");

    /// <summary>Tells the task's other sources where objects go, each with the condition that its rows there fulfil (empty for all rows).</summary>
    public async ValueTask TellTargetsAsync(MySqlConnection target, IReadOnlyList<(TableName Source, TableName Target, string Rows)> places, CancellationToken ct)
    {
        foreach (var some in places.Chunk(200))
        {
            await target.ExecuteAsync(
                $"REPLACE INTO {_targetTable} (task, source_id, schema_name, object_name, target_schema, target_name, target_rows) VALUES "
                + string.Join(", ", some.Select(p => $"({Key(p.Source)}, {SqlText.Literal(p.Target.Schema)}, {SqlText.Literal(p.Target.Name)}, {SqlText.Literal(p.Rows)})")), ct);
        }
    }

    /// <summary>The task's other sources that write to rows of a table, or to any table of a schema where <paramref name="table"/> has no table part.</summary>
    /// <param name="target">A session.</param>
    /// <param name="table">The table on the target.</param>
    /// <param name="rows">The condition that the rows fulfil; empty for all rows.</param>
    /// <param name="ct">Stops the wait.</param>
    public async ValueTask<IReadOnlyList<string>> OtherSourcesAsync(MySqlConnection target, TableName table, string rows, CancellationToken ct) =>
        (await target.QueryRowsAsync(
            $"SELECT DISTINCT source_id FROM {_targetTable} WHERE {OtherSources} AND {Place(table)}{(rows.Length == 0 ? "" : $" AND target_rows IN ('', {SqlText.Literal(rows)})")} ORDER BY source_id", ct)).ConvertAll(r => r[0]!);

    /// <summary>Notes that this source takes away what is in a table or schema of the target, or that it is through with it.</summary>
    public async ValueTask MarkClearingAsync(MySqlConnection target, TableName table, bool isClearing, CancellationToken ct) =>
        await target.ExecuteAsync($"UPDATE {_targetTable} SET clearing = {(isClearing ? 1 : 0)} WHERE {_condition} AND {Place(table)}", ct);

    /// <summary>Takes back what a predecessor noted and did not come to.</summary>
    public async ValueTask EndClearingAsync(MySqlConnection target, CancellationToken ct) =>
        await target.ExecuteAsync($"UPDATE {_targetTable} SET clearing = 0 WHERE {_condition}", ct);

    /// <summary>Whether another source takes away what is in a table that objects go to.</summary>
    public async ValueTask<bool> IsClearedByOthersAsync(MySqlConnection target, IReadOnlyCollection<TableName> names, CancellationToken ct)
    {
        var rows = await target.QueryRowsAsync($"""
            SELECT own.schema_name, own.object_name FROM {_targetTable} own JOIN {_targetTable} other
            ON other.task = own.task AND other.source_id <> own.source_id AND other.clearing AND LOWER(other.target_schema) = LOWER(own.target_schema) AND LOWER(other.target_name) = LOWER(own.target_name)
            WHERE own.task = {SqlText.Literal(task)} AND own.source_id = {SqlText.Literal(sourceId)}
            """, ct);
        return rows.Exists(r => names.Contains(new TableName(r[0]!, r[1]!)));
    }

    private string OtherSources => $"task = {SqlText.Literal(task)} AND source_id <> {SqlText.Literal(sourceId)}";

    // The target may take names for the same whatever their case.
    private static string Place(TableName table) =>
        $"LOWER(target_schema) = LOWER({SqlText.Literal(table.Schema)}) AND target_name <> ''{(table.Name.Length == 0 ? "" : $" AND LOWER(target_name) = LOWER({SqlText.Literal(table.Name)})")}";

    private string Condition(TableName table) =>
        $"{_condition} AND schema_name = {SqlText.Literal(table.Schema)} AND object_name = {SqlText.Literal(table.Name)}";

    private string Key(TableName name) => $"{_key}, {SqlText.Literal(name.Schema)}, {SqlText.Literal(name.Name)}";

    private static string Literal(string[]? key) => key is null ? "NULL" : SqlText.Literal(JsonSerializer.Serialize(key, MetaJson.Default.StringArray));

    private static string[]? Key(string? json) => json is null ? null : JsonSerializer.Deserialize(json, MetaJson.Default.StringArray);

    private static string Literals(BinlogPosition? position) =>
        position is { } known ? $"{SqlText.Literal(known.File)}, {known.Position}" : "NULL, NULL";

    private static BinlogPosition? Position(string? file, string? position) =>
        file is null || position is null ? null : new BinlogPosition(file, ulong.Parse(position, CultureInfo.InvariantCulture));

    private static string Lower<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static long Number(string? text) => text is null ? 0 : (long)decimal.Parse(text, CultureInfo.InvariantCulture);
}
