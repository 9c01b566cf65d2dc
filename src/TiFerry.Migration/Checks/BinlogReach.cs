using TiFerry.Binlog;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the source still has its binlog from a place on.</summary>
/// <param name="context">The migration.</param>
/// <param name="name">The name of the results.</param>
/// <param name="wayOut">What can be done where it has not.</param>
internal sealed class BinlogReach(CheckContext context, string name, string wayOut)
{
    // A source at rest sends heartbeats; one that sends nothing at all in this time is not asked any longer.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>By file and position.</summary>
    public async ValueTask<CheckResult> CheckAsync(BinlogPosition start, CancellationToken ct)
    {
        var files = await context.Source.QueryRowsAsync("SHOW BINARY LOGS", ct);
        var file = files.Find(f => f[0] == start.File);
        if (file is null)
            return CheckResult.Error(name, $"the source has no binlog file {start.File}; it has {files[0][0]} to {files[^1][0]}", wayOut);
        // The file of an encrypted binlog is larger than what is in it.
        if (ulong.TryParse(file[1], out var size) && start.Position > size)
            return CheckResult.Error(name, $"{start} is behind the end of the file, which has {size} bytes", wayOut);
        return await ReadAsync(BinlogStart.At(start), ct) ?? CheckResult.Pass(name, $"the source has {start}");
    }

    /// <summary>By the transactions that the target has.</summary>
    /// <exception cref="TiFerryException">The text is no GTID set.</exception>
    public async ValueTask<CheckResult> CheckAsync(string gtid, CancellationToken ct)
    {
        if (context.Source.Server.Flavour == ServerFlavour.MariaDb)
            return await ReadAsync(BinlogStart.After(MariaDbGtidSet.Parse(gtid)), ct) ?? CheckResult.Pass(name, $"the source has what follows {gtid}");
        var missing = await context.Source.QueryScalarAsync($"SELECT GTID_SUBTRACT(@@GLOBAL.gtid_purged, {SqlText.Literal(gtid)})", ct);
        return string.IsNullOrEmpty(missing)
            ? CheckResult.Pass(name, "the source has all transactions since then")
            : CheckResult.Error(name, $"the source has purged transactions that the target lacks: {missing.Replace("\n", "", StringComparison.Ordinal)}", wayOut);
    }

    // Only the source itself knows whether a stream can begin there.
    private async ValueTask<CheckResult?> ReadAsync(BinlogStart start, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            await using var stream = await BinlogStream.OpenAsync(new BinlogStreamOptions
            {
                Connection = context.Options.Source,
                Start = start,
                ServerId = (uint)Random.Shared.Next(0x2000_0000, 0x3FFF_FFFF),
                HeartbeatPeriod = Heartbeat,
                ReconnectLimit = TimeSpan.Zero,
            }, limit.Token);
            while (await stream.ReadAsync(limit.Token) is RotateEvent or FormatDescriptionEvent or MariaDbGtidListEvent)
            {
            }
            return null;
        }
        catch (TiFerryException error)
        {
            return CheckResult.Error(name, error.Summary, wayOut);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }
}
