using TiFerry.Diff.Chunks;
using TiFerry.Diff.Recheck;
using TiFerry.Diff.Sessions;
using TiFerry.Diff.Unordered;
using TiFerry.MySql;

namespace TiFerry.Diff;

/// <summary>Compares pieces of tables over one pair of sessions.</summary>
internal sealed class TableComparer(ComparisonOptions options, ReadingPair sessions, ComparisonProgress progress)
{
    /// <summary>Compares a chunk, or a whole table that can't be read in chunks, and adds what it finds to the table's tally.</summary>
    /// <param name="tally">The table.</param>
    /// <param name="chunk">The chunk; null for the whole table.</param>
    /// <param name="ct">Stops the comparison.</param>
    public async ValueTask CompareAsync(TableTally tally, Chunk? chunk, CancellationToken ct)
    {
        if (tally.HasChanged)
            return;
        try
        {
            if (chunk is not null)
                await CompareChunkAsync(tally, chunk, ct);
            else if (tally.Table.Key.Length > 0)
                await CompareUnorderedAsync(tally, ct);
            else
                await CompareKeylessAsync(tally, ct);
        }
        catch (MySqlServerException error) when (IsDefinitionChange(error))
        {
            tally.Change(error.ServerMessage);
        }
    }

    /// <summary>Whether a statement that was right became wrong because somebody changed the table.</summary>
    /// <remarks>MySQL error reference: no such table, column, key or database; table definition changed since the snapshot.</remarks>
    public static bool IsDefinitionChange(MySqlServerException error) => error.Code is 1146 or 1054 or 1176 or 1049 or 1412;

    private async ValueTask CompareChunkAsync(TableTally tally, Chunk chunk, CancellationToken ct)
    {
        var parts = new Stack<Chunk>([chunk]);
        while (parts.TryPop(out var part))
        {
            var reading = await sessions.RunAsync(
                tally.Name.ToString(), () => ChunkComparer.ReadAsync(sessions, tally.Table, part, ct), ct);
            if (reading.SplitAt is { } split)
            {
                parts.Push(part with { Lower = split });
                parts.Push(part with { Upper = split });
                continue;
            }
            await RecheckAsync(tally, reading.Suspects, hasMore: false, ct);
            Count(tally, reading.SourceRows, reading.TargetRows);
        }
    }

    private async ValueTask CompareUnorderedAsync(TableTally tally, CancellationToken ct)
    {
        var comparer = new UnorderedComparer(options, sessions, tally.Table);
        var reading = await sessions.RunAsync(tally.Name.ToString(), () => comparer.ReadKeyedAsync(ct), ct);
        await RecheckAsync(tally, reading.Suspects, reading.HasMore, ct);
        Count(tally, reading.SourceRows, reading.TargetRows);
    }

    private async ValueTask CompareKeylessAsync(TableTally tally, CancellationToken ct)
    {
        var comparer = new UnorderedComparer(options, sessions, tally.Table);
        var reading = await sessions.RunAsync(tally.Name.ToString(), () => comparer.ReadKeylessAsync(ct), ct);
        if (!reading.IsStable)
            tally.Change("it has no key, and its rows changed each time it was read");
        tally.Add(reading.Missing, reading.Extra, reading.HasMore);
        progress.Add(0, reading.Missing + reading.Extra);
        Count(tally, reading.SourceRows, reading.TargetRows);
    }

    private async ValueTask RecheckAsync(TableTally tally, List<byte[]> suspects, bool hasMore, CancellationToken ct)
    {
        if (suspects.Count == 0 && !hasMore)
            return;
        using var rechecker = new Rechecker(options, sessions, tally.Table);
        var differences = await sessions.RunAsync(tally.Name.ToString(), () => rechecker.RunAsync(suspects, ct), ct);
        tally.Add(differences, hasMore);
        progress.Add(0, differences.Count);
    }

    private void Count(TableTally tally, long source, long target)
    {
        tally.AddRows(source, target);
        progress.Add(source, 0);
    }
}
