using TiFerry.MySql;

namespace TiFerry.TestServers;

public sealed partial class TestServer
{
    /// <summary>How to reach the server as root over TCP, without TLS.</summary>
    public MySqlConnectionOptions ConnectionOptions => new() { Host = "127.0.0.1", Port = Port, User = RootUser, Tls = TlsMode.Disabled };

    /// <summary>Opens a connection as root.</summary>
    public ValueTask<MySqlConnection> ConnectAsync(string? database = null, CancellationToken ct = default) => MySqlConnection.ConnectAsync(ConnectionOptions with { Database = database }, ct);

    /// <summary>Runs the statements as root in one session.</summary>
    /// <exception cref="InvalidOperationException">A statement failed; the message shows it.</exception>
    public async Task RunAsync(params IEnumerable<string> statements)
    {
        await using var connection = await ConnectAsync();
        await connection.RunAsync(statements);
    }

    /// <summary>All rows of a query as root, as text; null for NULL.</summary>
    public async Task<List<string?[]>> QueryAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        return await connection.QueryRowsAsync(sql, CancellationToken.None);
    }
}
