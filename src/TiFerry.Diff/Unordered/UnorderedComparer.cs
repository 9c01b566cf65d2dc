using System.Collections;
using System.Runtime.InteropServices;
using TiFerry.Core.Retry;
using TiFerry.Diff.Rows;
using TiFerry.Diff.Sessions;

namespace TiFerry.Diff.Unordered;

/// <summary>
/// Compares a table that can't be read in ranges: it has no key, or the servers order its key differently. Both sides are read whole and summed up in
/// buckets; only the rows of buckets that differ are looked at one by one.
/// </summary>
internal sealed class UnorderedComparer(ComparisonOptions options, ReadingPair sessions, ComparedTable table)
{
    private const int MaxSuspects = 500_000;

    /// <summary>What the reading of a keyed table found.</summary>
    /// <param name="SourceRows">Rows on the source.</param>
    /// <param name="TargetRows">Rows on the target.</param>
    /// <param name="Suspects">Keys of rows without an equal twin.</param>
    /// <param name="HasMore">Whether there are more than could be looked at.</param>
    public sealed record KeyedReading(long SourceRows, long TargetRows, List<byte[]> Suspects, bool HasMore);

    /// <summary>What the reading of a table without a key found.</summary>
    /// <param name="SourceRows">Rows on the source.</param>
    /// <param name="TargetRows">Rows on the target.</param>
    /// <param name="Missing">Rows that only the source has.</param>
    /// <param name="Extra">Rows that only the target has.</param>
    /// <param name="HasMore">Whether there are more than could be counted.</param>
    /// <param name="IsStable">False where the source changed each time it was read.</param>
    public sealed record KeylessReading(long SourceRows, long TargetRows, long Missing, long Extra, bool HasMore, bool IsStable);

    /// <summary>Reads a table with a key.</summary>
    public async ValueTask<KeyedReading> ReadKeyedAsync(CancellationToken ct)
    {
        var (source, target) = await ReadBothAsync(ct);
        var suspicious = Suspicious(source, target, within: null);
        if (!suspicious.HasAnySet())
            return new KeyedReading(source.Rows, target.Rows, [], false);
        var hasMore = Limit(suspicious, source, target);
        using var hasher = new RowHasher(table.Columns);
        using var join = new RowJoin(table, hasher);
        foreach (var side in (Side[])[Side.Source, Side.Target])
        {
            using var rows = new BucketReader(table);
            await using var result = await sessions[side].QueryAsync(table.SelectAll(side), ct);
            while (await result.ReadAsync(ct))
            {
                if (suspicious[rows.BucketOf(result)] && !join.TryMatch(side, result))
                    join.Hold(side, result);
            }
        }
        return new KeyedReading(source.Rows, target.Rows, [.. join.Suspects], hasMore);
    }

    /// <summary>Reads a table without a key, as often as it takes to tell a difference from a change under way.</summary>
    public async ValueTask<KeylessReading> ReadKeylessAsync(CancellationToken ct)
    {
        var (source, target) = await ReadBothAsync(ct);
        var suspicious = Suspicious(source, target, within: null);
        if (!suspicious.HasAnySet())
            return new KeylessReading(source.Rows, target.Rows, 0, 0, false, true);
        if (options.WaitUntilApplied is null)
            return await CountAsync(source, target, suspicious, ct);

        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        for (var attempt = 1; ; attempt++)
        {
            var before = source;
            source = await Buckets.ReadAsync(sessions.Source, Side.Source, table, ct);
            await options.WaitUntilApplied(ct);
            target = await Buckets.ReadAsync(sessions.Target, Side.Target, table, ct);
            // A bucket that was equal once was equal: only those that never were are still in question.
            suspicious = Suspicious(source, target, suspicious);
            if (!suspicious.HasAnySet())
                return new KeylessReading(source.Rows, target.Rows, 0, 0, false, true);
            if (attempt >= options.Rechecks)
            {
                var isStable = Indices(suspicious).All(b => source.HasSame(before, b));
                return await CountAsync(source, target, suspicious, ct) with { IsStable = isStable };
            }
            await backoff.WaitAsync(ct);
        }
    }

    private async ValueTask<(Buckets Source, Buckets Target)> ReadBothAsync(CancellationToken ct)
    {
        var source = Buckets.ReadAsync(sessions.Source, Side.Source, table, ct).AsTask();
        var target = Buckets.ReadAsync(sessions.Target, Side.Target, table, ct).AsTask();
        await Task.WhenAll(source, target);
        return (await source, await target);
    }

    // The rows of the suspicious buckets, each counted up on the source and down on the target.
    private async ValueTask<KeylessReading> CountAsync(Buckets source, Buckets target, BitArray suspicious, CancellationToken ct)
    {
        var hasMore = Limit(suspicious, source, target);
        var balance = new Dictionary<UInt128, long>();
        foreach (var side in (Side[])[Side.Source, Side.Target])
        {
            if (side == Side.Target && options.WaitUntilApplied is { } wait)
                await wait(ct);
            using var rows = new BucketReader(table);
            await using var result = await sessions[side].QueryAsync(table.SelectAll(side), ct);
            while (await result.ReadAsync(ct))
            {
                if (suspicious[rows.BucketOf(result)])
                    CollectionsMarshal.GetValueRefOrAddDefault(balance, rows.Digest, out _) += side == Side.Source ? 1 : -1;
            }
        }
        var missing = balance.Values.Where(n => n > 0).Sum();
        var extra = -balance.Values.Where(n => n < 0).Sum();
        return new KeylessReading(source.Rows, target.Rows, missing, extra, hasMore, IsStable: true);
    }

    private static BitArray Suspicious(Buckets source, Buckets target, BitArray? within)
    {
        var suspicious = new BitArray(Buckets.Count);
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
            suspicious[bucket] = within?[bucket] != false && !source.HasSame(target, bucket);
        return suspicious;
    }

    // Where too many rows lie in differing buckets, the first buckets are looked at and the rest is only known to differ.
    private static bool Limit(BitArray suspicious, Buckets source, Buckets target)
    {
        long rows = 0;
        var hasMore = false;
        foreach (var bucket in Indices(suspicious))
        {
            var more = source.RowsIn(bucket) + target.RowsIn(bucket);
            if (rows == 0 || rows + more <= MaxSuspects)
            {
                rows += more;
                continue;
            }
            suspicious[bucket] = false;
            hasMore = true;
        }
        return hasMore;
    }

    private static IEnumerable<int> Indices(BitArray bits) => Enumerable.Range(0, bits.Count).Where(i => bits[i]);
}
