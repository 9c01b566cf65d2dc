using System.Globalization;
using TiFerry.MySql;

namespace TiFerry.Schema.Tables;

/// <summary>Finds keys that divide a table into ranges of about the same number of rows.</summary>
public static class KeyBounds
{
    private const int MaxRanges = 10_000;

    /// <summary>Finds the bounds.</summary>
    /// <param name="source">A reading session on the table's server.</param>
    /// <param name="table">The table.</param>
    /// <param name="key">The key, one of the table's row keys.</param>
    /// <param name="rows">How many rows the table is thought to have.</param>
    /// <param name="rangeRows">How many rows a range should have.</param>
    /// <param name="ct">Stops the search.</param>
    /// <returns>
    /// The first key of every range but the first, as literals and in order; such a key may name only the first columns. The first and the last range are
    /// open, so that all ranges together cover all keys there can be.
    /// </returns>
    public static async ValueTask<List<string[]>> FindAsync(MySqlConnection source, Table table, TableKey key, long rows, int rangeRows, CancellationToken ct)
    {
        var count = (int)Math.Clamp((rows + rangeRows - 1) / rangeRows, 1, MaxRanges);
        if (count == 1)
            return [];
        return table.Columns[key.Columns[0]].Kind == ColumnKind.Integer
            ? await DivideAsync(source, table, key, count, ct)
            : await WalkAsync(source, table, key, Math.Max(rangeRows, rows / MaxRanges), ct);
    }

    // An integer key is cut evenly between its ends; nothing is read for that.
    private static async ValueTask<List<string[]>> DivideAsync(MySqlConnection source, Table table, TableKey key, int count, CancellationToken ct)
    {
        var name = TableName.Quote(table.Columns[key.Columns[0]].Name);
        var rows = await source.QueryRowsAsync($"SELECT MIN({name}), MAX({name}) FROM {table.Name}", ct);
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
    private static async ValueTask<List<string[]>> WalkAsync(MySqlConnection source, Table table, TableKey key, long step, CancellationToken ct)
    {
        Column[] columns = [.. key.Columns.Select(o => table.Columns[o])];
        var list = string.Join(", ", columns.Select(ExactText.Expression));
        var order = string.Join(", ", columns.Select(c => TableName.Quote(c.Name)));
        var bounds = new List<string[]>();
        while (bounds.Count < MaxRanges)
        {
            var where = bounds.Count == 0 ? "" : $" WHERE {KeyRange.From(columns, bounds[^1])}";
            await using var result = await source.QueryAsync(
                $"SELECT {list} FROM {table.Name} FORCE INDEX ({TableName.Quote(key.Name)}){where} ORDER BY {order} LIMIT {step}, 1", ct);
            if (!await result.ReadAsync(ct))
                break;
            bounds.Add([.. columns.Select((c, i) => ExactText.KeyLiteral(c, result.GetSpan(i)))]);
            await result.ReadAsync(ct);
        }
        return bounds;
    }
}
