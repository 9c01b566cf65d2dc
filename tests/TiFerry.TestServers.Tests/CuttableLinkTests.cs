using TiFerry.MySql;

namespace TiFerry.TestServers.Tests;

public sealed class CuttableLinkTests(ServerFixture servers) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Cuts_connections_and_lets_new_ones_through()
    {
        var server = await servers.TargetAsync();
        await using var link = CuttableLink.To(server);
        var options = server.ConnectionOptions with { Port = link.Port };
        await using var connection = await MySqlConnection.ConnectAsync(options, default);
        await using var running = await MySqlConnection.ConnectAsync(options, default);
        Assert.Equal("1", await connection.QueryScalarAsync("SELECT 1", default));
        Assert.Equal(2, link.Connections);

        var sleeping = running.QueryScalarAsync("SELECT SLEEP(60)", default).AsTask();
        link.Cut();
        await Assert.ThrowsAsync<MySqlConnectionLostException>(() => sleeping);
        await Assert.ThrowsAsync<MySqlConnectionLostException>(async () => await connection.QueryScalarAsync("SELECT 1", default));

        await using var again = await MySqlConnection.ConnectAsync(options, default);
        Assert.Equal("2", await again.QueryScalarAsync("SELECT 2", default));

        link.Close();
        await Assert.ThrowsAnyAsync<Exception>(async () => await MySqlConnection.ConnectAsync(options, default));
        link.Open();
        await using var last = await MySqlConnection.ConnectAsync(options, default);
        Assert.Equal("3", await last.QueryScalarAsync("SELECT 3", default));
    }
}
