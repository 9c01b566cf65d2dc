using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using TiFerry.Binlog.Checksums;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Files;
using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;

namespace TiFerry.Binlog.Relay;

/// <summary>
/// Reads a relay log as <see cref="BinlogStream"/> reads a source, and waits for more at its end. It crosses files and sub-directories; behind a change of
/// server it passes over what it has delivered already. Positions are the source's; file names are qualified with the number of the sub-directory
/// unless it is the first (<c>mysql-bin|000002.000003</c>). The file that it reads and those after it are not purged.
/// </summary>
public sealed class RelayReader : IEventStream
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly RelayReaderOptions _options;
    private readonly RelayHold _hold;
    private readonly TransactionTracker _tracker;
    private readonly BinlogEventParser _parser;
    private BinlogFileReader? _reader;
    private RelaySubDirectory _subDirectory = new("", 0);
    private string _file = "";
    private string _name = "";
    private string? _next;
    private GtidSkip? _skip;
    private BinlogPosition? _committed;
    private BinlogPosition? _position;
    private DeliveredPart _delivered;
    private Resumption? _resumption;
    private bool _mustAnnounce;
    private bool _hasPassed;
    private DateTime _indexSeen;
    private DateTime _filesSeen;
    private IReadOnlyList<RelaySubDirectory> _index = [];
    private long _lackingSince;

    private RelayReader(RelayReaderOptions options, RelayHold hold)
    {
        _options = options;
        _hold = hold;
        _tracker = new TransactionTracker(options.Start);
        _parser = new BinlogEventParser { IsStreamed = true, OldTemporalPrecision = options.OldTemporalPrecision };
    }

    /// <inheritdoc/>
    public BinlogPosition? Position => _position;

    /// <inheritdoc/>
    public BinlogPosition? CommittedPosition => _committed;

    /// <inheritdoc/>
    public bool IsInTransaction => _tracker.IsInTransaction || _resumption is not null;

    /// <summary>GTIDs of a MySQL source: those of the start and of each complete transaction since. Null when unknown. Grows; clone it to keep it.</summary>
    public MySqlGtidSet? MySqlGtids => _tracker.MySqlGtids;

    /// <summary>The GTID position of a MariaDB source after the last complete transaction. Null when unknown. Moves; clone it to keep it.</summary>
    public MariaDbGtidSet? MariaDbGtids => _tracker.MariaDbGtids;

    private RelayDirectory Directory => _options.Directory;

    private string FullPath => Directory.PathOf(_subDirectory, _file);

    /// <summary>Opens a relay log at a place; waits until it has got there.</summary>
    /// <exception cref="TiFerryException">It has not got there within <see cref="RelayReaderOptions.Patience"/>, or never will: the place was purged, or does not exist.</exception>
    public static async ValueTask<RelayReader> OpenAsync(RelayReaderOptions options, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var reader = new RelayReader(options, options.Directory.HoldAll());
        try
        {
            while (true)
            {
                var growth = options.Directory.Growth;
                if (RelayPlace.Find(options.Directory, options.Start) is { } place)
                {
                    reader.OpenAt(place);
                    return reader;
                }

                if (Stopwatch.GetElapsedTime(started) > options.Patience)
                    throw RelayErrors.NoFile(options.Directory.FullPath, options.Start.ToString(), "it has not got there");
                await reader.WaitAsync(growth, ct).ConfigureAwait(false);
            }
        }
        catch
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public BinlogStart CaptureCommitted() => _options.Start.With(_committed, _tracker.MySqlGtids?.Clone(), _tracker.MariaDbGtids?.Clone());

    /// <inheritdoc/>
    public ValueTask<BinlogEvent> ReadAsync(CancellationToken ct)
    {
        if (!_mustAnnounce && TryRead(out var e))
            return new(e!);
        return ReadSlowAsync(ct);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        _parser.Dispose();
        _hold.Dispose();
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<BinlogEvent> ReadSlowAsync(CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            if (_mustAnnounce)
            {
                _mustAnnounce = false;
                return Announce();
            }

            var growth = Directory.Growth;
            if (TryRead(out var e))
                return e!;
            if (FindNext() is { } next)
            {
                // The file may have grown before the next one was begun.
                _reader!.MoveTo(_reader.Position);
                if (TryRead(out e))
                    return e!;
                if (_reader.HasPartialEvent && next.SubDirectory == _subDirectory)
                    throw RelayErrors.Unreadable(FullPath, _reader.Position, "it ends within an event");
                MoveTo(next);
                continue;
            }

            // What was passed over moves the place all the same.
            if (_hasPassed)
            {
                _hasPassed = false;
                return Announce();
            }

            await WaitAsync(growth, ct).ConfigureAwait(false);
            _reader!.MoveTo(_reader.Position);
        }
    }

    private bool TryRead(out BinlogEvent? next)
    {
        try
        {
            while (_reader!.TryRead(out next))
            {
                if (Accept(next!))
                    return true;
            }

            return false;
        }
        catch (TiFerryException e) when (e.Code.Number == BinlogErrors.CorruptNumber)
        {
            throw RelayErrors.Unreadable(FullPath, _reader!.EventStart, e.Summary, e);
        }
    }

    /// <summary>Tracks an event; false when it is not to be delivered, or was before the server changed.</summary>
    private bool Accept(BinlogEvent e)
    {
        _position = new BinlogPosition(_name, (ulong)_reader!.Position);
        if (e is RotateEvent rotate)
        {
            _next = rotate.File;
            _position = new BinlogPosition(RelayFileName.Qualify(rotate.File, _subDirectory.Number), rotate.Position);
        }

        if (e is FormatDescriptionEvent format)
            EventInspector.Verify(format);
        LearnGtids(e);
        var passes = _skip?.Passes(e) == true;
        if (!passes)
            _tracker.Observe(e);
        if (!IsInTransaction && _skip is not { IsPassing: true })
            _committed = _position;
        _hasPassed = passes && _skip is not { IsPassing: true };
        if (_skip is { IsOver: true })
            _skip = null;
        return !passes && IsNew(e);
    }

    private bool IsNew(BinlogEvent e)
    {
        if (!TransactionTracker.IsPartOfTransaction(e))
            return true;
        if (_resumption is not null && !_resumption.IsOver(e, _tracker))
            return false;
        _resumption = null;
        if (_delivered.Events > 0)
            _delivered.Add(e, countRows: true);
        if (!_tracker.IsInTransaction)
            _delivered = default;
        return true;
    }

    /// <summary>Takes what the head of a file says, where the start did not say it.</summary>
    private void LearnGtids(BinlogEvent e)
    {
        if (e is PreviousGtidsEvent previous)
            _tracker.MySqlGtids ??= previous.ToGtidSet();
        else if (e is MariaDbGtidListEvent list)
            _tracker.MariaDbGtids ??= EventInspector.ToSet(list);
    }

    /// <summary>The file that follows; null when it is not there yet.</summary>
    private RelayPlace? FindNext()
    {
        var expected = _next ?? RelayFileName.Next(_file);
        if (new FileInfo(Directory.PathOf(_subDirectory, expected)) is { Exists: true, Length: >= (long)BinlogPosition.FirstEvent })
            return new RelayPlace(_subDirectory, expected, (long)BinlogPosition.FirstEvent);
        if (Directory.IndexChanged != _indexSeen)
        {
            _indexSeen = Directory.IndexChanged;
            _index = Directory.ReadIndex();
        }

        var follower = _index.FirstOrDefault(s => s.Number == _subDirectory.Number + 1);
        var changed = File.GetLastWriteTimeUtc(Directory.PathOf(_subDirectory));
        if (follower is null && _next is null && _lackingSince == 0 && changed == _filesSeen)
            return null;
        _filesSeen = changed;
        var files = Directory.Files(_subDirectory);
        if (files.Count > 0 && files[^1] != _file && new BinlogPosition(files[^1], 0) > new BinlogPosition(_file, 0))
        {
            if (_lackingSince == 0)
                _lackingSince = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(_lackingSince) > _options.Patience)
                throw RelayErrors.NoFile(Directory.FullPath, $"{_subDirectory.Name}/{expected}", $"{files[^1]} is there, and a file before it is missing");
            return null;
        }

        if (follower is null || Directory.Files(follower) is not [var first, ..] || new FileInfo(Directory.PathOf(follower, first)).Length < (long)BinlogPosition.FirstEvent)
            return null;
        return new RelayPlace(follower, first, (long)BinlogPosition.FirstEvent);
    }

    private void OpenAt(RelayPlace place)
    {
        if (_tracker.MySqlGtids is { IsEmpty: true } && !place.ByGtid)
            _tracker.MySqlGtids = null;
        if (_tracker.MariaDbGtids is { IsEmpty: true } && !place.ByGtid)
            _tracker.MariaDbGtids = null;
        Open(place);
        if (place.ByGtid)
            SkipWhatIsHad();
        else if (place.Position > (long)BinlogPosition.FirstEvent)
            GoTo(place.Position);
        _position = _committed = new BinlogPosition(_name, (ulong)place.Position);
        _options.Log.Info("reading the relay log", ("sub-directory", place.SubDirectory), ("file", place.File), ("position", place.Position));
    }

    /// <summary>Reads the format, and the GTIDs up to the start, without which a change of server could not be followed.</summary>
    private void GoTo(long position)
    {
        if (!TryRead(out var e) || e is not FormatDescriptionEvent)
            throw RelayErrors.Unreadable(FullPath, (long)BinlogPosition.FirstEvent, "it has no format description");
        _reader!.MoveTo(position);
        if (_tracker is { MySqlGtids: not null } or { MariaDbGtids: not null })
            return;
        using var inspector = new EventInspector();
        var tail = RelayFileTail.Find(FullPath, inspector, position);
        if (tail.End != position)
            throw RelayErrors.NoFile(Directory.FullPath, $"{_name}:{position}", "no event starts there");
        _tracker.MySqlGtids = inspector.MySqlGtids;
        _tracker.MariaDbGtids = inspector.MariaDbGtids;
    }

    private void SkipWhatIsHad()
    {
        if (_tracker.MariaDbGtids is { } mariaDb)
            _skip = new GtidSkip(mariaDb.Clone(), RelayPlace.GtidsBefore(FullPath)?.MariaDbGtids ?? new MariaDbGtidSet());
        else if (_tracker.MySqlGtids is { } mySql)
            _skip = new GtidSkip(mySql.Clone());
    }

    private void MoveTo(RelayPlace place)
    {
        if (place.SubDirectory == _subDirectory)
        {
            // No server begins a file within a transaction: its end is lost here, or was never written there.
            if (_tracker.IsInTransaction)
                throw RelayErrors.Unreadable(FullPath, _reader!.Position, "it ends within a transaction");
            Open(place);
            _position = _committed = new BinlogPosition(_name, BinlogPosition.FirstEvent);
            return;
        }

        _options.Log.Info("the relay log goes on with another server", ("sub-directory", place.SubDirectory), ("file", place.File));
        if (IsInTransaction)
        {
            var gtid = _resumption is null ? _tracker.CurrentGtid : _resumption.Gtid;
            if (_delivered.Events == 0)
                _delivered = CountDelivered();
            _resumption = new Resumption(gtid, _delivered, isSameServer: false);
            _tracker.Rewind();
        }

        Open(place);
        _position = new BinlogPosition(_name, BinlogPosition.FirstEvent);
        SkipWhatIsHad();
    }

    /// <summary>What was delivered of the transaction under way, counted from its start.</summary>
    private DeliveredPart CountDelivered()
    {
        var part = default(DeliveredPart);
        using var again = BinlogFileReader.Open(FullPath, parser: null, isGrowing: true);
        again.Parser.IsStreamed = true;
        again.Parser.OldTemporalPrecision = _options.OldTemporalPrecision;
        again.TryRead(out _);
        if (_committed is { } committed && committed.File == _name && committed.Position > BinlogPosition.FirstEvent)
            again.MoveTo((long)committed.Position);
        while (again.Position < _reader!.Position && again.TryRead(out var e))
        {
            if (TransactionTracker.IsPartOfTransaction(e!))
                part.Add(e!, countRows: true);
        }

        return part;
    }

    private void Open(RelayPlace place)
    {
        _reader?.Dispose();
        _reader = null;
        _subDirectory = place.SubDirectory;
        _file = place.File;
        _name = RelayFileName.Qualify(place.File, place.SubDirectory.Number);
        _next = null;
        _lackingSince = 0;
        _parser.Reset();
        _reader = BinlogFileReader.Open(FullPath, _parser, isGrowing: true);
        _hold.MoveTo(_name);
        _mustAnnounce = true;
    }

    /// <summary>The artificial rotate event with which a source opens each file of a stream.</summary>
    private BinlogEvent Announce()
    {
        const int PositionSize = 8;
        const int ChecksumSize = 4;
        var name = Encoding.UTF8.GetBytes(_name);
        var raw = new byte[EventHeader.Size + PositionSize + name.Length + ChecksumSize];
        raw[4] = (byte)EventType.Rotate;
        BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(9), (uint)raw.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(raw.AsSpan(17), EventHeader.ArtificialFlag);
        BinaryPrimitives.WriteUInt64LittleEndian(raw.AsSpan(EventHeader.Size), (ulong)_reader!.Position);
        name.CopyTo(raw.AsSpan(EventHeader.Size + PositionSize));
        BinaryPrimitives.WriteUInt32LittleEndian(raw.AsSpan(raw.Length - ChecksumSize), Crc32.Compute(raw.AsSpan(0, raw.Length - ChecksumSize)));
        return _parser.Parse(raw);
    }

    private async ValueTask WaitAsync(Task growth, CancellationToken ct)
    {
        var limit = Directory.HasWriter ? LookAgain : _options.PollInterval;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(growth, Task.Delay(limit, waiting.Token)).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
    }
}
