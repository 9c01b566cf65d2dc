using TiFerry.Migration.Meta;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>
/// Copies one chunk at a time over one session on each side. Rows and the chunk's progress commit together, so whatever ends the
/// process, the next one goes on behind the last row that is on the target.
/// </summary>
/// <param name="source">The reading session.</param>
/// <param name="rows">The writing session with its statements.</param>
/// <param name="meta">Where progress is written.</param>
/// <param name="chunkRows">Rows in one transaction at most.</param>
internal sealed class ChunkCopier(MySqlConnection source, RowCopier rows, MetaStore meta, int chunkRows)
{
    private const int TransactionBytes = 32 * 1024 * 1024;

    /// <summary>Copies what is left of a chunk.</summary>
    /// <param name="table">The table.</param>
    /// <param name="chunk">The chunk as far as it is.</param>
    /// <param name="ct">Stops the copy; what is not committed is rolled back by the end of the sessions.</param>
    public async ValueTask CopyAsync(CopyTable table, CopyChunk chunk, CancellationToken ct)
    {
        while (!chunk.Done)
            chunk = await CopyPartAsync(table, chunk, ct);
    }

    // One SELECT and, for rows of usual size, one transaction.
    private async ValueTask<CopyChunk> CopyPartAsync(CopyTable table, CopyChunk chunk, CancellationToken ct)
    {
        var plan = table.Plan;
        var read = 0;
        long uncommittedRows = 0;
        long uncommittedBytes = 0;
        string[]? last = null;
        rows.Begin(table.Displaces && !table.IsStrict);
        await using (var result = await source.QueryAsync(Select(plan, chunk), ct))
        {
            while (await result.ReadAsync(ct))
            {
                uncommittedBytes += rows.Append(plan, result);
                uncommittedRows++;
                if (++read == chunkRows)
                    last = KeyOf(plan, result);
                if (uncommittedBytes >= TransactionBytes && read < chunkRows)
                {
                    chunk = chunk with { Cursor = KeyOf(plan, result) };
                    await CommitAsync(table, chunk, uncommittedRows, uncommittedBytes, ct);
                    (uncommittedRows, uncommittedBytes) = (0, 0);
                    rows.Begin(table.Displaces && !table.IsStrict);
                }
                else if (rows.IsFull)
                {
                    await rows.SendAsync(plan, ct);
                }
            }
        }
        chunk = last is null ? chunk with { Done = true } : chunk with { Cursor = last };
        await CommitAsync(table, chunk, uncommittedRows, uncommittedBytes, ct);
        return chunk;
    }

    private async ValueTask CommitAsync(CopyTable table, CopyChunk chunk, long count, long bytes, CancellationToken ct)
    {
        await rows.CommitAsync(table.Plan, sql => meta.AppendChunkProgress(sql, table.Name, chunk, count), ct);
        table.Add(count, bytes);
    }

    private string Select(TablePlan plan, CopyChunk chunk)
    {
        var conditions = new List<string>(2);
        if (chunk.Cursor is not null)
            conditions.Add(KeyRange.After(plan.Key, chunk.Cursor));
        else if (chunk.Lower is not null)
            conditions.Add(KeyRange.From(plan.Key, chunk.Lower));
        if (chunk.Upper is not null)
            conditions.Add(KeyRange.Before(plan.Key, chunk.Upper));
        var where = conditions.Count == 0 ? "" : $" WHERE {string.Join(" AND ", conditions)}";
        return $"{plan.SelectFrom}{where} ORDER BY {plan.OrderBy} LIMIT {chunkRows}";
    }

    private static string[] KeyOf(TablePlan plan, ResultSet row)
    {
        var key = new string[plan.Key.Length];
        for (var i = 0; i < key.Length; i++)
            key[i] = plan.KeyColumns[i].KeyLiteral(row.GetSpan(plan.KeyCells[i]));
        return key;
    }
}
