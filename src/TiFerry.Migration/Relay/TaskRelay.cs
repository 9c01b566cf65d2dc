using System.Runtime.ExceptionServices;
using TiFerry.Binlog;
using TiFerry.Binlog.Relay;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Checkpoint;
using TiFerry.Sync.Source;

namespace TiFerry.Migration.Relay;

/// <summary>
/// The relay log of a task: pulls the source's binlog from the task's start on, through copy and following and whatever keeps the target away, so that the source may purge it.
/// </summary>
internal sealed class TaskRelay : IAsyncDisposable
{
    private readonly MigrationOptions _options;
    private readonly uint _serverId;
    private readonly CheckpointStore _checkpoints;
    private readonly Log _log;
    private readonly RelayDirectory _directory;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _failed = new();
    private Task? _pulling;
    private Task? _purging;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Prepares; nothing is touched before <see cref="Start"/>.</summary>
    /// <param name="options">The migration.</param>
    /// <param name="directory">Where the relay log is.</param>
    /// <param name="serverId">The id that the source knows the relay log by.</param>
    /// <param name="checkpoints">Where the task keeps how far it is.</param>
    /// <param name="log">The log.</param>
    public TaskRelay(MigrationOptions options, string directory, uint serverId, CheckpointStore checkpoints, Log log)
    {
        _options = options;
        _serverId = serverId;
        _checkpoints = checkpoints;
        _log = log;
        _directory = new RelayDirectory(directory);
        Events = new RelayEvents(_directory, log);
    }

    /// <summary>What the relay log holds.</summary>
    public RelayEvents Events { get; }

    /// <summary>Cancelled when the relay log can't go on.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>Starts pulling, unless that is done already.</summary>
    /// <param name="flavour">The source's flavour.</param>
    /// <param name="start">Where the copy began; null where there is a checkpoint.</param>
    /// <param name="checkpoint">How far the target is; null while tables are copied.</param>
    /// <exception cref="TiFerryException">The directory holds the binlog of other servers.</exception>
    public void Start(ServerFlavour flavour, SourcePosition? start, SyncCheckpoint? checkpoint)
    {
        if (_pulling is not null || (start is null && checkpoint is null))
            return;
        RequireOwnDirectory(checkpoint);
        var position = checkpoint is null ? start!.Value.Position : OldestNeeded(checkpoint);
        var gtid = new GtidPosition(flavour, checkpoint?.Gtid ?? start!.Value.Gtid);
        var relay = new RelayLog(new RelayLogOptions
        {
            Connection = _options.Source,
            Directory = _directory,
            ServerId = _serverId,
            Start = gtid.StartAt(position),
            ReconnectLimit = MigrationTask.Patience,
            Log = _log,
        });
        _pulling = Task.Run(() => PullAsync(relay));
        if (_options.RelayExpires > TimeSpan.Zero)
            _purging = Task.Run(PurgeAsync);
    }

    /// <summary>Throws what ended the relay log, if something did.</summary>
    public void ThrowFailure() => _failure?.Throw();

    /// <summary>Deletes files that are older than asked for, and that the task does not need any more.</summary>
    public async ValueTask PurgeOnceAsync(CancellationToken ct)
    {
        await using var target = await Session.OpenForReadingAsync(_options.Target, ct);
        if (await _checkpoints.ReadAsync(target, ct) is not { } checkpoint)
            return;
        using var hold = _directory.Hold(OldestNeeded(checkpoint));
        new RelayPurger(_directory, new RelayPurgeOptions { Expires = _options.RelayExpires, RemainSpace = 0, Log = _log }).PurgeAutomatically();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var task in (Task?[])[_pulling, _purging])
        {
            if (task is not null)
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        _stop.Dispose();
        _failed.Dispose();
    }

    // Rows of a prepared XA transaction are read again at its end.
    private static BinlogPosition OldestNeeded(SyncCheckpoint checkpoint) => checkpoint.Prepared.Values.Append(checkpoint.Position).Min();

    private async Task PullAsync(RelayLog relay)
    {
        try
        {
            await relay.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked for.
        }
        catch (Exception error)
        {
            _log.Error("the relay log can't go on", ("directory", _directory.FullPath), ("error", error.Message));
            _failure = ExceptionDispatchInfo.Capture(error);
            await _failed.CancelAsync();
        }
    }

    private async Task PurgeAsync()
    {
        using var timer = new PeriodicTimer(new RelayPurgeOptions().Interval);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            try
            {
                await PurgeOnceAsync(_stop.Token);
            }
            catch (Exception error) when (!_stop.IsCancellationRequested)
            {
                _log.Error("the relay log can't be purged now", ("directory", _directory.FullPath), ("error", error.Message));
            }
        }
    }

    // Positions of the copy are the first sub-directory's; without GTIDs the relay log can't have gone on with another server.
    private void RequireOwnDirectory(SyncCheckpoint? checkpoint)
    {
        if (_directory.Servers.Count <= 1 || checkpoint is { Gtid.Length: > 0 })
            return;
        throw new TiFerryException(ConfigErrors.BadOption, ErrorScope.NotSet,
            $"the relay log in {_directory.FullPath} has followed several servers, and this task knows its place in none of them",
            "give the task an empty directory of its own with --relay-dir");
    }
}
