using TiFerry.MySql;

namespace TiFerry.Schema.Lexing;

/// <summary>What decides how a text is cut into tokens: the server it was written for, and its sql_mode.</summary>
/// <param name="Flavour">Whose SQL it is.</param>
/// <param name="Version">The server's version as major * 10000 + minor * 100 + patch, for example 80036 or 101106; for TiDB the MySQL version it stands for.</param>
/// <param name="Mode">The session's sql_mode; only ANSI_QUOTES and NO_BACKSLASH_ESCAPES matter to the lexer.</param>
public readonly record struct SqlDialect(ServerFlavour Flavour, int Version, SqlMode Mode = SqlMode.None)
{
    /// <summary>A current MySQL with an empty sql_mode.</summary>
    public static readonly SqlDialect MySql = new(ServerFlavour.MySql, 90700);

    /// <summary>A current MariaDB with an empty sql_mode.</summary>
    public static readonly SqlDialect MariaDb = new(ServerFlavour.MariaDb, 110800);

    /// <summary>A current TiDB with an empty sql_mode.</summary>
    public static readonly SqlDialect TiDb = new(ServerFlavour.TiDb, 80011);

    /// <summary>The dialect of a server.</summary>
    public static SqlDialect Of(ServerInfo server, SqlMode mode = SqlMode.None)
    {
        ArgumentNullException.ThrowIfNull(server);
        var version = server.Version;
        return new SqlDialect(server.Flavour, (version.Major * 10_000) + (version.Minor * 100) + Math.Max(version.Build, 0), mode);
    }

    internal bool HasAnsiQuotes => (Mode & SqlMode.AnsiQuotes) != SqlMode.None;

    internal bool HasBackslashEscapes => (Mode & SqlMode.NoBackslashEscapes) == SqlMode.None;
}
