using TiFerry.Core.Errors;

namespace TiFerry.MySql;

/// <summary>The errors of this room that a user can act on; numbers from 90100 on are TiFerry's own.</summary>
public static class MySqlErrors
{
    /// <summary>The connection's URL or settings cannot be used.</summary>
    public static readonly ErrorCode ConnectionOptions = new(90101, "config", "high");

    /// <summary>TLS was asked for and cannot be had as asked.</summary>
    public static readonly ErrorCode Tls = new(90102, "database", "high");

    /// <summary>The server asks for an authentication that is not possible or not allowed here.</summary>
    public static readonly ErrorCode Authentication = new(90103, "database", "high");

    /// <summary>The server's protocol is too old or lacks something that is needed.</summary>
    public static readonly ErrorCode ServerUnsupported = new(90104, "database", "high");

    /// <summary>The server asked for a local file that nobody offered.</summary>
    public static readonly ErrorCode LocalInfileRefused = new(90105, "database", "high");

    internal static TiFerryException Create(ErrorCode code, string message, string? workaround = null, Exception? cause = null) =>
        new(code, ErrorScope.NotSet, message, workaround, cause);
}
