using TiFerry.Binlog;
using TiFerry.Binlog.Relay;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.MySql;

namespace TiFerry.Sync.Source;

/// <summary>The source's events from a relay log, which someone else writes.</summary>
/// <param name="directory">The relay log; the instance that its writer has, where that is in this process.</param>
/// <param name="log">The log.</param>
public sealed class RelayEvents(RelayDirectory directory, Log log)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    /// <summary>How long to wait for the relay log where it has not got to a place yet, or follows another server than the source is.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Opens the relay log at a place; waits until it has got there.</summary>
    /// <exception cref="TiFerryException">It does not get there.</exception>
    public async ValueTask<IEventStream> OpenAsync(BinlogStart start, CancellationToken ct) =>
        await RelayReader.OpenAsync(new RelayReaderOptions { Directory = directory, Start = Unambiguous(start), Patience = Patience, Log = log }, ct);

    /// <summary>The names of the relay log's sub-directories, by whose numbers names of files are qualified.</summary>
    internal IReadOnlyList<string> SubDirectories => directory.SubDirectories;

    /// <summary>A position that the source itself told, as this relay log's readers report it; waits until the relay log follows that server.</summary>
    /// <param name="source">A session on the source.</param>
    /// <param name="position">What it told.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="TiFerryException">The relay log goes on following another server.</exception>
    public async ValueTask<BinlogPosition> QualifyAsync(MySqlConnection source, BinlogPosition position, CancellationToken ct)
    {
        await FollowsAsync(source, ct);
        return directory.Qualify(position);
    }

    /// <summary>Sees that the source's own names of files are those of the relay log, as a copy needs it; waits until the relay log follows the source.</summary>
    /// <param name="source">A session on the source.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="TiFerryException">The relay log follows another server, or has followed others before.</exception>
    public async ValueTask RequirePlainNamesAsync(MySqlConnection source, CancellationToken ct)
    {
        await FollowsAsync(source, ct);
        var here = new BinlogPosition("binlog.000001", BinlogPosition.FirstEvent);
        if (directory.Qualify(here) == here)
            return;
        throw new TiFerryException(SyncErrors.OtherRelayedServer, ErrorScope.Upstream,
            $"the relay log in {directory.FullPath} has followed other servers before this source, and tables are copied only through one that has followed a single server",
            "copy from the source itself, or let the relay log begin in an empty directory");
    }

    /// <summary>Which server a source is, as sub-directories of relay logs are named.</summary>
    internal static async ValueTask<string> ServerAsync(MySqlConnection source, CancellationToken ct) => (await source.QueryScalarAsync(
        source.Server.Flavour == ServerFlavour.MariaDb ? "SELECT CONCAT(@@global.gtid_domain_id, '-', @@global.server_id)" : "SELECT @@global.server_uuid", ct))!;

    /// <summary>Waits until the relay log follows the source.</summary>
    /// <param name="source">A session on the source.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="TiFerryException">It goes on following another server.</exception>
    internal async ValueTask FollowsAsync(MySqlConnection source, CancellationToken ct)
    {
        var server = await ServerAsync(source, ct);
        var giveUpAt = DateTimeOffset.UtcNow + Patience;
        while (directory.Servers is var servers && (servers.Count == 0 || servers[^1] != server))
        {
            if (DateTimeOffset.UtcNow >= giveUpAt)
            {
                throw new TiFerryException(SyncErrors.OtherRelayedServer, ErrorScope.Upstream,
                    $"the source is server {server}, and the relay log in {directory.FullPath} follows {(servers.Count == 0 ? "none" : servers[^1])}",
                    "see that the relay log runs and reaches the same server as the task");
            }
            await Task.Delay(LookAgain, ct);
        }
    }

    // A place without GTIDs is one that a reader reported, whose plain name means the first sub-directory. An empty set stands for GTIDs that are not known: the reader takes
    // them from the file, or it would take all that stands before the place for new behind a change of the server.
    private static BinlogStart Unambiguous(BinlogStart start)
    {
        if (start is not { ByGtid: false, Position: { } position } || start.MySqlGtids is { IsEmpty: false } || start.MariaDbGtids is { IsEmpty: false })
            return start;
        var dot = position.File.LastIndexOf('.');
        return BinlogStart.At(position.File.Contains('|', StringComparison.Ordinal) || dot < 0 ? position : position with { File = position.File.Insert(dot, "|000001") });
    }
}
