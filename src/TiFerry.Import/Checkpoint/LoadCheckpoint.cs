using System.Globalization;
using TiFerry.Core.Errors;
using TiFerry.Import.Definitions;
using TiFerry.Import.Source;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Import.Checkpoint;

/// <summary>
/// How far each file is on the target, in the table <c>&lt;task&gt;_loader_checkpoint</c> of the meta schema: the columns of DM's table of that name, and one more, which
/// tells the dump. A file's row changes in the transaction that writes the rows it speaks of.
/// </summary>
public sealed class LoadCheckpoint
{
    /// <summary>The offset of a file whose load has begun and can't be repeated.</summary>
    internal const long Begun = -1;

    private const int FilesPerStatement = 500;
    private const int UnknownColumn = 1054;
    private const int UnknownDatabase = 1049;
    private const int NoSuchTable = 1146;
    private readonly string _metaSchema;
    private readonly string _table;
    private readonly string _source;

    /// <summary>Names the table.</summary>
    /// <param name="metaSchema">The schema.</param>
    /// <param name="task">The task.</param>
    /// <param name="sourceId">Which of the task's sources; 32 characters at most.</param>
    public LoadCheckpoint(string metaSchema, string task, string sourceId)
    {
        _metaSchema = metaSchema;
        _table = new TableName(metaSchema, $"{task}_loader_checkpoint").ToString();
        _source = $"_utf8mb4{SqlText.Literal(sourceId)}";
    }

    /// <summary>Forgets how far a load is, so that the next one begins anew; the rows on the target stay.</summary>
    /// <param name="target">A session on the target.</param>
    /// <param name="ct">Stops the work.</param>
    public async ValueTask RemoveAsync(MySqlConnection target, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(target);
        try
        {
            await target.ExecuteAsync($"DELETE FROM {_table} WHERE id = {_source}", ct);
        }
        catch (MySqlServerException error) when (error.Code is UnknownDatabase or NoSuchTable)
        {
        }
    }

    /// <summary>Creates schema and table where they are missing.</summary>
    internal async ValueTask CreateAsync(MySqlConnection target, CancellationToken ct)
    {
        await TargetDatabase.CreateAsync(target, _metaSchema, "", ct);
        await target.ExecuteAsync($"""
            CREATE TABLE IF NOT EXISTS {_table} (
              id VARCHAR(32) NOT NULL,
              filename VARBINARY(255) NOT NULL,
              cp_schema VARCHAR(128) NOT NULL,
              cp_table VARCHAR(128) NOT NULL,
              `offset` BIGINT NOT NULL,
              end_pos BIGINT NOT NULL,
              create_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
              update_time TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
              tiferry_dump CHAR(32) NOT NULL,
              UNIQUE KEY uk_id_f (id, filename)
            ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin
            """, ct);
    }

    /// <summary>Notes the files that are not known yet.</summary>
    /// <param name="target">A session on the target.</param>
    /// <param name="files">The dump.</param>
    /// <param name="ct">Stops the work.</param>
    /// <returns>For each file the bytes that are on the target.</returns>
    /// <exception cref="TiFerryException">The target holds part of another dump.</exception>
    internal async ValueTask<Dictionary<string, long>> BeginAsync(MySqlConnection target, DumpedFiles files, CancellationToken ct)
    {
        var known = await ReadAsync(target, files, ct);
        foreach (var missing in files.Data.Where(f => !known.ContainsKey(f.Name)).Chunk(FilesPerStatement))
        {
            var rows = missing.Select(f =>
                $"({_source}, {SqlText.Literal(f.Name)}, _utf8mb4{SqlText.Literal(f.Table.Schema)}, _utf8mb4{SqlText.Literal(f.Table.Name)}, 0, {f.Length}, '{files.Identity}')");
            await target.ExecuteAsync($"INSERT INTO {_table} (id, filename, cp_schema, cp_table, `offset`, end_pos, tiferry_dump) VALUES {string.Join(", ", rows)}", ct);
            foreach (var file in missing)
                known.Add(file.Name, 0);
        }
        return known;
    }

    /// <summary>Whether a dump is on the target, as far as its files were selected.</summary>
    internal async ValueTask<bool> IsCompleteAsync(MySqlConnection target, DumpedFiles files, CancellationToken ct)
    {
        try
        {
            return await target.QueryScalarAsync($"SELECT MIN(`offset` = end_pos) FROM {_table} WHERE id = {_source} AND tiferry_dump = '{files.Identity}'", ct) == "1";
        }
        catch (MySqlServerException error) when (error.Code is UnknownDatabase or NoSuchTable or UnknownColumn)
        {
            return false;
        }
    }

    /// <summary>The table's name.</summary>
    public override string ToString() => _table;

    /// <summary>Moves a file's row on, in the transaction under way.</summary>
    /// <returns>False where it does not stand where it did: another process loads the same file.</returns>
    internal async ValueTask<bool> TryMoveAsync(MySqlConnection target, DataFile file, long from, long to, CancellationToken ct)
    {
        var ok = await target.ExecuteAsync(
            $"UPDATE {_table} SET `offset` = {to} WHERE id = {_source} AND filename = {SqlText.Literal(file.Name)} AND `offset` = {from}", ct);
        return ok.AffectedRows == 1;
    }

    private async ValueTask<Dictionary<string, long>> ReadAsync(MySqlConnection target, DumpedFiles files, CancellationToken ct)
    {
        var lengths = files.Data.ToDictionary(f => f.Name, f => f.Length, StringComparer.Ordinal);
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            foreach (var row in await target.QueryRowsAsync($"SELECT filename, `offset`, end_pos, tiferry_dump FROM {_table} WHERE id = {_source}", ct))
            {
                if (row[3] != files.Identity)
                    throw Mismatch("the target holds rows of another dump than the one in the folder");
                // Files of tables that are not selected any more stay noted.
                if (!lengths.TryGetValue(row[0]!, out var length))
                    continue;
                if (length != long.Parse(row[2]!, CultureInfo.InvariantCulture))
                    throw Mismatch($"file {row[0]} has {length} bytes, and had {row[2]} when the load began");
                known.Add(row[0]!, long.Parse(row[1]!, CultureInfo.InvariantCulture));
            }
        }
        catch (MySqlServerException error) when (error.Code == UnknownColumn)
        {
            throw Mismatch("it was written by another program");
        }
        return known;
    }

    private TiFerryException Mismatch(string what) => new(LoadErrors.CheckpointMismatch, ErrorScope.Downstream,
        $"checkpoint {_table} does not fit: {what}", "start the task with --remove-meta to load anew; empty the target's tables first where rows must not be there twice");
}
