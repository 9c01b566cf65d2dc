namespace TiFerry.MySql;

/// <summary>The server sent something that the protocol does not allow; the connection is closed.</summary>
public sealed class MySqlProtocolException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What was expected and what came.</param>
    public MySqlProtocolException(string message)
        : base(message)
    {
    }
}
