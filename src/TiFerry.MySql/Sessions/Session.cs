namespace TiFerry.MySql.Sessions;

/// <summary>
/// Opens connections whose session makes values pass unchanged: raw bytes instead of converted text, UTC time stamps,
/// no time limits on long statements, and an sql_mode that neither rejects nor rounds what the other side held.
/// </summary>
public static class Session
{
    // A slow other side must not make the server give up on a half-sent result: about 23 days, the servers' common limit.
    private const string NoTimeouts = "SET SESSION net_read_timeout = 2000000, net_write_timeout = 2000000, wait_timeout = 2000000";

    /// <summary>Opens a session that reads rows and definitions.</summary>
    /// <param name="options">Where and as whom.</param>
    /// <param name="ct">Stops the attempt.</param>
    /// <exception cref="MySqlServerException">The server refuses the login or a setting.</exception>
    /// <exception cref="MySqlConnectionLostException">The server can't be reached.</exception>
    public static ValueTask<MySqlConnection> OpenForReadingAsync(MySqlConnectionOptions options, CancellationToken ct) =>
        OpenAsync(options, static server =>
        [
            // Without modes SHOW CREATE prints the plain dialect and CHAR is not padded; invalid dates must be allowed where a stored one is searched for.
            "SET NAMES binary, time_zone = '+00:00', sql_mode = 'ALLOW_INVALID_DATES', sql_quote_show_create = 1",
            NoTimeouts,
            "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
            .. NoStatementLimit(server),
        ], ct);

    /// <summary>Opens a session that writes rows and runs definitions.</summary>
    /// <param name="options">Where and as whom.</param>
    /// <param name="ct">Stops the attempt.</param>
    /// <exception cref="MySqlServerException">The server refuses the login or a setting.</exception>
    /// <exception cref="MySqlConnectionLostException">The server can't be reached.</exception>
    public static async ValueTask<MySqlConnection> OpenForWritingAsync(MySqlConnectionOptions options, CancellationToken ct)
    {
        var connection = await OpenAsync(options, WritingSettings, ct);
        // To change it takes a privilege that few accounts have, so it is left alone where it is off anyway.
        if (connection.Server.Flavour == ServerFlavour.MySql && connection.Server.IsAtLeast(8, 0, 30)
            && await connection.QueryScalarAsync("SELECT @@sql_generate_invisible_primary_key", ct) == "1")
            await connection.ExecuteAsync("SET SESSION sql_generate_invisible_primary_key = OFF", ct);
        // READ COMMITTED takes no gap locks, so that parallel writers don't block each other; a statement-format binlog forbids it.
        var format = connection.Server.Flavour == ServerFlavour.TiDb
            ? "ROW"
            : await connection.QueryScalarAsync("SELECT IF(@@log_bin, @@binlog_format, 'ROW')", ct);
        if (!string.Equals(format, "STATEMENT", StringComparison.OrdinalIgnoreCase))
            await connection.ExecuteAsync("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", ct);
        return connection;
    }

    private static IReadOnlyList<string> WritingSettings(ServerInfo server) =>
        [
            $"SET NAMES binary, time_zone = '+00:00', sql_mode = '{WritingSqlMode(relaxed: false)}', foreign_key_checks = 0, unique_checks = 1, autocommit = 1",
            NoTimeouts,
            .. NoStatementLimit(server),
            .. server.Flavour switch
            {
                // Rows that were there before a CHECK was added must cross all the same.
                ServerFlavour.MariaDb => ["SET SESSION check_constraint_checks = 0"],
                ServerFlavour.TiDb => ["SET SESSION tidb_constraint_check_in_place = 0"],
                _ => (string[])[],
            },
        ];

    /// <summary>
    /// The sql_mode that rows are written under: strict, so that nothing is cut or rounded in silence, yet open to zero and
    /// invalid dates and to 0 in AUTO_INCREMENT columns, which the source may hold.
    /// </summary>
    /// <param name="relaxed">
    /// True only for a statement that writes an ENUM's error value (index 0), which strict mode refuses.
    /// </param>
    public static string WritingSqlMode(bool relaxed) =>
        relaxed
            ? "NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION"
            : "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION";

    private static string[] NoStatementLimit(ServerInfo server) => server.Flavour switch
    {
        ServerFlavour.MariaDb => ["SET SESSION max_statement_time = 0"],
        ServerFlavour.MySql when server.IsAtLeast(5, 7, 8) => ["SET SESSION max_execution_time = 0"],
        ServerFlavour.TiDb => ["SET SESSION max_execution_time = 0"],
        _ => [],
    };

    private static async ValueTask<MySqlConnection> OpenAsync(
        MySqlConnectionOptions options, Func<ServerInfo, IReadOnlyList<string>> settings, CancellationToken ct)
    {
        var connection = await MySqlConnection.ConnectAsync(options, ct);
        try
        {
            foreach (var statement in settings(connection.Server))
                await connection.ExecuteAsync(statement, ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
