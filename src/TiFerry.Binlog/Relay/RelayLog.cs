using System.Diagnostics;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Progress;
using TiFerry.Core.Retry;
using TiFerry.MySql;

namespace TiFerry.Binlog.Relay;

/// <summary>
/// Pulls a source's binlog to local files, byte for byte. Whole files are pulled, each from its start; where a file ends in the middle, from there on.
/// A lost connection is made again. When another server answers, its binlog goes to a new sub-directory, from the file on that follows what is there by GTID.
/// </summary>
public sealed class RelayLog
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(5);

    private readonly RelayLogOptions _options;
    private readonly Lock _lock = new();
    private readonly RateEstimator _rate = new(RateWindow);
    private RelayState _state = new("", null, null);
    private long _bytes;
    private int _isRunning;

    /// <summary>Prepares; nothing is touched before <see cref="RunAsync"/>.</summary>
    public RelayLog(RelayLogOptions options) => _options = options;

    /// <summary>How often the connection was lost and made again.</summary>
    public int Reconnects { get; private set; }

    /// <summary>What is written; read by another thread at any time.</summary>
    public RelayWritten Written
    {
        get
        {
            lock (_lock)
                return new RelayWritten(_state.SubDirectory, _state.Position, _state.Gtids, _bytes);
        }
    }

    private RelayDirectory Directory => _options.Directory;

    private string EndPoint => _options.Connection.EndPoint;

    /// <summary>
    /// Pulls until it is cancelled. After an error, called again, it goes on where the files end: a part of an event is cut off, and so is whatever
    /// follows a damaged one; missing or short files between others are read again.
    /// </summary>
    /// <exception cref="TiFerryException">
    /// The source purged what is needed, is another server that can't be followed by GTID, has a binlog that was reset, or stayed away for longer than
    /// <see cref="RelayLogOptions.ReconnectLimit"/>; it sent damaged events; the directory can't be written, or another process writes it.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled; all that came is written.</exception>
    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
            throw new InvalidOperationException("the relay log runs already");
        try
        {
            using var ownership = Directory.Own();
            await KeepPullingAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    /// <summary>How far the relay log has got, and the source; asks the source.</summary>
    /// <exception cref="TiFerryException">The source refuses, or writes no binlog.</exception>
    /// <exception cref="MySqlConnectionLostException">The source can't be reached.</exception>
    public async ValueTask<RelayProgress> GetProgressAsync(CancellationToken ct)
    {
        await using var source = await RelaySource.ConnectAsync(_options.Connection, ct).ConfigureAwait(false);
        var (position, gtids) = await source.EndAsync(ct).ConfigureAwait(false);
        lock (_lock)
        {
            _rate.Record(_bytes);
            return new RelayProgress(_state.SubDirectory, _state.Position, _state.Gtids, position, gtids, _bytes, _rate.PerSecond);
        }
    }

    /// <summary>Notes what can be read now.</summary>
    internal void Advance(RelayState state, long bytes)
    {
        lock (_lock)
        {
            _state = state;
            _bytes += bytes;
            _rate.Record(_bytes);
        }

        Directory.NotifyGrowth();
    }

    private async Task KeepPullingAsync(CancellationToken ct)
    {
        var backoff = new Backoff(_options.InitialBackOff, _options.MaxBackOff);
        var lostAt = 0L;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var before = _bytes;
            var hasPulled = false;
            try
            {
                await PullAsync(() => hasPulled = true, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (SourceErrors.IsTransient(e))
            {
                if (hasPulled || _bytes > before)
                {
                    backoff.Reset();
                    lostAt = 0;
                }

                if (lostAt == 0)
                    lostAt = Stopwatch.GetTimestamp();
                if (_options.ReconnectLimit != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(lostAt) > _options.ReconnectLimit)
                    throw RelayErrors.SourceFailed(EndPoint, Place(), e);
                _options.Log.Warn("the source's binlog is out of reach, trying again", ("source", EndPoint), ("from", Place()), ("error", e.Message));
                await backoff.WaitAsync(ct).ConfigureAwait(false);
                Reconnects++;
            }
            catch (MySqlServerException e) when (SourceErrors.IsPurged(e))
            {
                throw RelayErrors.Purged(EndPoint, Place(), e);
            }
            catch (MySqlServerException e)
            {
                throw RelayErrors.SourceFailed(EndPoint, Place(), e);
            }
        }
    }

    /// <summary>Finds out where to go on, fills what is missing before that, and pulls from there on.</summary>
    private async Task PullAsync(Action started, CancellationToken ct)
    {
        await using var source = await RelaySource.ConnectAsync(_options.Connection, ct).ConfigureAwait(false);
        var index = Directory.ReadIndex();
        if (index.Count == 0)
            index = [await StartAsync(source, ct).ConfigureAwait(false)];
        else if (index[^1].ServerUuid != source.Uuid)
            index = [await SwitchAsync(source, index[^1], ct).ConfigureAwait(false)];
        var subDirectory = index[^1];
        foreach (var (file, position) in await RelayGaps.FindAsync(Directory, subDirectory, source, EndPoint, ct).ConfigureAwait(false))
        {
            _options.Log.Warn("reading a part of the relay log anew", ("sub-directory", subDirectory), ("file", file), ("from", position));
            using var gap = new RelayPull(this, _options, subDirectory);
            await gap.RunAsync(source.Identity, file, onlyFile: true, () => { }, ct).ConfigureAwait(false);
        }

        var last = Directory.Files(subDirectory).LastOrDefault() ?? RelayMeta.Read(Directory.PathOf(subDirectory))?.File;
        if (string.IsNullOrEmpty(last))
            last = await FirstFileAsync(source, ct).ConfigureAwait(false);
        using var pull = new RelayPull(this, _options, subDirectory);
        await source.DisposeAsync().ConfigureAwait(false);
        await pull.RunAsync(source.Identity, last, onlyFile: false, started, ct).ConfigureAwait(false);
    }

    private async ValueTask<RelaySubDirectory> StartAsync(RelaySource source, CancellationToken ct)
    {
        var file = await FirstFileAsync(source, ct).ConfigureAwait(false);
        var first = new RelaySubDirectory(source.Uuid, RelayFileName.FirstSubDirectory);
        Directory.Add(first, new RelayMeta(file, BinlogPosition.FirstEvent, ""));
        _options.Log.Info("the relay log starts", ("source", EndPoint), ("sub-directory", first), ("file", file));
        return first;
    }

    private async ValueTask<string> FirstFileAsync(RelaySource source, CancellationToken ct)
    {
        if (_options.Start is not { } start)
            return (await source.EndAsync(ct).ConfigureAwait(false)).Position.File;
        if (start.ByGtid)
            return await source.FindFileAsync(_options, start, ct).ConfigureAwait(false);
        var file = RelayFileName.Split(start.Position!.Value.File).File;
        return RelayFileName.TryGetNumber(file, out _)
            ? file
            : throw new TiFerryException(BinlogErrors.Syntax, ErrorScope.NotSet, $"'{file}' is not the name of a binlog file", "give a name such as mysql-bin.000042");
    }

    private async ValueTask<RelaySubDirectory> SwitchAsync(RelaySource source, RelaySubDirectory last, CancellationToken ct)
    {
        var gtids = ReadGtids(last);
        if (gtids.Length == 0)
            throw RelayErrors.NoGtidToSwitch(EndPoint, source.Uuid, last);
        await source.RequireAllAsync(gtids, ct).ConfigureAwait(false);
        var file = await source.FindFileAsync(_options, source.After(gtids), ct).ConfigureAwait(false);
        var next = new RelaySubDirectory(source.Uuid, last.Number + 1);
        Directory.Add(next, new RelayMeta(file, BinlogPosition.FirstEvent, gtids));
        _options.Log.Warn("the source is another server, going on there by GTID", ("source", EndPoint), ("sub-directory", next), ("file", file), ("gtids", gtids));
        return next;
    }

    /// <summary>The GTIDs of all complete transactions in a sub-directory.</summary>
    private string ReadGtids(RelaySubDirectory subDirectory)
    {
        var files = Directory.Files(subDirectory);
        using var inspector = new EventInspector();
        for (var i = files.Count - 1; i >= 0 && inspector is { MySqlGtids: null, MariaDbGtids: null }; i--)
            RelayFileTail.Find(Directory.PathOf(subDirectory, files[i]), inspector);
        return inspector.Gtids.Length > 0 ? inspector.Gtids : RelayMeta.Read(Directory.PathOf(subDirectory))?.Gtids ?? "";
    }

    private string Place()
    {
        lock (_lock)
        {
            if (_state.Position is { } position)
                return _state.Gtids.Length > 0 ? $"{position} (GTIDs {_state.Gtids})" : position.ToString();
        }

        return _options.Start?.ToString() ?? "its newest file";
    }
}
