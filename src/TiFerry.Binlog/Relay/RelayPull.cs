using TiFerry.Binlog.Events;
using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Binlog.Relay;

/// <summary>One connection's worth of pulling into one sub-directory.</summary>
internal sealed class RelayPull(RelayLog relay, RelayLogOptions options, RelaySubDirectory subDirectory) : IDisposable
{
    private readonly EventInspector _inspector = new();
    private readonly Lock _inspecting = new();
    private RelayFileWriter? _file;

    /// <summary>Where the next event that the source sends starts.</summary>
    private long _streamed;

    /// <summary>Where the last event started that was there before; it is asked for again, to see that the source still has the same.</summary>
    private long _lastEvent;
    private long _counted;
    private long _lastSync = Environment.TickCount64;
    private long _lastMeta = Environment.TickCount64;
    private bool _isDirty;
    private bool _needsSync;

    /// <summary>The GTIDs of all complete transactions so far, as text. From any thread.</summary>
    public string Gtids
    {
        get
        {
            lock (_inspecting)
                return _inspector.Gtids;
        }
    }

    private RelayDirectory Directory => options.Directory;

    private string EndPoint => options.Connection.EndPoint;

    private BinlogPosition Position => new(_file!.Name, (ulong)_file.Position);

    /// <summary>Pulls from where a file ends.</summary>
    /// <param name="identity">The server that is expected to answer.</param>
    /// <param name="file">The file, which need not exist yet.</param>
    /// <param name="onlyFile">Whether to stop at the end of this file.</param>
    /// <param name="started">Called when the source has begun to send.</param>
    /// <param name="ct">Stops; what came is written.</param>
    /// <exception cref="MySqlConnectionLostException">The connection was lost; what came is written.</exception>
    public async Task RunAsync(string identity, string file, bool onlyFile, Action started, CancellationToken ct)
    {
        var at = Recover(file);
        await using var replica = await OpenAsync(identity, at, ct).ConfigureAwait(false);
        try
        {
            if (!onlyFile)
                Advance();
            while (true)
            {
                var read = replica.Packets.ReadAsync(ct);
                if (!read.IsCompleted)
                    Publish();
                var packet = await read.ConfigureAwait(false);
                if (packet.IsEmpty)
                    throw new MySqlConnectionLostException($"{EndPoint} ended the binlog stream");
                started();
                if (!await TakeAsync(packet[1..], onlyFile).ConfigureAwait(false))
                    return;
                KeepUp();
            }
        }
        catch (Exception e) when (e is not TiFerryException)
        {
            // Nothing that came is asked for again.
            _file!.Flush();
            SaveMeta();
            Advance();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _inspector.Dispose();
    }

    /// <summary>Opens the file behind its last whole event, and says where that one starts.</summary>
    private BinlogPosition Recover(string file)
    {
        var path = Directory.PathOf(subDirectory, file);
        var tail = File.Exists(path) ? RelayFileTail.Find(path, _inspector) : new RelayFileTail((long)BinlogPosition.FirstEvent, 0, (long)BinlogPosition.FirstEvent);
        if (tail.End < tail.Length)
            options.Log.Warn("cutting off an unfinished or damaged end", ("file", path), ("at", tail.End), ("bytes", tail.Length - tail.End));
        _lastEvent = tail.LastEvent;
        _file = RelayFileWriter.Open(path, tail.End);
        _counted = _file.Position;
        return Position with { Position = (ulong)_lastEvent };
    }

    private async ValueTask<ReplicaConnection> OpenAsync(string identity, BinlogPosition at, CancellationToken ct)
    {
        // The protocol can't ask for a place beyond 4 GiB: what is there already comes again and is passed over.
        var start = at.Position > uint.MaxValue ? at with { Position = BinlogPosition.FirstEvent } : at;
        _streamed = (long)start.Position;
        _inspector.ForgetFormat();
        var stream = new BinlogStreamOptions
        {
            Connection = options.Connection,
            ServerId = options.ServerId,
            Start = BinlogStart.At(start, new MariaDbGtidSet()),
            HeartbeatPeriod = options.HeartbeatPeriod,
            AnnotateRows = true,
        };
        var replica = await ReplicaConnection.OpenAsync(stream, stream.Start, Guid.NewGuid(), expectedIdentity: null, ct).ConfigureAwait(false);
        if (replica.Identity == identity)
            return replica;
        await replica.DisposeAsync().ConfigureAwait(false);
        throw new MySqlConnectionLostException($"{EndPoint} became another server meanwhile");
    }

    /// <summary>Takes what the source sent; false at the end of the file, where that is the end of the work.</summary>
    private async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> raw, bool onlyFile)
    {
        var header = EventHeader.Read(raw.Span);
        if (header.Type is EventType.Heartbeat or EventType.HeartbeatV2)
            return true;
        // A stream from within a file opens with the head of the file.
        var isHead = header.Type is EventType.FormatDescription or EventType.MariaDbStartEncryption && header.LogPos != (uint)(_streamed + raw.Length);
        var isMadeUp = header.IsArtificial || isHead;
        if (!isMadeUp && _streamed + raw.Length <= _file!.Position)
        {
            if (header.Type == EventType.FormatDescription)
                Inspect(raw);
            if (_streamed >= _lastEvent && !_file.Holds(_streamed, raw.Span))
                throw RelayErrors.SourceChanged(EndPoint, Position.ToString(), $"there another event stands at {_streamed}");
            _streamed += raw.Length;
            return true;
        }

        var e = Inspect(raw);
        if (isMadeUp)
        {
            if (e is RotateEvent { Header.IsArtificial: true } rotate && rotate.File != _file!.Name)
            {
                await FinishFileAsync().ConfigureAwait(false);
                if (onlyFile)
                    return false;
                BeginFile(rotate.File);
            }

            return true;
        }

        if (_streamed != _file!.Position || header.LogPos != (uint)(_streamed + raw.Length))
        {
            throw RelayErrors.Damaged(EndPoint, Position.ToString(),
                $"an event of type {header.Type} and {raw.Length} bytes that should end at {_streamed + raw.Length} ends at {header.LogPos}");
        }

        _file.Append(raw.Span);
        _streamed += raw.Length;
        _isDirty = _needsSync = true;
        return true;
    }

    private BinlogEvent? Inspect(ReadOnlyMemory<byte> raw)
    {
        try
        {
            lock (_inspecting)
                return _inspector.Inspect(raw);
        }
        catch (TiFerryException e) when (e.Code.Number == BinlogErrors.CorruptNumber)
        {
            _file!.Flush();
            Advance();
            throw RelayErrors.Damaged(EndPoint, Position.ToString(), e.Summary, e);
        }
    }

    private async ValueTask FinishFileAsync()
    {
        await _file!.FinishAsync().ConfigureAwait(false);
        Advance();
        _file.Dispose();
    }

    private void BeginFile(string name)
    {
        _file = RelayFileWriter.Open(Directory.PathOf(subDirectory, name), (long)BinlogPosition.FirstEvent);
        _streamed = _counted = _file.Position;
        _isDirty = true;
        SaveMeta();
        options.Log.Info("a new relay log file", ("sub-directory", subDirectory), ("file", name));
    }

    /// <summary>Hands on what is held back, when the source has nothing more for now.</summary>
    private void Publish()
    {
        if (_file!.HasHeld)
            _file.Flush();
        if (_file.Position != _counted)
            Advance();
        if (_needsSync && Environment.TickCount64 - _lastSync >= options.SyncInterval.TotalMilliseconds)
            Sync();
    }

    private void KeepUp()
    {
        var now = Environment.TickCount64;
        if (_needsSync && now - _lastSync >= options.SyncInterval.TotalMilliseconds)
        {
            Publish();
            Sync();
        }

        if (_isDirty && now - _lastMeta >= options.MetaInterval.TotalMilliseconds)
            SaveMeta();
    }

    private void Sync()
    {
        _file!.StartSync();
        _lastSync = Environment.TickCount64;
        _needsSync = false;
    }

    private void SaveMeta()
    {
        new RelayMeta(_file!.Name, (ulong)_file.Position, _inspector.Gtids).Write(Directory.PathOf(subDirectory));
        _lastMeta = Environment.TickCount64;
        _isDirty = false;
    }

    private void Advance()
    {
        relay.Advance(new RelayState(subDirectory.Name, Position, this), _file!.Position - _counted);
        _counted = _file.Position;
    }
}
