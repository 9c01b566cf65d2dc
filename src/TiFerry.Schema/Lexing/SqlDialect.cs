namespace TiFerry.Schema.Lexing;

/// <summary>Whose SQL a text is.</summary>
public enum SqlFlavour
{
    /// <summary>MySQL and its builds (Percona Server, Aurora, ...).</summary>
    MySql,

    /// <summary>MariaDB.</summary>
    MariaDb,

    /// <summary>TiDB.</summary>
    TiDb,
}

/// <summary>What decides how a text is cut into tokens: the server it was written for, and its sql_mode.</summary>
/// <param name="Flavour">Whose SQL it is.</param>
/// <param name="Version">The server's version as major * 10000 + minor * 100 + patch, for example 80036 or 101106; for TiDB the MySQL version it stands for.</param>
/// <param name="Mode">The session's sql_mode; only ANSI_QUOTES and NO_BACKSLASH_ESCAPES matter to the lexer.</param>
public readonly record struct SqlDialect(SqlFlavour Flavour, int Version, SqlMode Mode = SqlMode.None)
{
    /// <summary>A current MySQL with an empty sql_mode.</summary>
    public static readonly SqlDialect MySql = new(SqlFlavour.MySql, 90700);

    /// <summary>A current MariaDB with an empty sql_mode.</summary>
    public static readonly SqlDialect MariaDb = new(SqlFlavour.MariaDb, 110800);

    /// <summary>A current TiDB with an empty sql_mode.</summary>
    public static readonly SqlDialect TiDb = new(SqlFlavour.TiDb, 80011);

    internal bool HasAnsiQuotes => (Mode & SqlMode.AnsiQuotes) != SqlMode.None;

    internal bool HasBackslashEscapes => (Mode & SqlMode.NoBackslashEscapes) == SqlMode.None;
}
