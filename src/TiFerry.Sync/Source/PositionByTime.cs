using System.Globalization;
using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;

namespace TiFerry.Sync.Source;

/// <summary>Finds the place in a source's binlog that belongs to a time (<c>--start-time</c>).</summary>
/// <param name="connection">The source.</param>
/// <param name="serverId">An id that the source may know the reader by.</param>
/// <param name="log">The log.</param>
public sealed class PositionByTime(MySqlConnectionOptions connection, uint serverId, Log log)
{
    /// <summary>The start of the first transaction whose first event has the time or a later one; where the binlog begins later, its begin.</summary>
    /// <param name="time">Date and time in the source's own time zone (its <c>@@global.time_zone</c>); whole seconds count.</param>
    /// <param name="ct">Stops the search.</param>
    /// <exception cref="TiFerryException">The binlog holds nothing that is as late.</exception>
    public async ValueTask<SourcePosition> FindAsync(DateTime time, CancellationToken ct)
    {
        await using var source = await Session.OpenForReadingAsync(connection, ct);
        var end = (await SourcePosition.ReadAsync(source, ct)).Position;
        var seconds = await SecondsOfAsync(source, time, ct);
        var files = (await source.QueryRowsAsync("SHOW BINARY LOGS", ct)).ConvertAll(r => r[0]!);
        var (low, high) = (0, files.Count - 1);
        // The last file that was begun before the time.
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (await BeginOfAsync(files[middle], ct) < seconds)
                low = middle;
            else
                high = middle - 1;
        }
        if (low == 0 && await BeginOfAsync(files[0], ct) >= seconds)
            log.Warn("the source's binlog begins after the start time; following begins where the binlog does", ("start-time", time), ("file", files[0]));
        return await FindAsync(source, files[low], seconds, end, ct)
            ?? throw TooLate(time, $"the source's binlog ends at {end}");
    }

    /// <summary>Whether the source's binlog begins after the time, so that changes between the two are not in it any more.</summary>
    /// <param name="time">As for <see cref="FindAsync(DateTime, CancellationToken)"/>.</param>
    /// <param name="ct">Stops the search.</param>
    /// <exception cref="TiFerryException">The time is still to come.</exception>
    public async ValueTask<bool> BeginsLaterAsync(DateTime time, CancellationToken ct)
    {
        await using var source = await Session.OpenForReadingAsync(connection, ct);
        var seconds = await SecondsOfAsync(source, time, ct);
        if (seconds > long.Parse((await source.QueryScalarAsync("SELECT UNIX_TIMESTAMP()", ct))!, CultureInfo.InvariantCulture))
            throw TooLate(time, "the source's clock has not got there");
        return await BeginOfAsync((await source.QueryRowsAsync("SHOW BINARY LOGS", ct))[0][0]!, ct) >= seconds;
    }

    private async ValueTask<SourcePosition?> FindAsync(MySqlConnection source, string file, long seconds, BinlogPosition end, CancellationToken ct)
    {
        await using var stream = await OpenAsync(file, ct);
        var gtids = new GtidPosition(source.Server.Flavour, "");
        while (stream.CommittedPosition is not { } read || read.CompareTo(end) < 0)
        {
            var before = stream.CommittedPosition;
            var begins = !stream.IsInTransaction;
            var evt = await stream.ReadAsync(ct);
            if (evt is PreviousGtidsEvent previous)
                gtids = new GtidPosition(source.Server.Flavour, previous.ToGtidSet().ToString());
            if (begins && BinlogStream.IsPartOfTransaction(evt) && evt.Header.Timestamp >= seconds)
                return await AtAsync(source, before!.Value, gtids, ct);
            if (evt is GtidEvent gtid)
                gtids.Begin(gtid);
            if (!stream.IsInTransaction)
                gtids.End();
        }
        return null;
    }

    private static async ValueTask<SourcePosition> AtAsync(MySqlConnection source, BinlogPosition position, GtidPosition gtids, CancellationToken ct) =>
        new(position, source.Server.Flavour == ServerFlavour.MariaDb ? await SourcePosition.GtidAtAsync(source, position, null, ct) : gtids.ToString());

    // Each file opens with the time when it was begun.
    private async ValueTask<long> BeginOfAsync(string file, CancellationToken ct)
    {
        await using var stream = await OpenAsync(file, ct);
        while (true)
        {
            var evt = await stream.ReadAsync(ct);
            if (evt.Header is { IsArtificial: false, Timestamp: > 0 })
                return evt.Header.Timestamp;
        }
    }

    private ValueTask<BinlogStream> OpenAsync(string file, CancellationToken ct) => BinlogStream.OpenAsync(
        new BinlogStreamOptions { Connection = connection, ServerId = serverId, Log = log, Start = BinlogStart.At(new BinlogPosition(file, BinlogPosition.FirstEvent)) }, ct);

    private static TiFerryException TooLate(DateTime time, string why) => new(ConfigErrors.StartTimeTooLate, ErrorScope.Internal,
        $"start-time {time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} is too late, no binlog location matches it: {why}",
        "check that the start time is the one that is meant, in the time zone of the source, or try again later");

    private static async ValueTask<long> SecondsOfAsync(MySqlConnection source, DateTime time, CancellationToken ct)
    {
        await source.ExecuteAsync("SET time_zone = @@global.time_zone", ct);
        var seconds = await source.QueryScalarAsync($"SELECT FLOOR(UNIX_TIMESTAMP('{time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}'))", ct);
        await source.ExecuteAsync("SET time_zone = '+00:00'", ct);
        return long.Parse(seconds!, CultureInfo.InvariantCulture);
    }
}
