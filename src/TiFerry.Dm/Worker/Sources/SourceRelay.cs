using System.Security.Cryptography;
using System.Text;
using TiFerry.Binlog;
using TiFerry.Binlog.Relay;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Stages;
using TiFerry.MySql;
using TiFerry.Sync.Source;

namespace TiFerry.Dm.Worker.Sources;

/// <summary>What the relay log of a source needs to know.</summary>
internal sealed record SourceRelayOptions
{
    /// <summary>The source's name.</summary>
    public required string Source { get; init; }

    /// <summary>The worker's name: each worker that pulls the source's binlog is a replica of its own.</summary>
    public required string Worker { get; init; }

    /// <summary>How to reach the source.</summary>
    public required MySqlConnectionOptions Connection { get; init; }

    /// <summary>Where to write.</summary>
    public required string Directory { get; init; }

    /// <summary>Where to start in an empty directory; null for the source's newest file. Asked when the pulling begins.</summary>
    public required Func<CancellationToken, ValueTask<BinlogStart?>> Start { get; init; }

    /// <summary>The first position that some task of the source still needs; null where none needs any. It throws where that is not known, and nothing is purged then.</summary>
    public required Func<CancellationToken, ValueTask<BinlogPosition?>> Needed { get; init; }

    /// <summary>When to purge without being asked.</summary>
    public required RelayPurgeOptions Purge { get; init; }

    /// <summary>How it is resumed after errors.</summary>
    public required AutoResumeOptions AutoResume { get; init; }
}

/// <summary>The relay log of a source on this worker: pulled, paused, resumed, purged.</summary>
internal sealed class SourceRelay : IAsyncDisposable
{
    private readonly SourceRelayOptions _options;
    private readonly Log _log;
    private readonly StagedWork _staged;
    private readonly AutoResume _autoResume;
    private readonly RelayPurger _purger;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Task _purging;
    private volatile RelayLog? _relay;

    /// <summary>Prepares; nothing is pulled before <see cref="ResumeAsync"/>.</summary>
    public SourceRelay(SourceRelayOptions options, Log log)
    {
        _options = options;
        _log = log;
        Directory = new RelayDirectory(options.Directory);
        Events = new RelayEvents(Directory, log);
        _purger = new RelayPurger(Directory, options.Purge with { Log = log });
        _staged = new StagedWork($"relay log of {options.Source}", PullAsync, ResumableErrors.MayPassForRelay, log);
        _autoResume = new AutoResume(options.AutoResume, ResumableErrors.MayPassForRelay, TimeProvider.System);
        _purging = options.Purge.Interval > TimeSpan.Zero ? Task.Run(PurgeNowAndThenAsync) : Task.CompletedTask;
    }

    /// <summary>The files.</summary>
    public RelayDirectory Directory { get; }

    /// <summary>Their events, for subtasks.</summary>
    public RelayEvents Events { get; }

    /// <summary>The directory's path.</summary>
    public string FullPath => Directory.FullPath;

    /// <summary>Where it is.</summary>
    public Stage Stage => _staged.Stage;

    /// <inheritdoc cref="StagedWork.Failures"/>
    public (long MayPass, long Stays) Failures => _staged.Failures;

    /// <summary>How often it ended because a file could not be written, and because the source's binlog is damaged.</summary>
    public (long Write, long Corruption) Faults { get; private set; }

    /// <summary>What is written: sub-directory, position and GTIDs; empty and null before anything is.</summary>
    public RelayWritten Written => _relay?.Written ?? RelayWritten.Nothing;

    /// <inheritdoc cref="StagedWork.ResumeAsync"/>
    public Task ResumeAsync() => _staged.ResumeAsync();

    /// <inheritdoc cref="StagedWork.PauseAsync"/>
    public Task PauseAsync() => _staged.PauseAsync();

    /// <summary>Resumes it if an error that may pass paused it and it is time to try again.</summary>
    public async ValueTask LookAsync()
    {
        var (stage, result) = _staged.State;
        if (_autoResume.Look(stage, result) && await _staged.ResumeAfterErrorAsync())
            _autoResume.Resumed();
    }

    /// <summary>What <c>query-status</c> shows.</summary>
    /// <param name="source">Where the source's binlog ends; null where that is not known.</param>
    public RelayStatus Status(SourcePosition? source)
    {
        var (stage, result) = _staged.State;
        var written = Written;
        var status = new RelayStatus
        {
            Stage = stage,
            Result = result,
            RelaySubDir = written.SubDirectory,
            RelayBinlog = Places.Text(written.Position),
            RelayBinlogGtid = written.Gtids,
        };
        if (source is not { } end)
            return status;
        status.MasterBinlog = Places.Text(end.Position);
        status.MasterBinlogGtid = end.Gtid;
        status.RelayCatchUpMaster = written.Position is { } position && position.File == end.Position.File && position.Position >= end.Position.Position;
        return status;
    }

    /// <summary>Purges files, but none that a task still needs.</summary>
    /// <returns>The files that are gone.</returns>
    /// <exception cref="TiFerryException">The request says nothing, or it is not known what tasks need, or a file can't be removed.</exception>
    public async Task<IReadOnlyList<string>> PurgeAsync(PurgeRelayRequest request, CancellationToken ct) => request switch
    {
        { Inactive: true } => await PurgeAsync(_purger.PurgeInactive, ct),
        { Time: > 0 } => await PurgeAsync(() => _purger.PurgeBefore(DateTimeOffset.FromUnixTimeSeconds(request.Time)), ct),
        { Filename.Length: > 0 } => await PurgeAsync(() => _purger.PurgeTo(request.Filename, request.SubDir.Length == 0 ? null : request.SubDir), ct),
        _ => throw WorkerErrors.NothingToPurge(),
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        await _staged.DisposeAsync();
        await _purging.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _disposed.Dispose();
    }

    private async Task<bool> PullAsync(CancellationToken stop)
    {
        var relay = new RelayLog(new RelayLogOptions
        {
            Connection = _options.Connection,
            Directory = Directory,
            ServerId = ServerId(),
            Start = Directory.Servers.Count == 0 ? await _options.Start(stop) : null,
            ReconnectLimit = TimeSpan.FromMinutes(1),
            Log = _log,
        });
        _relay = relay;
        try
        {
            await relay.RunAsync(stop);
            return false;
        }
        catch (TiFerryException error)
        {
            Faults = error.Code.Number switch
            {
                30025 => Faults with { Write = Faults.Write + 1 },
                90201 => Faults with { Corruption = Faults.Corruption + 1 },
                _ => Faults,
            };
            throw;
        }
    }

    private async Task<IReadOnlyList<string>> PurgeAsync(Func<IReadOnlyList<string>> purge, CancellationToken ct)
    {
        using var hold = await _options.Needed(ct) is { } needed ? Directory.Hold(needed) : null;
        return purge();
    }

    private async Task PurgeNowAndThenAsync()
    {
        using var timer = new PeriodicTimer(_options.Purge.Interval);
        while (await timer.WaitForNextTickAsync(_disposed.Token))
        {
            try
            {
                await PurgeAsync(_purger.PurgeAutomatically, _disposed.Token);
            }
            catch (Exception error) when (error is TiFerryException or MySqlServerException or MySqlConnectionLostException)
            {
                _log.Error("the relay log can't be purged now", ("directory", FullPath), ("error", error.Message));
            }
        }
    }

    // Several workers may pull from one source, and a source ends the stream of a replica when another of the same id comes.
    private uint ServerId() => 0x8000_0000 | (BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{_options.Source}\n{_options.Worker}"))) & 0x7FFF_FFFF);
}
