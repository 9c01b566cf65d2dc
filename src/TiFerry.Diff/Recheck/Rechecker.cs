using TiFerry.Core.Retry;
using TiFerry.Diff.Rows;
using TiFerry.Diff.Sessions;
using TiFerry.MySql;

namespace TiFerry.Diff.Recheck;

/// <summary>
/// Looks at suspects again, key by key: the source first, then, once the target has applied what the source held, the target. What was only
/// on its way is equal then; what is left gets its name: missing, extra, or different in which columns.
/// </summary>
internal sealed class Rechecker(ComparisonOptions options, ReadingPair sessions, ComparedTable table) : IDisposable
{
    private const int BatchKeys = 200;
    private const int StatementBytes = 512 * 1024;

    private readonly RowHasher _hasher = new(table.Columns);
    private readonly SqlBuffer _key = new(256);

    /// <summary>Looks at suspects again.</summary>
    /// <param name="suspects">Their keys, of either side.</param>
    /// <param name="ct">Stops it.</param>
    /// <returns>The rows that differ for good.</returns>
    public async ValueTask<List<RowDifference>> RunAsync(IReadOnlyList<byte[]> suspects, CancellationToken ct)
    {
        var differences = new List<RowDifference>();
        var seen = new HashSet<byte[]>(BytesComparer.Instance);
        foreach (var batch in suspects.Chunk(BatchKeys))
            await RunBatchAsync(batch, seen, differences, ct);
        return differences;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hasher.Dispose();
        _key.Dispose();
    }

    private async ValueTask RunBatchAsync(byte[][] keys, HashSet<byte[]> seen, List<RowDifference> differences, CancellationToken ct)
    {
        var attempts = options.WaitUntilApplied is null ? 1 : Math.Max(options.Rechecks, 2);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));
        var sources = new RowLook?[keys.Length];
        for (var attempt = 1; keys.Length > 0; attempt++)
        {
            var before = sources;
            sources = await LookAsync(Side.Source, keys, ct);
            if (options.WaitUntilApplied is { } wait)
                await wait(ct);
            var targets = await LookAsync(Side.Target, keys, ct);
            int[] unequal = [.. Enumerable.Range(0, keys.Length).Where(i => !AreSame(sources[i], targets[i]))];
            if (attempt == attempts)
            {
                foreach (var i in unequal)
                {
                    // Keys that are one for the collation are one row.
                    if (seen.Add(sources[i]?.Key ?? targets[i]?.Key ?? keys[i]))
                        differences.Add(Describe(keys[i], sources[i], targets[i], isChanging: attempt > 1 && !RowLook.AreSame(sources[i], before[i])));
                }
                return;
            }
            keys = [.. unequal.Select(i => keys[i])];
            sources = [.. unequal.Select(i => sources[i])];
            if (keys.Length > 0)
                await backoff.WaitAsync(ct);
        }
    }

    // A row that was read a moment ago and is nowhere to be found has been deleted, which nobody does where the source is quiet.
    private bool AreSame(RowLook? source, RowLook? target) =>
        RowLook.AreSame(source, target) && (source is not null || options.WaitUntilApplied is not null);

    private RowDifference Describe(byte[] suspect, RowLook? source, RowLook? target, bool isChanging)
    {
        var key = table.Describe(source?.Key ?? target?.Key ?? suspect);
        if (isChanging || (source is null && target is null))
            return new RowDifference(RowDifferenceKind.Changing, key, []);
        if (target is null)
            return new RowDifference(RowDifferenceKind.Missing, key, []);
        if (source is null)
            return new RowDifference(RowDifferenceKind.Extra, key, []);
        return new RowDifference(RowDifferenceKind.Different, key,
            [.. table.Columns.Where((_, i) => source.Cells[i] != target.Cells[i]).Select(c => c.Source.Name)]);
    }

    // One statement for each key, many in one packet: so each result belongs to its key whatever the collation makes of it.
    private async ValueTask<RowLook?[]> LookAsync(Side side, byte[][] keys, CancellationToken ct)
    {
        var looks = new RowLook?[keys.Length];
        using var sql = new SqlBuffer();
        for (var i = 0; i < keys.Length;)
        {
            var first = i;
            sql.Clear();
            do
            {
                if (i > first)
                    sql.Append((byte)';');
                sql.Append(table.SelectOne(side, keys[i++]));
            }
            while (i < keys.Length && sql.Length < StatementBytes);
            await using var rows = await sessions[side].QueryAsync(sql, ct);
            for (var k = first; k < i; k++)
            {
                if (await rows.ReadAsync(ct))
                    looks[k] = Look(rows);
                await rows.NextResultAsync(ct);
            }
        }
        return looks;
    }

    private RowLook Look(ResultSet row)
    {
        RowKey.Write(row, table.Key, _key);
        var cells = new UInt128[table.Columns.Count];
        for (var i = 0; i < cells.Length; i++)
            cells[i] = _hasher.HashCell(row, i);
        return new RowLook(_key.WrittenSpan.ToArray(), cells);
    }
}
