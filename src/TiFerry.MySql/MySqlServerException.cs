namespace TiFerry.MySql;

/// <summary>The server answered with an ERR packet. The connection is usable afterwards unless <see cref="MySqlConnection.IsBroken"/> says otherwise.</summary>
public sealed class MySqlServerException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="code">The server's error number, for example 1062.</param>
    /// <param name="sqlState">The five characters of the SQL state.</param>
    /// <param name="serverMessage">The server's text.</param>
    public MySqlServerException(int code, string sqlState, string serverMessage)
        : base($"ERROR {code} ({sqlState}): {serverMessage}")
    {
        Code = code;
        SqlState = sqlState;
        ServerMessage = serverMessage;
    }

    /// <summary>The server's error number, for example 1062 for a duplicate key.</summary>
    public int Code { get; }

    /// <summary>The five characters of the SQL state; <c>HY000</c> where the server sent none.</summary>
    public string SqlState { get; }

    /// <summary>The server's text alone.</summary>
    public string ServerMessage { get; }

    /// <summary>The server that answered, as in <see cref="MySqlConnectionOptions.EndPoint"/>; null where that was not noted.</summary>
    public string? EndPoint { get; internal set; }
}
