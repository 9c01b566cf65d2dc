using System.Globalization;
using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Ddl;
using TiFerry.Sync.Apply;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Ddl;
using TiFerry.Sync.OnlineDdl;
using TiFerry.Sync.Route;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;

namespace TiFerry.Sync;

/// <summary>
/// Keeps the target in step with the source's binlog. There is one way back from every fault that may pass: call it again. It reads the checkpoint
/// and goes on from there in safe mode, exactly as after a crash.
/// </summary>
/// <param name="options">What to do.</param>
/// <param name="progress">Told of what is done.</param>
/// <param name="log">The log.</param>
public sealed class Synchronizer(SyncOptions options, SyncProgress progress, Log log)
{
    /// <summary>Works until the stop position is reached or the token is cancelled; the checkpoint must exist.</summary>
    /// <param name="stop">Asks to stop: what is being applied is finished, then the call returns.</param>
    /// <returns>True where the stop position was reached, false where the token ended the work.</returns>
    /// <exception cref="TiFerryException">Something needs a person to act; the checkpoint stays where the work can go on.</exception>
    /// <exception cref="MySqlConnectionLostException">A connection broke; calling again goes on.</exception>
    /// <exception cref="MySqlServerException">A passing fault of the target, such as a deadlock; calling again goes on.</exception>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var outcome = await RunOnceAsync(stop);
                if (outcome != SyncOutcome.NeedsOrder)
                    return outcome == SyncOutcome.Reached;
                log.Warn("the source logs row images that don't hold all columns; changes are applied in order from here on, by one connection");
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            progress.Exited(TransientErrors.IsTransient(error));
            throw;
        }
    }

    private async Task<SyncOutcome> RunOnceAsync(CancellationToken stop)
    {
        await using var control = await options.Slots.OpenAsync(TargetSlots.Sync, stop);
        await using var source = await Session.OpenForReadingAsync(options.Source, stop);
        progress.ClockOffset(await SourceClock.OffsetAsync(source, stop));
        var checkpoint = await BeginAsync(control, source, stop);

        var maxAllowedPacket = long.Parse((await control.QueryScalarAsync("SELECT @@max_allowed_packet", stop))!, CultureInfo.InvariantCulture);
        await using var applier = await WindowApplier.OpenAsync(options, checkpoint.InOrder, maxAllowedPacket, progress, log, stop);
        var names = new RoutedNames(source, options.Filter, options.Router);
        var targets = new TargetTables(control, await LogsCascadesAsync(source, stop));
        var tracked = await TrackedTables.LoadAsync(options.Store, source, control, log, stop);
        var online = await LoadOnlineAsync(control, source, stop);
        var tables = new SourceTables(options, names, targets, tracked);
        await tables.CheckExpressionsAsync(stop);
        var dialect = await TargetDialect.CreateAsync(source.Server, control, stop);
        var planner = new DdlPlanner(options, source.Server, control.Server, dialect, tracked, names, online, progress, log);
        var cascades = new CascadeApplier(targets, names);
        using var assembler = new TransactionAssembler(
            options, new EventStreams(options, source.Server, log), checkpoint, tables, cascades, new LostParents(control, source, targets, names, cascades), applier, planner, new DdlApplier(options, control, progress, log), progress, log);
        var outcome = await assembler.RunAsync(stop);
        if (assembler.IsExact)
            await EndAsync(control, assembler.Written with { IsExact = outcome != SyncOutcome.NeedsOrder, InOrder = checkpoint.InOrder || outcome == SyncOutcome.NeedsOrder });
        return outcome;
    }

    private async ValueTask<OnlineSchemaChanges?> LoadOnlineAsync(MySqlConnection control, MySqlConnection source, CancellationToken ct)
    {
        if (options.OnlineTables is not { } tables)
            return null;
        var store = new OnlineDdlStore(options.Store.MetaSchema, options.Slots.TaskName, options.Store.SourceId);
        await store.CreateAsync(control, ct);
        var ignoresCase = await source.QueryScalarAsync("SELECT @@lower_case_table_names", ct) != "0";
        var online = new OnlineSchemaChanges(tables, store, ignoresCase);
        await online.LoadAsync(control, ct);
        return online;
    }

    // From here on the target may be ahead of the checkpoint, unless changes and checkpoint go together.
    private async ValueTask<SyncCheckpoint> BeginAsync(MySqlConnection control, MySqlConnection source, CancellationToken ct)
    {
        var checkpoint = await options.Store.ReadAsync(control, ct)
            ?? throw new TiFerryException(SyncErrors.CheckpointUnusable, ErrorScope.Downstream,
                $"task '{options.Slots.TaskName}' has no checkpoint", "give a start position with --start-position or --start-gtid");
        checkpoint = await OfThisSourceAsync(checkpoint, source, ct);
        if (!checkpoint.InOrder)
            checkpoint = checkpoint with { SafeModeExit = await SafeModeExitAsync(source, checkpoint, ct), IsExact = false };
        await options.Store.WriteAsync(control, checkpoint, ct);
        return checkpoint;
    }

    private async ValueTask<SyncCheckpoint> OfThisSourceAsync(SyncCheckpoint checkpoint, MySqlConnection source, CancellationToken ct)
    {
        var identity = await SourceIdentity.ReadAsync(source, ct);
        IReadOnlyList<string> subDirectories = [];
        if (options.Events is { } relay)
        {
            await relay.FollowsAsync(source, ct);
            subDirectories = relay.SubDirectories;
            // A relay log keeps its own order of the servers that it followed.
            if (PositionNames.AreOfRelay(checkpoint, subDirectories))
                return checkpoint with { SubDirectories = subDirectories };
        }
        else if (PositionNames.AreOfServer(checkpoint, identity, await RelayEvents.ServerAsync(source, ct)))
        {
            return checkpoint with { Source = identity, SubDirectories = [] };
        }
        var moved = await SourceChange.ApplyAsync(checkpoint, source, identity, options.CopiedAt.Values, ct);
        log.Warn("the checkpoint's positions are another server's or another relay log's; going on behind its GTIDs",
            ("position", checkpoint.Position), ("before", checkpoint.Source), ("now", identity), ("relay", string.Join(", ", subDirectories)), ("gtid", checkpoint.Gtid));
        return moved with { SubDirectories = subDirectories };
    }

    // Mostly it only spares the next run its careful way. The stop may have ended a statement of this session, and the session with it.
    private async ValueTask EndAsync(MySqlConnection control, SyncCheckpoint checkpoint)
    {
        try
        {
            await options.Store.WriteAsync(control, checkpoint, CancellationToken.None);
        }
        catch (Exception error) when (TransientErrors.IsTransient(error))
        {
            log.Info("the orderly end could not be noted; the next run begins in safe mode", ("error", error.Message));
        }
    }

    // Since MySQL 9.6 the server, not the engine, carries cascades out, and logs them (MySQL manual, "innodb_native_foreign_keys").
    private static async ValueTask<bool> LogsCascadesAsync(MySqlConnection source, CancellationToken ct) =>
        source.Server.Flavour == ServerFlavour.MySql && source.Server.IsAtLeast(9, 6)
        && string.Equals(await source.QueryScalarAsync("SELECT @@innodb_native_foreign_keys", ct), "0", StringComparison.Ordinal);

    // Workers commit ahead of the checkpoint, so after a restart the target may hold anything up to where the source is now.
    private async ValueTask<BinlogPosition?> SafeModeExitAsync(MySqlConnection source, SyncCheckpoint checkpoint, CancellationToken ct)
    {
        if (checkpoint.IsExact)
            return checkpoint.SafeModeExit;
        var now = (await SourcePosition.ReadAsync(source, ct)).Position;
        if (options.Events is { } relay)
            now = await relay.QualifyAsync(source, now, ct);
        var exit = checkpoint.SafeModeExit is { } stored && stored.CompareTo(now) > 0 ? stored : now;
        return exit.CompareTo(checkpoint.Position) > 0 ? exit : null;
    }
}
