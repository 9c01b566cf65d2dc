namespace TiFerry.Core.Errors;

/// <summary>Errors of talking to a database. DM's class <c>database</c> (10000 to 10999).</summary>
public static class DatabaseErrors
{
    /// <summary>The server or the connection reported an error that has no code of its own.</summary>
    public static readonly ErrorCode Driver = new(10001, "database", "high");

    /// <summary>The connection was lost or could not be made.</summary>
    public static readonly ErrorCode BadConnection = new(10003, "database", "high");

    /// <summary>A query failed.</summary>
    public static readonly ErrorCode QueryFailed = new(10005, "database", "high");

    /// <summary>A statement failed.</summary>
    public static readonly ErrorCode ExecuteFailed = new(10006, "database", "high");
}
