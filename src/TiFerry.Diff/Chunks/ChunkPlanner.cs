using TiFerry.Diff.Rows;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Diff.Chunks;

/// <summary>
/// Divides a table into ranges of its row key by what the source holds. The first and the last are open, so that they cover all keys there can be:
/// also those that only the target has.
/// </summary>
internal static class ChunkPlanner
{
    /// <summary>Plans the chunks.</summary>
    /// <param name="source">A session on the source.</param>
    /// <param name="table">The table, whose key has the same order on both sides.</param>
    /// <param name="chunkRows">How many rows a chunk should have.</param>
    /// <param name="ct">Stops the planning.</param>
    public static async ValueTask<List<Chunk>> PlanAsync(MySqlConnection source, ComparedTable table, int chunkRows, CancellationToken ct)
    {
        var rows = Math.Max(table.Source.EstimatedRows, table.Target.EstimatedRows);
        var bounds = await KeyBounds.FindAsync(source, table.Source, table.SourceKey!, rows, chunkRows, ct);
        var chunks = new List<Chunk>(bounds.Count + 1);
        for (var i = 0; i <= bounds.Count; i++)
            chunks.Add(new Chunk(i == 0 ? null : bounds[i - 1], i == bounds.Count ? null : bounds[i]));
        return chunks;
    }
}
