using TiFerry.Binlog.Events;
using TiFerry.Binlog.Files;
using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.Binlog.Tests.Events;

/// <summary>A server whose binlog files are read from its disk.</summary>
internal sealed class ServerLog : IAsyncDisposable
{
    private ServerLog(TestServer server, MySqlConnection connection)
    {
        Server = server;
        Connection = connection;
    }

    public TestServer Server { get; }

    public MySqlConnection Connection { get; }

    public static async Task<ServerLog> StartAsync(ServerKind kind, params string[] options)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        var server = await TestServer.StartAsync(kind, [.. ServerOptions.Source(kind), .. options]);
        return new ServerLog(server, await MySqlConnection.ConnectAsync(new MySqlConnectionOptions { Port = server.Port, AllowLoadLocal = true }, default));
    }

    public async Task ExecuteAsync(params string[] statements)
    {
        foreach (var statement in statements)
            await Connection.ExecuteAsync(statement, default);
    }

    /// <summary>Closes the current file and goes through all events of all files.</summary>
    public async Task ReadAsync(Action<BinlogEvent> see)
    {
        await ExecuteAsync("FLUSH BINARY LOGS");
        foreach (var file in Directory.GetFiles(Server.DataDirectory, "binlog.0*").Order(StringComparer.Ordinal))
        {
            using var reader = BinlogFileReader.Open(file);
            reader.Parser.OldTemporalPrecision = static (_, _) => 0;
            while (reader.TryRead(out var e))
                see(e!);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await Server.DisposeAsync();
    }
}
