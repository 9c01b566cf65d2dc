using TiFerry.Diff.Rows;
using TiFerry.Diff.Sessions;
using TiFerry.MySql;

namespace TiFerry.Diff.Chunks;

/// <summary>
/// Compares one range of keys: both sides are read in key order, and as long as both deliver the same row nothing is kept. Rows that don't
/// meet their twin at once are joined by key; so a difference in order costs memory and time but never a wrong verdict.
/// </summary>
internal static class ChunkComparer
{
    /// <summary>What the reading of a chunk found.</summary>
    /// <param name="SourceRows">Rows read from the source.</param>
    /// <param name="TargetRows">Rows read from the target.</param>
    /// <param name="Suspects">Keys of rows without an equal twin.</param>
    /// <param name="SplitAt">Set where too many rows would have to be held: nothing else is valid, compare the parts before and from this key on.</param>
    public sealed record Reading(long SourceRows, long TargetRows, List<byte[]> Suspects, string[]? SplitAt);

    /// <summary>Reads a chunk on both sides.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="table">The table.</param>
    /// <param name="chunk">The range.</param>
    /// <param name="heldRows">How many rows may be held.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async ValueTask<Reading> ReadAsync(ReadingPair sessions, ComparedTable table, Chunk chunk, int heldRows, CancellationToken ct)
    {
        using var hasher = new RowHasher(table.Columns);
        using var join = new RowJoin(table, hasher);
        var opening = sessions.Source.QueryAsync(table.SelectRange(Side.Source, chunk), ct).AsTask();
        var openingTarget = sessions.Target.QueryAsync(table.SelectRange(Side.Target, chunk), ct).AsTask();
        await Task.WhenAll(opening, openingTarget);
        await using var source = await opening;
        await using var target = await openingTarget;

        long sourceRows = 0;
        long targetRows = 0;
        var hasSource = await source.ReadAsync(ct);
        var hasTarget = await target.ReadAsync(ct);
        while (hasSource || hasTarget)
        {
            var takeSource = hasSource;
            var takeTarget = hasTarget;
            if (!hasSource || !hasTarget || !hasher.AreEqual(source, target))
            {
                // A side whose row was waited for is behind: it reads on alone until both are level again.
                if (hasSource && join.TryMatch(Side.Source, source))
                {
                    takeTarget = false;
                }
                else if (hasTarget && join.TryMatch(Side.Target, target))
                {
                    takeSource = false;
                }
                else
                {
                    if (hasSource)
                        join.Hold(Side.Source, source);
                    if (hasTarget && !join.TryMatch(Side.Target, target))
                        join.Hold(Side.Target, target);
                }
                if (join.Count > heldRows && SplitKey(table, chunk, join, hasSource ? source : null, hasTarget ? target : null) is { } split)
                    return new Reading(0, 0, [], split);
            }
            if (takeSource)
            {
                sourceRows++;
                hasSource = await source.ReadAsync(ct);
            }
            if (takeTarget)
            {
                targetRows++;
                hasTarget = await target.ReadAsync(ct);
            }
        }
        return new Reading(sourceRows, targetRows, [.. join.Suspects], null);
    }

    // The side that holds more gets the smaller part; a key that is the chunk's own start would not divide it.
    private static string[]? SplitKey(ComparedTable table, Chunk chunk, RowJoin join, ResultSet? source, ResultSet? target)
    {
        var row = target is null || (source is not null && join.HeldOf(Side.Source) >= join.HeldOf(Side.Target)) ? source : target;
        var split = table.KeyLiterals(row!);
        return chunk.Lower is null || !split.AsSpan().SequenceEqual(chunk.Lower) ? split : null;
    }
}
