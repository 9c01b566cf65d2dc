using TiFerry.Binlog;
using TiFerry.Binlog.Gtid;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.Sync.Checkpoint;

namespace TiFerry.Sync.Source;

/// <summary>
/// Takes a task from one source server to another, such as from a server that died to its replica, or between relay logs that have followed different servers. Files and positions mean nothing there; the
/// checkpoint's GTIDs do, where the new source holds all of them.
/// </summary>
internal static class SourceChange
{
    /// <summary>The checkpoint for the new source: without a file, so that the stream begins behind the GTIDs.</summary>
    /// <param name="checkpoint">The checkpoint that was written while another server was the source.</param>
    /// <param name="source">A session on the new source.</param>
    /// <param name="identity">The new source's identity.</param>
    /// <param name="copiedAt">The positions that copies of tables hold, of the server that they were read from.</param>
    /// <param name="ct">Stops the wait.</param>
    /// <exception cref="TiFerryException">The work can't go on from the new source.</exception>
    public static async ValueTask<SyncCheckpoint> ApplyAsync(
        SyncCheckpoint checkpoint, MySqlConnection source, string identity, IEnumerable<BinlogPosition> copiedAt, CancellationToken ct)
    {
        if (await ReasonAgainstAsync(checkpoint, source, copiedAt, ct) is { } reason)
        {
            throw new TiFerryException(SyncErrors.CheckpointUnusable, ErrorScope.Upstream, checkpoint.Source != identity
                    ? $"the task began with source '{checkpoint.Source}', and can't go on from '{identity}': {reason}"
                    : $"the task's position {checkpoint.Position} is one of a relay log that has followed other servers ({string.Join(", ", checkpoint.SubDirectories)}), and can't be found in '{identity}': {reason}",
                "go on from the server that it began with, from a replica that holds all its transactions under their GTIDs, or copy this source with a task of its own");
        }
        return checkpoint with
        {
            Source = identity,
            HasMoved = true,
            Position = new BinlogPosition("", 0),
            // A replay that was not over goes on until where the new source is now.
            SafeModeExit = null,
            IsExact = checkpoint.IsExact && checkpoint.SafeModeExit is null,
            Ddl = checkpoint.Ddl is { } ddl ? ddl with { Position = default } : null,
        };
    }

    private static async ValueTask<string?> ReasonAgainstAsync(SyncCheckpoint checkpoint, MySqlConnection source, IEnumerable<BinlogPosition> copiedAt, CancellationToken ct)
    {
        if (checkpoint.Gtid.Length == 0 || !checkpoint.HasAllGtids)
            return "the checkpoint does not hold the GTIDs of all transactions before it";
        if (!checkpoint.HasMoved && copiedAt.Any(p => p > checkpoint.Position))
            return "what was written during the copy is not applied yet, and is known by the old server's positions";
        if (checkpoint.Prepared.Count > 0)
            return "it waits for XA transactions, which are known by the old server's positions";
        return await HoldsAsync(source, checkpoint.Gtid, ct) ? null : $"it does not hold all of the transactions {checkpoint.Gtid} under these GTIDs";
    }

    private static async ValueTask<bool> HoldsAsync(MySqlConnection source, string gtid, CancellationToken ct)
    {
        try
        {
            if (source.Server.Flavour != ServerFlavour.MariaDb)
                return await source.QueryScalarAsync($"SELECT GTID_SUBSET('{MySqlGtidSet.Parse(gtid)}', @@global.gtid_executed)", ct) == "1";
            // The last number of each server in each domain.
            var state = await source.QueryScalarAsync("SELECT @@global.gtid_binlog_state", ct) ?? "";
            var written = state.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(MariaDbGtid.Parse).ToList();
            return MariaDbGtidSet.Parse(gtid).Gtids.All(g => written.Exists(w => w.Domain == g.Domain && w.ServerId == g.ServerId && w.Sequence >= g.Sequence));
        }
        // GTIDs of the other flavour.
        catch (TiFerryException)
        {
            return false;
        }
    }
}
