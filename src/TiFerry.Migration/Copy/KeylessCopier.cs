using TiFerry.Binlog;
using TiFerry.Migration.Meta;
using TiFerry.MySql;

namespace TiFerry.Migration.Copy;

/// <summary>
/// Copies a table without a usable key: in one snapshot whose position is exact, because its rows can't be applied twice. It can't be
/// resumed in the middle either; a new attempt empties the target's table and starts again.
/// </summary>
internal static class KeylessCopier
{
    private const int TransactionRows = 100_000;
    private const long TransactionBytes = 32 * 1024 * 1024;

    /// <summary>Copies the rows.</summary>
    /// <param name="source">The session that holds the snapshot.</param>
    /// <param name="rows">The writing session.</param>
    /// <param name="meta">Where the end of the copy is written, with the last rows.</param>
    /// <param name="table">The table.</param>
    /// <param name="copiedAt">The snapshot's position; null where the source writes no binlog.</param>
    /// <param name="ct">Stops the copy.</param>
    public static async ValueTask CopyAsync(
        MySqlConnection source, RowCopier rows, MetaStore meta, CopyTable table, BinlogPosition? copiedAt, CancellationToken ct)
    {
        var plan = table.Plan;
        long count = 0;
        long bytes = 0;
        rows.Begin(replace: false);
        await using (var result = await source.QueryAsync(plan.SelectFrom, ct))
        {
            while (await result.ReadAsync(ct))
            {
                bytes += rows.Append(plan, result);
                count++;
                if (count >= TransactionRows || bytes >= TransactionBytes)
                {
                    await rows.CommitAsync(plan, static _ => { }, ct);
                    table.Add(count, bytes);
                    (count, bytes) = (0, 0);
                    rows.Begin(replace: false);
                }
                else if (rows.IsFull)
                {
                    await rows.SendAsync(plan, ct);
                }
            }
        }
        table.Record = table.Record with { State = CopyState.Copied, CopiedAt = copiedAt, Rows = table.Rows + count };
        await rows.CommitAsync(plan, sql => meta.AppendObject(sql, table.Record), ct);
        table.Add(count, bytes);
    }
}
