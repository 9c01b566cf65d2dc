using System.Diagnostics;
using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.MySql;
using TiFerry.Sync.Apply;
using TiFerry.Sync.Change;
using TiFerry.Sync.Metrics;
using TiFerry.Sync.Source;

namespace TiFerry.Sync;

/// <summary>What a synchronisation has done so far; read by another thread at any time.</summary>
public sealed class SyncProgress
{
    private readonly Lock _lock = new();
    private BinlogPosition _read;
    private BinlogPosition _applied;
    private string _appliedGtid = "";
    private SourcePosition? _sourceEnd;
    private DateTimeOffset _appliedEventTime;
    private bool _isIdle;
    private RowCounts _addedRows;
    private RowCounts _finishedRows;
    private long _abandonedRows;
    private long _addedDdls;
    private long _passingExits;
    private long _finalExits;
    private long _lastCheckpoint;
    private long _transactions;
    private long _ddls;
    private long _events;
    private long _bytes;
    private TimeSpan _clockOffset;
    private readonly SortedDictionary<string, long> _skipped = new(StringComparer.Ordinal);

    /// <summary>How far the source's binlog has been read.</summary>
    public BinlogPosition ReadPosition { get { lock (_lock) return _read; } }

    /// <summary>How far the target is.</summary>
    public BinlogPosition AppliedPosition { get { lock (_lock) return _applied; } }

    /// <summary>The GTID set (MySQL) or position (MariaDB) that the target is at; empty where the source has none.</summary>
    public string AppliedGtid { get { lock (_lock) return _appliedGtid; } }

    /// <summary>Where the source's binlog ended a few seconds ago; null where nobody looked.</summary>
    public SourcePosition? SourceEnd { get { lock (_lock) return _sourceEnd; } }

    /// <summary>Row changes applied.</summary>
    public long Rows => FinishedRows.Total;

    /// <summary>Row changes applied, by kind.</summary>
    public RowCounts FinishedRows { get { lock (_lock) return _finishedRows; } }

    /// <summary>Row changes read, by kind; after a restart some come again.</summary>
    public RowCounts AddedRows { get { lock (_lock) return _addedRows; } }

    /// <summary>Row changes that are in memory, not applied yet.</summary>
    public long QueuedRows { get { lock (_lock) return _addedRows.Total - _finishedRows.Total - _abandonedRows; } }

    /// <summary>Source transactions applied.</summary>
    public long Transactions => Interlocked.Read(ref _transactions);

    /// <summary>Definition statements applied.</summary>
    public long Ddls => Interlocked.Read(ref _ddls);

    /// <summary>Definition statements that were begun.</summary>
    public long AddedDdls => Interlocked.Read(ref _addedDdls);

    /// <summary>How often the work ended by a fault that may pass.</summary>
    public long PassingExits => Interlocked.Read(ref _passingExits);

    /// <summary>How often the work ended by an error that needs a person.</summary>
    public long FinalExits => Interlocked.Read(ref _finalExits);

    /// <summary>Updates and deletes that found no row on the target.</summary>
    public long UnmatchedRows => Matches?.Unmatched ?? 0;

    /// <summary>Rows that updates and deletes found beyond the one they should have found.</summary>
    public long SurplusRows => Matches?.Surplus ?? 0;

    /// <summary>Events read.</summary>
    public long Events => Interlocked.Read(ref _events);

    /// <summary>Bytes of events read.</summary>
    public long EventBytes => Interlocked.Read(ref _bytes);

    /// <summary>Where the time goes.</summary>
    public SyncStages Stages { get; } = new();

    /// <summary>How sizes, times and the lag are spread.</summary>
    public SyncMeasures Measures { get; } = new();

    internal RowMatches? Matches { get; set; }

    /// <summary>Statements that were left out because of their kind, with their number; not carried are triggers, routines, events and accounts.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> SkippedStatements { get { lock (_lock) return [.. _skipped]; } }

    /// <summary>
    /// How far the target is behind the source; zero when all that the source sent is applied. The source's time stamps are its own clock's, so the difference of the two clocks is taken out.
    /// </summary>
    /// <param name="now">The current time here.</param>
    public TimeSpan Lag(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_isIdle || _appliedEventTime == default)
                return TimeSpan.Zero;
            var there = now + _clockOffset;
            return there > _appliedEventTime ? there - _appliedEventTime : TimeSpan.Zero;
        }
    }

    internal void Read(BinlogPosition position, BinlogEvent evt)
    {
        Interlocked.Increment(ref _events);
        Interlocked.Add(ref _bytes, evt.Header.EventSize);
        Measures.EventBytes.Observe(evt.Header.EventSize);
        lock (_lock)
            _read = position;
    }

    /// <summary>By how much the source's clock is ahead of ours.</summary>
    internal void ClockOffset(TimeSpan offset)
    {
        lock (_lock)
            _clockOffset = offset;
    }

    /// <summary>The rows of an event that were taken.</summary>
    internal void Added(RowCounts rows)
    {
        lock (_lock)
            _addedRows += rows;
        Measures.EventRows.Observe(rows.Total);
    }

    internal void AddedDdl() => Interlocked.Increment(ref _addedDdls);

    /// <summary>The position from which the work goes on.</summary>
    internal void Begin(BinlogPosition position, string gtid)
    {
        lock (_lock)
        {
            _applied = position;
            _appliedGtid = gtid;
            // What the run before had read and not applied comes again.
            _abandonedRows = _addedRows.Total - _finishedRows.Total;
            _lastCheckpoint = Stopwatch.GetTimestamp();
        }
    }

    internal void Exited(bool mayPass) => Interlocked.Increment(ref mayPass ? ref _passingExits : ref _finalExits);

    /// <summary>Notes where the source's binlog ends now, and how far its clock is from ours.</summary>
    /// <param name="source">A reading session.</param>
    /// <param name="ct">Stops the wait.</param>
    public async ValueTask LookAtSourceAsync(MySqlConnection source, CancellationToken ct)
    {
        ClockOffset(await SourceClock.OffsetAsync(source, ct));
        var end = await SourcePosition.ReadStatusAsync(source, ct);
        lock (_lock)
            _sourceEnd = end;
    }

    internal void Applied(BinlogPosition position, string gtid, DateTimeOffset eventTime, RowCounts rows, long transactions, TimeSpan took)
    {
        var now = Stopwatch.GetTimestamp();
        TimeSpan sinceCheckpoint;
        lock (_lock)
        {
            sinceCheckpoint = Stopwatch.GetElapsedTime(_lastCheckpoint, now);
            _lastCheckpoint = now;
            _finishedRows += rows;
            _applied = position;
            _appliedGtid = gtid;
            if (eventTime != default)
                _appliedEventTime = eventTime;
        }
        Interlocked.Add(ref _transactions, transactions);
        Measures.WindowSeconds.Observe(took.TotalSeconds);
        Measures.WindowRows.Observe(rows.Total);
        Measures.CheckpointSeconds.Observe(sinceCheckpoint.TotalSeconds);
        if (eventTime != default)
            Measures.LagSeconds.Observe(Lag(DateTimeOffset.UtcNow).TotalSeconds);
    }

    internal void AppliedDdl() => Interlocked.Increment(ref _ddls);

    internal void Skipped(string kind)
    {
        lock (_lock)
            _skipped[kind] = _skipped.GetValueOrDefault(kind) + 1;
    }

    internal void Idle(bool isIdle)
    {
        lock (_lock)
            _isIdle = isIdle;
    }
}
