using TiFerry.Binlog;
using TiFerry.Binlog.Relay;
using TiFerry.Sync.Checkpoint;

namespace TiFerry.Sync.Source;

/// <summary>
/// Whether names of binlog files in a checkpoint mean the same here as where it was written. Each server counts its files for itself, and each relay log numbers the servers that it has followed: the same name
/// may be another file.
/// </summary>
internal static class PositionNames
{
    private const string First = ".000001";

    /// <summary>Whether they are names of a source that is read itself.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="identity">The source's identity (<see cref="SourceIdentity"/>).</param>
    /// <param name="server">Which server it is, as sub-directories of relay logs are named.</param>
    public static bool AreOfServer(SyncCheckpoint checkpoint, string identity, string server) => checkpoint.SubDirectories.Count == 0
        ? checkpoint.Source.Length == 0 || checkpoint.Source == identity
        : PositionsOf(checkpoint).All(p => RelayDirectory.SubDirectoryOf(p, checkpoint.SubDirectories) == server + First);

    /// <summary>Whether they are names of files in a relay log.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="subDirectories">The relay log's sub-directories.</param>
    public static bool AreOfRelay(SyncCheckpoint checkpoint, IReadOnlyList<string> subDirectories)
    {
        var before = checkpoint.SubDirectories.Count > 0 ? checkpoint.SubDirectories : subDirectories.Where(s => checkpoint.Source.Length == 0 || IsOf(s, checkpoint.Source)).ToList();
        return PositionsOf(checkpoint).All(p => RelayDirectory.SubDirectoryOf(p, before) is { } subDirectory && subDirectory == RelayDirectory.SubDirectoryOf(p, subDirectories));
    }

    // MariaDB's identities have only the server id in common with the names of sub-directories.
    private static bool IsOf(string subDirectory, string identity)
    {
        var server = subDirectory[..^First.Length];
        return identity == server || identity.EndsWith($"/{server[(server.LastIndexOf('-') + 1)..]}", StringComparison.Ordinal);
    }

    private static IEnumerable<BinlogPosition> PositionsOf(SyncCheckpoint checkpoint) =>
        checkpoint.Prepared.Values.Append(checkpoint.Position).Append(checkpoint.SafeModeExit ?? default).Append(checkpoint.Ddl?.Position ?? default).Where(p => !string.IsNullOrEmpty(p.File));
}
