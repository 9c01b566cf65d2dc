using System.Globalization;
using System.Text.Json;
using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Ddl;

namespace TiFerry.Sync.Checkpoint;

/// <summary>
/// The table <c>&lt;task&gt;_syncer_checkpoint</c> in the meta schema of the target, with the columns of DM's table of that name and one more. The row without schema and table
/// is the global checkpoint; each other row keeps the definition that a source's table had at a position.
/// </summary>
public sealed class CheckpointStore
{
    /// <summary>The id of the source where a task has only one and it was given no name.</summary>
    public const string OnlySource = "source";

    private const string NoTable = "null";
    private const int DuplicateColumn = 1060;
    private readonly TableName _name;
    private readonly string _table;
    private readonly string _task;
    private readonly string _source;

    /// <summary>Names the table.</summary>
    /// <param name="metaSchema">The schema.</param>
    /// <param name="task">The task.</param>
    /// <param name="sourceId">Which of the task's sources; 32 characters at most.</param>
    public CheckpointStore(string metaSchema, string task, string sourceId = OnlySource)
    {
        MetaSchema = metaSchema;
        _task = task;
        SourceId = sourceId;
        _source = SqlText.Literal(sourceId);
        _name = new TableName(metaSchema, $"{task}_syncer_checkpoint");
        _table = _name.ToString();
    }

    /// <summary>The schema that holds the checkpoints.</summary>
    public string MetaSchema { get; }

    /// <summary>Which of the task's sources.</summary>
    public string SourceId { get; }

    /// <summary>Creates the table where it is missing, and adds what DM's table lacks.</summary>
    public async ValueTask CreateAsync(MySqlConnection target, CancellationToken ct)
    {
        var json = target.Server.Flavour == ServerFlavour.MySql && !target.Server.IsAtLeast(5, 7, 8) ? "LONGTEXT" : "JSON";
        await target.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {_table} (
              id VARCHAR(32) NOT NULL,
              cp_schema VARCHAR(128) NOT NULL,
              cp_table VARCHAR(128) NOT NULL,
              binlog_name VARCHAR(128),
              binlog_pos BIGINT UNSIGNED,
              binlog_gtid LONGTEXT,
              exit_safe_binlog_name VARCHAR(128) DEFAULT '',
              exit_safe_binlog_pos BIGINT UNSIGNED DEFAULT 0,
              exit_safe_binlog_gtid LONGTEXT,
              table_info {json} NOT NULL,
              is_global BOOLEAN,
              create_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
              update_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
              tiferry_state LONGTEXT,
              UNIQUE KEY uk_id_schema_table (id, cp_schema, cp_table)
            ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
            """, ct);
        var known = await target.QueryScalarAsync(
            $"SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {SqlText.Literal(MetaSchema)} AND TABLE_NAME = {SqlText.Literal($"{_task}_syncer_checkpoint")} AND COLUMN_NAME = 'tiferry_state'", ct);
        if (known is not null)
            return;
        try
        {
            await target.ExecuteAsync($"ALTER TABLE {_table} ADD COLUMN tiferry_state LONGTEXT", ct);
        }
        catch (MySqlServerException error) when (error.Code == DuplicateColumn)
        {
        }
    }

    /// <summary>Removes all of this source, and with the last source the table.</summary>
    public async ValueTask RemoveAsync(MySqlConnection target, CancellationToken ct)
    {
        await new RenameMarker(MetaSchema, _task, SourceId).RemoveAsync(target, ct);
        await Checkpoint.MetaSchema.RemoveSourceAsync(target, _name, SourceId, ct);
    }

    /// <summary>Reads the checkpoint.</summary>
    /// <returns>The checkpoint; null where the task has none yet.</returns>
    /// <exception cref="TiFerryException">The row can't be understood.</exception>
    public async ValueTask<SyncCheckpoint?> ReadAsync(MySqlConnection target, CancellationToken ct)
    {
        var rows = await target.QueryRowsAsync(
            $"SELECT binlog_name, binlog_pos, binlog_gtid, exit_safe_binlog_name, exit_safe_binlog_pos, tiferry_state FROM {_table} WHERE id = {_source} AND is_global", ct);
        if (rows.Count == 0)
            return null;
        var row = rows[0];
        if (row[0] is null || row[1] is null)
            throw Unusable("has no position");
        var state = StateOf(row[5]);
        return new SyncCheckpoint
        {
            Position = PositionOf(row[0]!, row[1]!),
            Gtid = row[2] ?? "",
            OrderedDone = state.OrderedDone,
            SafeModeExit = string.IsNullOrEmpty(row[3]) ? null : PositionOf(row[3]!, row[4]!),
            IsExact = state.IsExact,
            InOrder = state.InOrder,
            HasAllGtids = state.HasAllGtids,
            Source = state.Source,
            SubDirectories = state.SubDirectories ?? [],
            HasMoved = state.HasMoved,
            Prepared = state.Prepared.ToDictionary(p => p.Key, p => new BinlogPosition(p.Value.Name, p.Value.Position), StringComparer.Ordinal),
            Ddl = state.Ddl is { } ddl ? new PendingDdl(new BinlogPosition(ddl.At.Name, ddl.At.Position), ddl.Piece, ddl.Before, ddl.Operation ?? "") : null,
        };
    }

    /// <summary>Appends the one statement that writes the checkpoint, for the transaction that makes it true.</summary>
    /// <param name="sql">The packet.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    public void AppendWrite(SqlBuffer sql, SyncCheckpoint checkpoint)
    {
        sql.Append("INSERT INTO "u8);
        sql.Append(_table);
        sql.Append(" (id, cp_schema, cp_table, binlog_name, binlog_pos, binlog_gtid, exit_safe_binlog_name, exit_safe_binlog_pos, table_info, is_global, tiferry_state) VALUES ("u8);
        sql.Append(_source);
        // A start by GTID has no file yet.
        sql.Append($", '', '', {SqlText.Literal(checkpoint.Position.File ?? "")}, {checkpoint.Position.Position}, {SqlText.Literal(checkpoint.Gtid)}, ");
        sql.Append($"{SqlText.Literal(checkpoint.SafeModeExit?.File ?? "")}, {checkpoint.SafeModeExit?.Position ?? 0}, _utf8mb4'{NoTable}', 1, ");
        sql.Append(SqlText.Literal(JsonSerializer.Serialize(StateOf(checkpoint), CheckpointJson.Default.CheckpointState)));
        sql.Append(") ON DUPLICATE KEY UPDATE binlog_name = VALUES(binlog_name), binlog_pos = VALUES(binlog_pos), binlog_gtid = VALUES(binlog_gtid), exit_safe_binlog_name = VALUES(exit_safe_binlog_name), "u8);
        sql.Append("exit_safe_binlog_pos = VALUES(exit_safe_binlog_pos), tiferry_state = VALUES(tiferry_state), is_global = 1;"u8);
    }

    /// <summary>Writes the checkpoint in a transaction of its own.</summary>
    public async ValueTask WriteAsync(MySqlConnection target, SyncCheckpoint checkpoint, CancellationToken ct)
    {
        using var sql = new SqlBuffer();
        AppendWrite(sql, checkpoint);
        await target.ExecuteAsync(sql, ct);
    }

    /// <summary>The definitions of the source's tables that are kept, each as a CREATE TABLE statement.</summary>
    /// <exception cref="TiFerryException">A row holds no definition that can be understood, such as one that DM wrote.</exception>
    public async ValueTask<Dictionary<TableName, string>> ReadTablesAsync(MySqlConnection target, CancellationToken ct)
    {
        var tables = new Dictionary<TableName, string>();
        foreach (var row in await target.QueryRowsAsync($"SELECT cp_schema, cp_table, table_info FROM {_table} WHERE id = {_source} AND NOT is_global", ct))
        {
            var name = new TableName(row[0]!, row[1]!);
            if (DefinitionOf(row[2]!) is { } definition)
                tables.Add(name, definition);
        }
        return tables;
    }

    /// <summary>Appends the statement that keeps a table's definition.</summary>
    /// <param name="sql">The packet.</param>
    /// <param name="table">The source's table.</param>
    /// <param name="definition">Its CREATE TABLE statement.</param>
    /// <param name="position">From where on it holds.</param>
    public void AppendTable(SqlBuffer sql, TableName table, string definition, BinlogPosition position)
    {
        sql.Append("INSERT INTO "u8);
        sql.Append(_table);
        sql.Append(" (id, cp_schema, cp_table, binlog_name, binlog_pos, table_info, is_global) VALUES ("u8);
        sql.Append(_source);
        sql.Append($", {SqlText.Literal(table.Schema)}, {SqlText.Literal(table.Name)}, {SqlText.Literal(position.File ?? "")}, {position.Position}, ");
        // JSON columns refuse a binary string.
        sql.Append($"_utf8mb4{SqlText.Literal(JsonSerializer.Serialize(new TableInfo(definition), TableInfoJson.Default.TableInfo))}, 0)");
        sql.Append(" ON DUPLICATE KEY UPDATE binlog_name = VALUES(binlog_name), binlog_pos = VALUES(binlog_pos), table_info = VALUES(table_info);"u8);
    }

    /// <summary>Appends the statement that forgets a table's definition.</summary>
    public void AppendForgetTable(SqlBuffer sql, TableName table) =>
        sql.Append($"DELETE FROM {_table} WHERE id = {_source} AND cp_schema = {SqlText.Literal(table.Schema)} AND cp_table = {SqlText.Literal(table.Name)} AND NOT is_global;");

    /// <summary>Appends the statement that forgets the definitions of all tables.</summary>
    public void AppendForgetTables(SqlBuffer sql) => sql.Append($"DELETE FROM {_table} WHERE id = {_source} AND NOT is_global;");

    private static CheckpointState StateOf(SyncCheckpoint checkpoint) => new()
    {
        OrderedDone = checkpoint.OrderedDone,
        IsExact = checkpoint.IsExact,
        InOrder = checkpoint.InOrder,
        HasAllGtids = checkpoint.HasAllGtids,
        Source = checkpoint.Source,
        SubDirectories = checkpoint.SubDirectories.Count > 0 ? checkpoint.SubDirectories : null,
        HasMoved = checkpoint.HasMoved,
        Prepared = checkpoint.Prepared.ToDictionary(p => p.Key, p => new StatePosition(p.Value.File, p.Value.Position), StringComparer.Ordinal),
        Ddl = checkpoint.Ddl is { } ddl ? new StateDdl(new StatePosition(ddl.Position.File ?? "", ddl.Position.Position), ddl.Piece, ddl.Before, ddl.Operation) : null,
    };

    private CheckpointState StateOf(string? json)
    {
        if (json is null)
            return new CheckpointState();
        try
        {
            return JsonSerializer.Deserialize(json, CheckpointJson.Default.CheckpointState) ?? new CheckpointState();
        }
        catch (JsonException error)
        {
            throw Unusable($"has a state that can't be read ({error.Message})");
        }
    }

    // What another program kept there is of no use here; the table's definition is then found anew.
    private static string? DefinitionOf(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TableInfoJson.Default.TableInfo)?.Create;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TiFerryException Unusable(string why) => new(SyncErrors.CheckpointUnusable, ErrorScope.Downstream,
        $"the checkpoint of task '{_task}' in {_table} {why}", "restore the row from a backup, or start again with an empty target and without the row");

    private static BinlogPosition PositionOf(string file, string position) => new(file, ulong.Parse(position, CultureInfo.InvariantCulture));
}
