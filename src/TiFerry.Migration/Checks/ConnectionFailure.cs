using TiFerry.Core.Errors;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Says in a user's terms why a server can't be used.</summary>
public static class ConnectionFailure
{
    /// <summary>What happened and what can be done.</summary>
    /// <param name="options">Where the connection went.</param>
    /// <param name="error">What the attempt threw.</param>
    public static (string Message, string WayOut) Explain(MySqlConnectionOptions options, Exception error) => error switch
    {
        TiFerryException known => ($"{options}: {known.Summary}", known.Workaround ?? "see the message"),
        MySqlServerException { Code: 1045 or 1698 } denied => ($"{options}: {denied.Message}",
            "check user, password and the hosts that the account may come from; give the password with a password file or in the environment"),
        MySqlServerException { Code: 1227 } privilege => ($"{options}: {privilege.Message}", "grant the account the privilege that the message names"),
        MySqlServerException refused => ($"{options}: {refused.Message}", "see the server's message"),
        _ => ($"{options}: {error.Message}", "check that the server runs, that host and port are right, and that no firewall is in between"),
    };
}
