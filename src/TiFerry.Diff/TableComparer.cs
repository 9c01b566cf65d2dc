using TiFerry.Diff.Chunks;
using TiFerry.Diff.Recheck;
using TiFerry.Diff.Sessions;
using TiFerry.Diff.Unordered;
using TiFerry.MySql;

namespace TiFerry.Diff;

/// <summary>Compares pieces of tables over one pair of sessions.</summary>
internal sealed class TableComparer(ComparisonOptions options, ReadingPair sessions, ComparisonProgress progress)
{
    // Each takes another reading of the whole table.
    private const int MaxJoins = 8;

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
        catch (MySqlServerException error) when (DefinitionChange.IsCauseOf(error))
        {
            tally.Change(error.ServerMessage);
        }
    }

    private async ValueTask CompareChunkAsync(TableTally tally, Chunk chunk, CancellationToken ct)
    {
        var parts = new Stack<Chunk>([chunk]);
        while (parts.TryPop(out var part))
        {
            var reading = await sessions.RunAsync(
                tally.Name.ToString(), () => ChunkComparer.ReadAsync(sessions, tally.Table, part, options.HeldRows, ct), ct);
            if (reading.SplitAt is { } split)
            {
                parts.Push(part with { Lower = split });
                parts.Push(part with { Upper = split });
                continue;
            }
            await RecheckAsync(tally, reading.Suspects, ct);
            Count(tally, reading.SourceRows, reading.TargetRows);
        }
    }

    private async ValueTask CompareUnorderedAsync(TableTally tally, CancellationToken ct)
    {
        var comparer = new UnorderedComparer(options, sessions, tally.Table);
        var survey = await sessions.RunAsync(tally.Name.ToString(), () => comparer.SurveyAsync(ct), ct);
        for (var join = 0; join < MaxJoins && survey.Suspicious.HasAnySet(); join++)
        {
            var buckets = comparer.Take(survey);
            var suspects = await sessions.RunAsync(tally.Name.ToString(), () => comparer.JoinAsync(buckets, ct), ct);
            await RecheckAsync(tally, suspects, ct);
        }
        Count(tally, survey.Source.Rows, survey.Target.Rows);
        if (!survey.Suspicious.HasAnySet())
            return;
        tally.AddMore();
        if (options.WaitUntilApplied is not null)
            tally.Change("more rows were on their way to the target than could be looked at again");
    }

    private async ValueTask CompareKeylessAsync(TableTally tally, CancellationToken ct)
    {
        var comparer = new UnorderedComparer(options, sessions, tally.Table);
        var reading = await sessions.RunAsync(tally.Name.ToString(), () => comparer.ReadKeylessAsync(ct), ct);
        if (!reading.IsStable)
            tally.Change("it has no key, and its rows changed each time it was read");
        tally.Add(reading.Missing, reading.Extra);
        if (reading.HasMore)
            tally.AddMore();
        progress.Add(0, reading.Missing + reading.Extra);
        Count(tally, reading.SourceRows, reading.TargetRows);
    }

    private async ValueTask RecheckAsync(TableTally tally, List<byte[]> suspects, CancellationToken ct)
    {
        if (suspects.Count == 0)
            return;
        using var rechecker = new Rechecker(options, sessions, tally.Table);
        var differences = await sessions.RunAsync(tally.Name.ToString(), () => rechecker.RunAsync(suspects, ct), ct);
        tally.Add(differences);
        progress.Add(0, differences.Count);
    }

    private void Count(TableTally tally, long source, long target)
    {
        tally.AddRows(source, target);
        progress.Add(source, 0);
    }
}
