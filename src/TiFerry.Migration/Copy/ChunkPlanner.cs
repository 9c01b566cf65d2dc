using TiFerry.Migration.Meta;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>Divides a table into ranges of its row key that are copied independently.</summary>
internal static class ChunkPlanner
{
    /// <summary>Plans the chunks.</summary>
    /// <param name="source">A session on the source.</param>
    /// <param name="plan">The table, which has a row key.</param>
    /// <param name="chunkRows">How many rows a chunk should have.</param>
    /// <param name="ct">Stops the planning.</param>
    /// <returns>Chunks that cover all keys there can be, in order.</returns>
    public static async ValueTask<List<CopyChunk>> PlanAsync(MySqlConnection source, TablePlan plan, int chunkRows, CancellationToken ct)
    {
        var bounds = await KeyBounds.FindAsync(source, plan.Source, plan.Source.RowKey!, plan.Source.EstimatedRows, chunkRows, ct);
        var chunks = new List<CopyChunk>(bounds.Count + 1);
        for (var i = 0; i <= bounds.Count; i++)
            chunks.Add(new CopyChunk(i, i == 0 ? null : bounds[i - 1], i == bounds.Count ? null : bounds[i], null, false));
        return chunks;
    }
}
