using TiFerry.Core.Logging;
using TiFerry.Diff;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Charsets;
using TiFerry.Schema.Ddl;

namespace TiFerry.Migration;

/// <summary>
/// Compares both sides, row by row, after a migration has caught up. The source may be written to meanwhile, unless it is no longer followed
/// (mode full): what differs is looked at again after catching up once more.
/// </summary>
public static class Verification
{
    /// <summary>Compares all tables of the migration.</summary>
    /// <param name="options">The migration.</param>
    /// <param name="progress">Told how far it is and what was found.</param>
    /// <param name="log">The log.</param>
    /// <param name="stop">Stops the comparison.</param>
    /// <returns>What was found; differences are a result, not an exception.</returns>
    public static async Task<ComparisonResult> RunAsync(MigrationOptions options, MigrationProgress progress, Log log, CancellationToken stop)
    {
        using var turn = new SemaphoreSlim(1);
        var scope = await VerifiedTables.ReadAsync(options, stop);
        progress.NotVerified = scope.LeftOut;
        foreach (var table in scope.LeftOut)
            log.Info("table is not verified", ("table", table.Name), ("reason", table.Reason));
        var comparison = new Comparison(new ComparisonOptions
        {
            Source = options.Source,
            Target = options.Target,
            Tables = scope.Pairs,
            Filter = scope.Filter,
            AllowsExtraColumns = true,
            Threads = options.Threads,
            ChunkRows = options.ChunkRows,
            Collations = await CollationsAsync(options, stop),
            WaitUntilApplied = options.Mode == MigrationMode.Full ? null : ct => CatchUpAsync(options, log, turn, ct),
            Log = log,
        });
        progress.Verification = comparison.Progress;
        progress.Stage = MigrationStage.Verifying;
        progress.Verified = await comparison.RunAsync(stop);
        progress.Stage = MigrationStage.Done;
        return progress.Verified;
    }

    private static async ValueTask<CollationMapping> CollationsAsync(MigrationOptions options, CancellationToken ct)
    {
        await using var source = await Session.OpenForReadingAsync(options.Source, ct);
        await using var target = await Session.OpenForReadingAsync(options.Target, ct);
        return (await TargetDialect.CreateAsync(source.Server, target, ct)).Mapping;
    }

    // Only one process at a time may work on a task, and so may only one of the comparison's threads.
    private static async ValueTask CatchUpAsync(MigrationOptions options, Log log, SemaphoreSlim turn, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            await new MigrationTask(options with { StopWhenCaughtUp = true }, log).RunAsync(ct);
            ct.ThrowIfCancellationRequested();
        }
        finally
        {
            turn.Release();
        }
    }
}
