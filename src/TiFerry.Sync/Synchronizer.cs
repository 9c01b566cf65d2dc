using TiFerry.Binlog.Events;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Retry;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Apply;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;

namespace TiFerry.Sync;

/// <summary>
/// Keeps the target in step with the source's binlog. There is one way back from every passing fault: close all, read the checkpoint
/// again, and go on from there in safe mode, exactly as after a crash.
/// </summary>
public sealed class Synchronizer(SyncOptions options, Log log)
{
    /// <summary>How long faults that may pass are tolerated without any progress in between.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>What has been done so far.</summary>
    public SyncProgress Progress { get; } = new();

    /// <summary>Works until the stop position is reached or the token is cancelled; the checkpoint must exist.</summary>
    /// <param name="stop">Asks to stop: what is being applied is finished, then the call returns.</param>
    /// <returns>True where the stop position was reached, false where the token ended the work.</returns>
    /// <exception cref="TiFerryException">Something needs a person to act; the checkpoint stays where the work can go on.</exception>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
        var lastProgress = Progress.AppliedPosition;
        var giveUpAt = DateTimeOffset.UtcNow + Patience;
        while (true)
        {
            try
            {
                return await RunOnceAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return false;
            }
            catch (Exception error) when (TransientErrors.IsTransient(error))
            {
                if (Progress.AppliedPosition != lastProgress)
                {
                    lastProgress = Progress.AppliedPosition;
                    giveUpAt = DateTimeOffset.UtcNow + Patience;
                    backoff.Reset();
                }
                if (DateTimeOffset.UtcNow >= giveUpAt)
                    throw;
                var delay = backoff.Next();
                log.Warn("a fault that may pass interrupted the work; going on from the checkpoint", ("error", error.Message), ("delay", delay));
                if (!await DelayAsync(delay, stop))
                    return false;
            }
        }
    }

    private async Task<bool> RunOnceAsync(CancellationToken stop)
    {
        await using var control = await options.Slots.OpenAsync("sync", stop);
        var checkpoint = await options.Store.ReadAsync(control, stop)
            ?? throw new TiFerryException(SyncErrors.CheckpointUnusable, ErrorScope.Downstream,
                $"task '{options.Slots.TaskName}' has no checkpoint", "give a start position with --start-position or --start-gtid");
        checkpoint = checkpoint with { SafeModeExit = await SafeModeExitAsync(checkpoint, stop) };
        await options.Store.WriteAsync(control, checkpoint, stop);

        var maxAllowedPacket = long.Parse((await control.QueryScalarAsync("SELECT @@max_allowed_packet", stop))!);
        await using var applier = await WindowApplier.OpenAsync(options.Slots, options.Store, options.Workers, maxAllowedPacket, stop);
        var tables = new TargetTables(control);
        using var assembler = new TransactionAssembler(options, checkpoint, tables, applier, control, Progress, log);
        return await assembler.RunAsync(stop);
    }

    // Workers commit ahead of the checkpoint, so after a restart the target may hold anything up to where the source is now.
    private async ValueTask<BinlogPosition?> SafeModeExitAsync(SyncCheckpoint checkpoint, CancellationToken ct)
    {
        await using var source = await Session.OpenForReadingAsync(options.Source, ct);
        var now = await SourcePosition.ReadAsync(source, ct);
        var exit = checkpoint.SafeModeExit is { } stored && stored.CompareTo(now.Position) > 0 ? stored : now.Position;
        return exit.CompareTo(checkpoint.Position) > 0 ? exit : null;
    }

    private static async ValueTask<bool> DelayAsync(TimeSpan delay, CancellationToken stop)
    {
        try
        {
            await Task.Delay(delay, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
