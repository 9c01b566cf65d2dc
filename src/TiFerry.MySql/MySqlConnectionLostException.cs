namespace TiFerry.MySql;

/// <summary>A connection could not be made, was lost, or ran into a time-out. Whether a statement under way took effect is unknown.</summary>
public sealed class MySqlConnectionLostException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What happened and with which server.</param>
    /// <param name="cause">The underlying I/O error; null for a time-out.</param>
    public MySqlConnectionLostException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
