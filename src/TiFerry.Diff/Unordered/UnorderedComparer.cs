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
    /// <summary>What both sides hold.</summary>
    /// <param name="Source">The source's buckets.</param>
    /// <param name="Target">The target's buckets.</param>
    /// <param name="Suspicious">The buckets that differ.</param>
    public sealed record Survey(Buckets Source, Buckets Target, BitArray Suspicious);

    /// <summary>What the reading of a table without a key found.</summary>
    /// <param name="SourceRows">Rows on the source.</param>
    /// <param name="TargetRows">Rows on the target.</param>
    /// <param name="Missing">Rows that only the source has.</param>
    /// <param name="Extra">Rows that only the target has.</param>
    /// <param name="HasMore">Whether there are more than could be counted.</param>
    /// <param name="IsStable">False where the source changed each time it was read.</param>
    public sealed record KeylessReading(long SourceRows, long TargetRows, long Missing, long Extra, bool HasMore, bool IsStable);

    /// <summary>Reads both sides and finds the buckets that differ; where the source is written to, those that differ twice.</summary>
    public async ValueTask<Survey> SurveyAsync(CancellationToken ct)
    {
        var (source, target) = await ReadBothAsync(ct);
        var suspicious = Suspicious(source, target, within: null);
        if (!suspicious.HasAnySet() || options.WaitUntilApplied is not { } wait)
            return new Survey(source, target, suspicious);
        source = await Buckets.ReadAsync(sessions.Source, Side.Source, table, ct);
        await wait(ct);
        target = await Buckets.ReadAsync(sessions.Target, Side.Target, table, ct);
        return new Survey(source, target, Suspicious(source, target, suspicious));
    }

    /// <summary>Reads both sides and joins the rows of some buckets by their key.</summary>
    /// <param name="buckets">The buckets.</param>
    /// <param name="ct">Stops the reading.</param>
    /// <returns>Keys of rows without an equal twin.</returns>
    public async ValueTask<List<byte[]>> JoinAsync(BitArray buckets, CancellationToken ct)
    {
        using var hasher = new RowHasher(table.Columns);
        using var join = new RowJoin(table, hasher);
        foreach (var side in (Side[])[Side.Source, Side.Target])
        {
            using var rows = new BucketReader(table);
            foreach (var select in table.SelectAll(side))
            {
                await using var result = await sessions[side].QueryAsync(select, ct);
                while (await result.ReadAsync(ct))
                {
                    if (buckets[rows.BucketOf(result)] && !join.TryMatch(side, result))
                        join.Hold(side, result);
                }
            }
        }
        return [.. join.Suspects];
    }

    /// <summary>Takes out as many suspicious buckets as have rows that may be held; at least one.</summary>
    public BitArray Take(Survey survey)
    {
        var taken = new BitArray(Buckets.Count);
        long rows = 0;
        foreach (var bucket in Indices(survey.Suspicious))
        {
            var more = survey.Source.RowsIn(bucket) + survey.Target.RowsIn(bucket);
            if (rows > 0 && rows + more > options.HeldRows)
                break;
            rows += more;
            taken[bucket] = true;
        }
        survey.Suspicious.Xor(taken);
        return taken;
    }

    /// <summary>Reads a table without a key, as often as it takes to tell a difference from a change under way.</summary>
    public async ValueTask<KeylessReading> ReadKeylessAsync(CancellationToken ct)
    {
        var (source, target) = await ReadBothAsync(ct);
        var suspicious = Suspicious(source, target, within: null);
        if (!suspicious.HasAnySet())
            return new KeylessReading(source.Rows, target.Rows, 0, 0, false, true);
        if (options.WaitUntilApplied is null)
            return await CountAsync(new Survey(source, target, suspicious), ct);

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
                return await CountAsync(new Survey(source, target, suspicious), ct) with { IsStable = isStable };
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
    private async ValueTask<KeylessReading> CountAsync(Survey survey, CancellationToken ct)
    {
        var taken = Take(survey);
        var balance = new Dictionary<UInt128, long>();
        foreach (var side in (Side[])[Side.Source, Side.Target])
        {
            if (side == Side.Target && options.WaitUntilApplied is { } wait)
                await wait(ct);
            using var rows = new BucketReader(table);
            foreach (var select in table.SelectAll(side))
            {
                await using var result = await sessions[side].QueryAsync(select, ct);
                while (await result.ReadAsync(ct))
                {
                    if (taken[rows.BucketOf(result)])
                        CollectionsMarshal.GetValueRefOrAddDefault(balance, rows.Digest, out _) += side == Side.Source ? 1 : -1;
                }
            }
        }
        var missing = balance.Values.Where(n => n > 0).Sum();
        var extra = -balance.Values.Where(n => n < 0).Sum();
        return new KeylessReading(survey.Source.Rows, survey.Target.Rows, missing, extra, survey.Suspicious.HasAnySet(), IsStable: true);
    }

    private static BitArray Suspicious(Buckets source, Buckets target, BitArray? within)
    {
        var suspicious = new BitArray(Buckets.Count);
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
            suspicious[bucket] = within?[bucket] != false && !source.HasSame(target, bucket);
        return suspicious;
    }

    private static IEnumerable<int> Indices(BitArray bits) => Enumerable.Range(0, bits.Count).Where(i => bits[i]);
}
