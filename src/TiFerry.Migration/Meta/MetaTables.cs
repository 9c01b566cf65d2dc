using TiFerry.MySql;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Checkpoint;

namespace TiFerry.Migration.Meta;

/// <summary>The definitions of the meta schema's tables about copies, and how those of earlier versions become today's.</summary>
/// <param name="metaSchema">The schema on the target.</param>
internal sealed class MetaTables(string metaSchema)
{
    /// <summary>Tasks and their stages.</summary>
    public const string Task = "task";

    /// <summary>What a task copies.</summary>
    public const string Objects = "copy_object";

    /// <summary>How far tables are.</summary>
    public const string Chunks = "copy_chunk";

    /// <summary>Where a task's sources write to.</summary>
    public const string Targets = "copy_target";

    private const int DuplicateColumn = 1060;
    private const string SourceIdColumn = $"source_id VARCHAR(32) NOT NULL DEFAULT '{CheckpointStore.OnlySource}'";
    private const string TableOptions = "ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin";

    /// <summary>Creates the schema and tables where they are missing.</summary>
    public async ValueTask CreateAsync(MySqlConnection target, CancellationToken ct)
    {
        await MetaSchema.CreateAsync(target, metaSchema, ct);
        await target.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {Name(Task)} (
              task VARCHAR(64) NOT NULL,
              {SourceIdColumn},
              source VARCHAR(255) NOT NULL,
              mode VARCHAR(16) NOT NULL,
              filter LONGTEXT NOT NULL,
              rules LONGTEXT NULL,
              in_order TINYINT NOT NULL DEFAULT 0,
              stage VARCHAR(16) NOT NULL,
              slots INT NOT NULL,
              start_file VARCHAR(255) NULL,
              start_position BIGINT UNSIGNED NULL,
              start_gtid LONGTEXT NULL,
              start_time_id VARCHAR(255) NULL,
              updated TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
              PRIMARY KEY (task, source_id)
            ) {TableOptions}
            """, ct);
        await target.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {Name(Objects)} (
              task VARCHAR(64) NOT NULL,
              {SourceIdColumn},
              schema_name VARCHAR(64) NOT NULL,
              object_name VARCHAR(64) NOT NULL,
              kind VARCHAR(16) NOT NULL,
              state VARCHAR(16) NOT NULL,
              copied_file VARCHAR(255) NULL,
              copied_position BIGINT UNSIGNED NULL,
              estimated_rows BIGINT NOT NULL,
              estimated_bytes BIGINT NOT NULL,
              copied_rows BIGINT NOT NULL,
              deferred_indexes LONGTEXT NULL,
              keeps_table TINYINT NOT NULL DEFAULT 0,
              keeps_rows TINYINT NOT NULL DEFAULT 0,
              PRIMARY KEY (task, source_id, schema_name, object_name)
            ) {TableOptions}
            """, ct);
        await target.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {Name(Chunks)} (
              task VARCHAR(64) NOT NULL,
              {SourceIdColumn},
              schema_name VARCHAR(64) NOT NULL,
              object_name VARCHAR(64) NOT NULL,
              chunk INT NOT NULL,
              lower_key LONGTEXT NULL,
              upper_key LONGTEXT NULL,
              cursor_key LONGTEXT NULL,
              done TINYINT NOT NULL,
              copied_rows BIGINT NOT NULL,
              PRIMARY KEY (task, source_id, schema_name, object_name, chunk)
            ) {TableOptions}
            """, ct);
        await target.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {Name(Targets)} (
              task VARCHAR(64) NOT NULL,
              {SourceIdColumn},
              schema_name VARCHAR(64) NOT NULL,
              object_name VARCHAR(64) NOT NULL,
              target_schema VARCHAR(64) NOT NULL,
              target_name VARCHAR(64) NOT NULL,
              target_rows LONGTEXT NOT NULL,
              clearing TINYINT NOT NULL DEFAULT 0,
              PRIMARY KEY (task, source_id, schema_name, object_name)
            ) {TableOptions}
            """, ct);
        await AddColumnAsync(target, Task, "rules LONGTEXT NULL", ct);
        await AddColumnAsync(target, Task, "in_order TINYINT NOT NULL DEFAULT 0", ct);
        await AddColumnAsync(target, Task, "start_time_id VARCHAR(255) NULL", ct);
        await AddColumnAsync(target, Objects, "keeps_table TINYINT NOT NULL DEFAULT 0", ct);
        await AddColumnAsync(target, Objects, "keeps_rows TINYINT NOT NULL DEFAULT 0", ct);
        await AddSourceIdAsync(target, Task, "", ct);
        await AddSourceIdAsync(target, Objects, ", schema_name, object_name", ct);
        await AddSourceIdAsync(target, Chunks, ", schema_name, object_name, chunk", ct);
    }

    // Meta schemas of earlier versions lack some columns.
    private ValueTask AddColumnAsync(MySqlConnection target, string table, string definition, CancellationToken ct) => AddColumnAsync(target, table, definition, "", ct);

    // The rows of earlier versions are those of tasks with one source.
    private ValueTask AddSourceIdAsync(MySqlConnection target, string table, string otherKeyColumns, CancellationToken ct) =>
        AddColumnAsync(target, table, $"{SourceIdColumn} AFTER task", $", DROP PRIMARY KEY, ADD PRIMARY KEY (task, source_id{otherKeyColumns})", ct);

    private async ValueTask AddColumnAsync(MySqlConnection target, string table, string definition, string more, CancellationToken ct)
    {
        if (await HasColumnAsync(target, table, definition[..definition.IndexOf(' ', StringComparison.Ordinal)], ct))
            return;
        try
        {
            await target.ExecuteAsync($"ALTER TABLE {Name(table)} ADD COLUMN {definition}{more}", ct);
        }
        // Another task has the same to do.
        catch (MySqlServerException error) when (error.Code == DuplicateColumn)
        {
        }
    }

    private async ValueTask<bool> HasColumnAsync(MySqlConnection target, string table, string column, CancellationToken ct) => await target.QueryScalarAsync(
        $"SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {SqlText.Literal(metaSchema)} AND TABLE_NAME = '{table}' AND COLUMN_NAME = '{column}'", ct) is not null;

    private TableName Name(string table) => new(metaSchema, table);
}
