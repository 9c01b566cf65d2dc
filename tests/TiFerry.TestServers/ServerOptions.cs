namespace TiFerry.TestServers;

/// <summary>Option sets for the two ends of a crossing.</summary>
public static class ServerOptions
{
    private static int _lastServerId = 1000;

    /// <summary>A source: full row images in the binary log, a server id of its own.</summary>
    /// <param name="kind">The server that will get the options.</param>
    /// <param name="gtid">MySQL: whether transactions get GTIDs. MariaDB always gives them.</param>
    public static IReadOnlyList<string> Source(ServerKind kind, bool gtid = false)
    {
        var serverId = Interlocked.Increment(ref _lastServerId);
        List<string> options = [$"--server-id={serverId}", "--log-bin=binlog", "--binlog-format=ROW", "--binlog-row-image=FULL", "--sync-binlog=0"];
        if (kind == ServerKind.MySql56)
            options.Add("--log-slave-updates");
        if (kind != ServerKind.MariaDb)
            options.AddRange(gtid ? ["--gtid-mode=ON", "--enforce-gtid-consistency=ON"] : ["--gtid-mode=OFF", "--enforce-gtid-consistency=OFF"]);
        return options;
    }

    /// <summary>A target: no binary log.</summary>
    public static IReadOnlyList<string> Target(ServerKind kind)
    {
        var serverId = Interlocked.Increment(ref _lastServerId);
        return kind == ServerKind.MySql97 ? [$"--server-id={serverId}", "--skip-log-bin"] : [$"--server-id={serverId}"];
    }
}
