using System.Globalization;
using TiFerry.Migration.Meta;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Copy;

/// <summary>Divides a table into ranges of its row key that are copied independently.</summary>
internal static class ChunkPlanner
{
    private const int MaxChunks = 10_000;

    /// <summary>Plans the chunks.</summary>
    /// <param name="source">A session on the source.</param>
    /// <param name="plan">The table, which has a row key.</param>
    /// <param name="chunkRows">How many rows a chunk should have.</param>
    /// <param name="ct">Stops the planning.</param>
    /// <returns>Chunks that cover all keys there can be, in order.</returns>
    public static async ValueTask<List<CopyChunk>> PlanAsync(MySqlConnection source, TablePlan plan, int chunkRows, CancellationToken ct)
    {
        var count = (int)Math.Clamp((plan.Source.EstimatedRows + chunkRows - 1) / chunkRows, 1, MaxChunks);
        if (count == 1)
            return [new CopyChunk(0, null, null, null, false)];
        var bounds = plan.Key[0].Kind == ColumnKind.Integer
            ? await EvenBoundsAsync(source, plan, count, ct)
            : await WalkedBoundsAsync(source, plan, Math.Max(chunkRows, plan.Source.EstimatedRows / MaxChunks), ct);
        var chunks = new List<CopyChunk>(bounds.Count + 1);
        for (var i = 0; i <= bounds.Count; i++)
            chunks.Add(new CopyChunk(i, i == 0 ? null : bounds[i - 1], i == bounds.Count ? null : bounds[i], null, false));
        return chunks;
    }

    // An integer key is cut evenly between its ends; gaps make chunks small, and crowds are cut again by the copier's own limit.
    private static async ValueTask<List<string[]>> EvenBoundsAsync(MySqlConnection source, TablePlan plan, int count, CancellationToken ct)
    {
        var name = TableName.Quote(plan.Key[0].Name);
        var rows = await source.QueryRowsAsync($"SELECT MIN({name}), MAX({name}) FROM {plan.Source.Name}", ct);
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
    private static async ValueTask<List<string[]>> WalkedBoundsAsync(MySqlConnection source, TablePlan plan, long step, CancellationToken ct)
    {
        var columns = plan.KeyColumns;
        var list = string.Join(", ", columns.Select(c => c.Expression));
        var key = TableName.Quote(plan.Source.RowKey!.Name);
        var bounds = new List<string[]>();
        while (bounds.Count < MaxChunks)
        {
            var where = bounds.Count == 0 ? "" : $" WHERE {KeyRange.From(plan.Key, bounds[^1])}";
            await using var result = await source.QueryAsync(
                $"SELECT {list} FROM {plan.Source.Name} FORCE INDEX ({key}){where} ORDER BY {plan.OrderBy} LIMIT {step}, 1", ct);
            if (!await result.ReadAsync(ct))
                break;
            bounds.Add([.. columns.Select((c, i) => c.KeyLiteral(result.GetSpan(i)))]);
            await result.ReadAsync(ct);
        }
        return bounds;
    }
}
