using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Migration;

/// <summary>Says which server ended the work, and why, where nobody nearer to it did. Whether it may pass is told by the cause.</summary>
internal static class ServerFault
{
    /// <summary>Whether an error is a server's or a connection's own.</summary>
    public static bool Is(Exception error) => error is MySqlServerException or MySqlConnectionLostException;

    /// <summary>The error in DM's shape.</summary>
    public static TiFerryException Explain(Exception error, MigrationOptions options)
    {
        if (error is not MySqlServerException refused)
            return new TiFerryException(DatabaseErrors.BadConnection, ErrorScope.NotSet, error.Message, "check that the server runs, that host and port are right, and that no firewall is in between", error);
        var side = refused.EndPoint == options.Source.EndPoint ? options.Source : refused.EndPoint == options.Target.EndPoint ? options.Target : null;
        var scope = side is null ? ErrorScope.NotSet : side == options.Source ? ErrorScope.Upstream : ErrorScope.Downstream;
        return refused.Code switch
        {
            // MySQL and MariaDB error references: access, hosts, locked accounts and passwords that are out of date.
            1045 or 1130 or 1524 or 1698 or 1820 or 1862 or 3118 or 3878 or 4151 when side is not null => new TiFerryException(DatabaseErrors.Driver, scope, $"{side.EndPoint} does not let {side.User} in",
                "check user, password and the hosts that the account may come from, then resume the task: it goes on where it stopped", refused),
            1044 or 1142 or 1143 or 1227 or 1370 => new TiFerryException(scope == ErrorScope.Downstream ? DatabaseErrors.ExecuteFailed : DatabaseErrors.QueryFailed, scope, "an account lacks a privilege",
                "grant the account the privilege that the server's message names, then resume the task: it goes on where it stopped", refused),
            _ => new TiFerryException(DatabaseErrors.Driver, scope, "a server refused a statement", "see the server's message; the task goes on where it stopped", refused),
        };
    }
}
