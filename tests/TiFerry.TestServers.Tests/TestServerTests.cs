namespace TiFerry.TestServers.Tests;

public sealed class TestServerTests
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Survives_a_kill_and_a_stop_and_leaves_nothing(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        var server = await TestServer.StartAsync(kind, ServerOptions.Source(kind, gtid: true));
        await using (server)
        {
            var port = server.Port;
            await server.KillAsync();
            Assert.False(server.IsRunning);
            await server.StartAgainAsync();
            await server.StopAsync();
            Assert.False(server.IsRunning);
            await server.StartAgainAsync();
            Assert.True(server.IsRunning);
            Assert.Equal(port, server.Port);
        }
        Assert.False(server.IsRunning);
        Assert.False(Directory.Exists(server.DataDirectory));
    }

    [Fact]
    public async Task A_server_that_does_not_start_shows_its_log()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestServer.StartAsync(ServerKind.MariaDb, ["--no-such-option"]));
        Assert.Contains("no-such-option", error.Message, StringComparison.Ordinal);
    }
}
