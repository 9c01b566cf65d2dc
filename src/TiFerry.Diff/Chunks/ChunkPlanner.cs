using System.Globalization;
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
    private const int MaxChunks = 10_000;

    /// <summary>Plans the chunks.</summary>
    /// <param name="source">A session on the source.</param>
    /// <param name="table">The table, whose key has the same order on both sides.</param>
    /// <param name="chunkRows">How many rows a chunk should have.</param>
    /// <param name="ct">Stops the planning.</param>
    public static async ValueTask<List<Chunk>> PlanAsync(MySqlConnection source, ComparedTable table, int chunkRows, CancellationToken ct)
    {
        var rows = Math.Max(table.Source.EstimatedRows, table.Target.EstimatedRows);
        var count = (int)Math.Clamp((rows + chunkRows - 1) / chunkRows, 1, MaxChunks);
        List<string[]> bounds = [];
        if (count > 1)
        {
            bounds = table.SourceKey[0].Kind == ColumnKind.Integer
                ? await EvenBoundsAsync(source, table, count, ct)
                : await WalkedBoundsAsync(source, table, Math.Max(chunkRows, rows / MaxChunks), ct);
        }
        var chunks = new List<Chunk>(bounds.Count + 1);
        for (var i = 0; i <= bounds.Count; i++)
            chunks.Add(new Chunk(i == 0 ? null : bounds[i - 1], i == bounds.Count ? null : bounds[i]));
        return chunks;
    }

    // An integer key is cut evenly between its ends; nothing is read for that.
    private static async ValueTask<List<string[]>> EvenBoundsAsync(MySqlConnection source, ComparedTable table, int count, CancellationToken ct)
    {
        var name = TableName.Quote(table.SourceKey[0].Name);
        var rows = await source.QueryRowsAsync($"SELECT MIN({name}), MAX({name}) FROM {table.Source.Name}", ct);
        if (rows[0][0] is not { } minText)
            return [];
        var min = Int128.Parse(minText, CultureInfo.InvariantCulture);
        var span = Int128.Parse(rows[0][1]!, CultureInfo.InvariantCulture) - min + 1;
        var bounds = new List<string[]>(count - 1);
        var last = min;
        for (var i = 1; i < count; i++)
        {
            var bound = min + span * i / count;
            if (bound > last)
                bounds.Add([bound.ToString(CultureInfo.InvariantCulture)]);
            last = bound;
        }
        return bounds;
    }

    // Other keys are walked along the index, one key in every so many.
    private static async ValueTask<List<string[]>> WalkedBoundsAsync(MySqlConnection source, ComparedTable table, long step, CancellationToken ct)
    {
        var bounds = new List<string[]>();
        while (bounds.Count < MaxChunks)
        {
            var rest = new Chunk(bounds.Count == 0 ? null : bounds[^1], null);
            await using var result = await source.QueryAsync($"{table.SelectKeys(rest)} LIMIT {step}, 1", ct);
            if (!await result.ReadAsync(ct))
                break;
            bounds.Add([.. table.Key.Select((k, i) => table.Columns[k].SourceLiteral(result.GetSpan(i)))]);
            await result.ReadAsync(ct);
        }
        return bounds;
    }
}
