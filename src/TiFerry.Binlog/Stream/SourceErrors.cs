using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Binlog.Stream;

/// <summary>What the source's refusals mean for someone who follows its binlog.</summary>
internal static class SourceErrors
{
    private const int ServerShutdown = 1053;
    private const int QueryInterrupted = 1317;
    private const int ConnectionKilled = 1927;
    private const int TooManyConnections = 1040;
    private const int AccessDenied = 1045;
    private const int SpecificAccessDenied = 1227;
    private const int FatalErrorReadingBinlog = 1236;

    /// <summary>Whether it is worth connecting again.</summary>
    public static bool IsTransient(Exception e) => e switch
    {
        MySqlConnectionLostException => true,
        MySqlServerException server => server.Code is ServerShutdown or QueryInterrupted or ConnectionKilled or TooManyConnections || IsZombieReplica(server),
        _ => false,
    };

    /// <summary>The source's error in words that lead on.</summary>
    public static TiFerryException Explain(MySqlServerException e, string endPoint, BinlogStart start) => e.Code switch
    {
        FatalErrorReadingBinlog when IsPurged(e) => new(BinlogErrors.Stream, ErrorScope.Upstream,
            $"{endPoint} no longer has the binlog from {start} on", "copy the data anew, and keep binlogs for longer (binlog_expire_logs_seconds or expire_logs_days)", e),
        FatalErrorReadingBinlog => new(BinlogErrors.Stream, ErrorScope.Upstream,
            $"{endPoint} cannot send its binlog from {start} on", "check that the position is one of this server and the start of an event, and that no other replica has the same server id", e),
        AccessDenied or SpecificAccessDenied => new(BinlogErrors.Stream, ErrorScope.Upstream,
            $"{endPoint} does not let this account follow its binlog", "GRANT REPLICATION SLAVE ON *.* TO the account", e),
        _ => new(BinlogErrors.Stream, ErrorScope.Upstream, $"{endPoint} ended the binlog stream at {start}", null, e),
    };

    /// <summary>Whether the server refuses the login itself; after it, the same code means a missing privilege.</summary>
    public static bool IsLoginRefused(MySqlServerException e) => e.Code == AccessDenied;

    /// <summary>The error for a refused login.</summary>
    public static TiFerryException LoginRefused(MySqlServerException e, MySqlConnectionOptions options) =>
        new(BinlogErrors.Stream, ErrorScope.Upstream, $"{options.EndPoint} does not let {options.User} in", "check user and password", e);

    /// <summary>Whether the source no longer has what it was asked for.</summary>
    public static bool IsPurged(MySqlServerException e) =>
        e.ServerMessage.Contains("purged", StringComparison.OrdinalIgnoreCase)
        || e.ServerMessage.Contains("Could not find first log", StringComparison.OrdinalIgnoreCase)
        || e.ServerMessage.Contains("Could not find GTID state", StringComparison.OrdinalIgnoreCase)
        || e.ServerMessage.Contains("not in the master's binlog", StringComparison.OrdinalIgnoreCase);

    /// <summary>The source gave this dump up because a newer one of the same replica came: ours, when a cut connection was not noticed there.</summary>
    private static bool IsZombieReplica(MySqlServerException e) =>
        e.Code == FatalErrorReadingBinlog && e.ServerMessage.Contains("zombie", StringComparison.OrdinalIgnoreCase);
}
