using System.Diagnostics;
using System.Runtime.CompilerServices;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Gtid;
using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Binlog.Stream;

/// <summary>
/// Follows a source's binlog as its replica. A lost connection is made again without the reader noticing: the stream goes on after the last event
/// that it delivered, and no row comes twice. Events out of transaction payloads come as if they stood in the binlog. For one reader at a time.
/// </summary>
public sealed class BinlogStream : IEventStream
{
    private readonly BinlogStreamOptions _options;
    private readonly Guid _replicaUuid;
    private readonly BinlogEventParser _parser = new() { IsStreamed = true };
    private readonly TransactionTracker _tracker;
    private ReplicaConnection _replica;
    private DeliveredPart _delivered;
    private Resumption? _resumption;
    private long _lastContact = Stopwatch.GetTimestamp();

    private BinlogStream(BinlogStreamOptions options, Guid replicaUuid, ReplicaConnection replica)
    {
        _options = options;
        _replicaUuid = replicaUuid;
        _replica = replica;
        _parser.OldTemporalPrecision = options.OldTemporalPrecision;
        _tracker = new TransactionTracker(options.Start);
        if (replica.MariaDbGtids is { } gtids)
            _tracker.MariaDbGtids = gtids;
    }

    /// <summary>What the source is.</summary>
    public ServerInfo Server => _replica.Server;

    /// <summary>After the event that was read last; null before the source told its file.</summary>
    public BinlogPosition? Position => _tracker.Position;

    /// <summary>After the last complete transaction that was read to its end; null before the source told its file.</summary>
    public BinlogPosition? CommittedPosition => _tracker.Committed;

    /// <summary>Whether the event that was read last belongs to a transaction that is not complete; so too while a new connection comes back to where it was.</summary>
    public bool IsInTransaction => _tracker.IsInTransaction || _resumption is not null;

    /// <summary>GTIDs of a MySQL source: those of the start and of each complete transaction since. Null when the start's are unknown. Grows; clone it to keep it.</summary>
    public MySqlGtidSet? MySqlGtids => _tracker.MySqlGtids;

    /// <summary>The GTID position of a MariaDB source after the last complete transaction. Null when unknown. Moves; clone it to keep it.</summary>
    public MariaDbGtidSet? MariaDbGtids => _tracker.MariaDbGtids;

    /// <summary>Time since the source last sent anything, a heartbeat for example.</summary>
    public TimeSpan SinceLastContact => Stopwatch.GetElapsedTime(Volatile.Read(ref _lastContact));

    /// <summary>How often the connection was lost and made again.</summary>
    public int Reconnects { get; private set; }

    /// <summary>The format of the file at hand.</summary>
    public FormatDescriptionEvent FormatDescription => _parser.FormatDescription;

    /// <summary>Whether an event belongs to a transaction or statement of the source; the others speak of the file or the stream.</summary>
    public static bool IsPartOfTransaction(BinlogEvent evt) => TransactionTracker.IsPartOfTransaction(evt);

    /// <summary>Registers with the source and asks for its binlog.</summary>
    /// <exception cref="TiFerryException">The source refuses: no privilege, no binlog, the start is purged or unknown.</exception>
    /// <exception cref="MySqlConnectionLostException">The source cannot be reached.</exception>
    public static async ValueTask<BinlogStream> OpenAsync(BinlogStreamOptions options, CancellationToken ct)
    {
        var replicaUuid = Guid.NewGuid();
        try
        {
            var replica = await ReplicaConnection.OpenAsync(options, options.Start, replicaUuid, expectedIdentity: null, ct).ConfigureAwait(false);
            return new BinlogStream(options, replicaUuid, replica);
        }
        catch (MySqlServerException e)
        {
            throw SourceErrors.Explain(e, options.Connection.EndPoint, options.Start);
        }
    }

    /// <summary>Where the stream could go on after the last complete transaction: what a checkpoint holds. The result shares nothing with the stream.</summary>
    public BinlogStart CaptureCommitted() => _options.Start.With(_tracker.Committed, _tracker.MySqlGtids?.Clone(), _tracker.MariaDbGtids?.Clone());

    /// <summary>The next event, valid until the next call. Waits as long as it takes; completes synchronously and without allocating while events are buffered.</summary>
    /// <param name="ct">Cancelling ends the stream.</param>
    /// <exception cref="TiFerryException">
    /// The binlog is damaged or unsupported, was purged, the source stayed away for longer than <see cref="BinlogStreamOptions.ReconnectLimit"/>,
    /// or what came after a reconnect is not what came before it.
    /// </exception>
    public ValueTask<BinlogEvent> ReadAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                if (TryReadInner(out var inner))
                    return new(inner!);
                var read = _replica.Packets.ReadAsync(ct);
                if (!read.IsCompletedSuccessfully)
                    return ReadSlowAsync(read, null, ct);
                var packet = read.Result;
                if (packet.IsEmpty)
                    return ReadSlowAsync(null, StreamEnded(), ct);
                var next = Parse(packet);
                if (Accept(next))
                    return new(next);
            }
        }
        catch (Exception e) when (e is MySqlServerException or MySqlConnectionLostException)
        {
            return ReadSlowAsync(null, e, ct);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync().ConfigureAwait(false);
        _parser.Dispose();
    }

    /// <summary>Waits for the source, and connects again as often as it takes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<BinlogEvent> ReadSlowAsync(ValueTask<ReadOnlyMemory<byte>>? pending, Exception? lost, CancellationToken ct)
    {
        while (true)
        {
            if (lost is not null)
                await ReconnectAsync(lost, ct).ConfigureAwait(false);
            lost = null;
            try
            {
                if (pending is null && TryReadInner(out var inner))
                    return inner!;
                var packet = pending is { } read
                    ? await read.ConfigureAwait(false)
                    : await _replica.Packets.ReadAsync(ct).ConfigureAwait(false);
                pending = null;
                if (packet.IsEmpty)
                {
                    lost = StreamEnded();
                    continue;
                }

                var next = Parse(packet);
                if (Accept(next))
                    return next;
            }
            catch (Exception e) when (e is MySqlServerException or MySqlConnectionLostException)
            {
                lost = e;
                pending = null;
            }
        }
    }

    private MySqlConnectionLostException StreamEnded() => new($"{_options.Connection.EndPoint} ended the binlog stream");

    private bool TryReadInner(out BinlogEvent? inner)
    {
        while (_parser.TryParseInner(out inner))
        {
            if (Accept(inner!))
                return true;
        }

        return false;
    }

    private BinlogEvent Parse(ReadOnlyMemory<byte> packet)
    {
        Volatile.Write(ref _lastContact, Stopwatch.GetTimestamp());
        return _parser.Parse(packet[1..]);
    }

    /// <summary>Tracks an event; false when it was delivered before the connection was lost.</summary>
    private bool Accept(BinlogEvent e)
    {
        var isPart = TransactionTracker.IsPartOfTransaction(e);
        _tracker.Observe(e);
        if (!isPart)
            return true;
        if (_resumption is not null && !_resumption.IsOver(e, _tracker))
            return false;
        _resumption = null;
        _delivered.Add(e, _options.Start.ByGtid);
        if (!_tracker.IsInTransaction)
            _delivered = default;
        return true;
    }

    private async ValueTask ReconnectAsync(Exception cause, CancellationToken ct)
    {
        var identity = _replica.Identity;
        var started = Stopwatch.GetTimestamp();
        var backOff = _options.InitialBackOff;
        var interruptedGtid = _resumption is null ? _tracker.CurrentGtid : _resumption.Gtid;
        _tracker.Rewind();
        _parser.Reset();
        await _replica.DisposeAsync().ConfigureAwait(false);
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            var start = CaptureCommitted();
            if (!SourceErrors.IsTransient(cause))
                throw SourceErrors.Explain((MySqlServerException)cause, _options.Connection.EndPoint, start);
            if (_options.ReconnectLimit != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(started) > _options.ReconnectLimit)
            {
                throw new TiFerryException(BinlogErrors.Stream, ErrorScope.Upstream,
                    $"{_options.Connection.EndPoint} cannot be reached any more to follow its binlog from {start} on", "see that the source runs, then start again: it goes on from there", cause);
            }

            _options.Log.Warn("the source's binlog is out of reach, trying again", ("source", _options.Connection.EndPoint), ("from", start), ("error", cause.Message), ("delay", backOff));
            await Task.Delay(backOff, ct).ConfigureAwait(false);
            backOff = TimeSpan.FromTicks(Math.Min(backOff.Ticks * 2, _options.MaxBackOff.Ticks));
            try
            {
                _replica = await ReplicaConnection.OpenAsync(_options, start, _replicaUuid, identity, ct).ConfigureAwait(false);
                break;
            }
            catch (Exception e) when (e is MySqlServerException or MySqlConnectionLostException)
            {
                cause = e;
            }
        }

        Reconnects++;
        var isSameServer = _replica.Identity == identity;
        _resumption = _delivered.Events > 0 ? new Resumption(interruptedGtid, _delivered, isSameServer) : null;
        _delivered.SpansServers |= !isSameServer && _delivered.Events > 0;
    }
}
