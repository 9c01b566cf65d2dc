using TiFerry.Core.Errors;

namespace TiFerry.MySql.Sessions;

/// <summary>Tells errors that may pass by themselves from those that need somebody to act.</summary>
public static class TransientErrors
{
    /// <summary>Whether doing the same again later can succeed.</summary>
    /// <param name="error">What a connection threw, or an error that such a one caused.</param>
    public static bool IsTransient(Exception error) => error switch
    {
        MySqlConnectionLostException => true,
        MySqlServerException server => IsTransient(server),
        TiFerryException { InnerException: { } cause } => IsTransient(cause),
        _ => false,
    };

    // MySQL and MariaDB error references; TiDB manual, "Error Codes and Troubleshooting".
    private static bool IsTransient(MySqlServerException error) => error.Code switch
    {
        1040 or 1203 or 1226 => true, // too many connections, or an account's limit of them
        1053 or 1152 or 1927 or 3169 => true, // shutdown, aborted or killed connection
        4031 => true, // disconnected for being idle
        1047 => true, // Galera: the node is not ready
        1158 or 1159 or 1160 or 1161 => true, // network packets
        1205 or 1213 or 3101 => true, // lock wait, deadlock, rolled back by its group
        1290 or 1836 => true, // read-only while a server is promoted
        2006 or 2013 => true, // gone away, lost
        8002 or 8005 or 8022 or 8027 or 8028 => true, // TiDB: write conflict, commit, schema changed or outdated
        >= 9001 and <= 9010 => true, // TiDB: PD or TiKV busy, timed out, unavailable
        1105 => error.ServerMessage.Contains("Information schema is", StringComparison.OrdinalIgnoreCase)
            || error.ServerMessage.Contains("Write conflict", StringComparison.OrdinalIgnoreCase)
            || error.ServerMessage.Contains("is busy", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
