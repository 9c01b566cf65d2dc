using System.Diagnostics;
using TiFerry.TestServers;

namespace TiFerry.MySql.Tests;

[Collection(Servers.Name)]
public sealed class TimeoutAndCancellationTests(ServerFixture servers)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_server_that_does_not_greet_runs_into_the_connect_time_out()
    {
        await using var server = new FakeServer(peer => peer.NeverAsync());

        var error = await Assert.ThrowsAsync<MySqlConnectionLostException>(async () =>
            await MySqlConnection.ConnectAsync(server.Options with { ConnectTimeout = TimeSpan.FromMilliseconds(100) }, None));
        Assert.Contains("connect time-out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connecting_can_be_cancelled()
    {
        await using var server = new FakeServer(peer => peer.NeverAsync());
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await MySqlConnection.ConnectAsync(server.Options, cancel.Token));
    }

    [Fact]
    public async Task A_silent_server_runs_into_the_read_time_out_and_the_connection_is_closed()
    {
        await using var connection = await ConnectAsync(o => o with { ReadTimeout = TimeSpan.FromSeconds(1) });
        // The time-out starts anew with every wait.
        for (var i = 0; i < 15; i++)
            await connection.ExecuteAsync("SELECT SLEEP(0.1)", None);

        var error = await Assert.ThrowsAsync<MySqlConnectionLostException>(async () => await connection.ExecuteAsync("SELECT SLEEP(600)", None));
        Assert.Contains("read time-out", error.Message, StringComparison.Ordinal);
        Assert.True(connection.IsBroken);
    }

    [Fact]
    public async Task A_server_that_takes_nothing_runs_into_the_write_time_out()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.NeverAsync();
        });
        await using var connection = await MySqlConnection.ConnectAsync(server.Options with { WriteTimeout = TimeSpan.FromMilliseconds(200) }, None);

        var error = await Assert.ThrowsAsync<MySqlConnectionLostException>(async () => await connection.ExecuteAsync(new string(' ', 60_000_000), None));
        Assert.Contains("write time-out", error.Message, StringComparison.Ordinal);
        Assert.True(connection.IsBroken);
    }

    [Fact]
    public async Task Cancelling_a_statement_closes_the_connection()
    {
        await using var connection = await ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var running = connection.ExecuteAsync("SELECT SLEEP(600)", cancel.Token).AsTask();
        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.True(connection.IsBroken);
        await Assert.ThrowsAsync<MySqlConnectionLostException>(async () => await connection.PingAsync(None));
    }

    [Fact]
    public async Task A_read_and_a_time_out_can_be_told_apart()
    {
        await using var connection = await ConnectAsync(o => o with { ReadTimeout = TimeSpan.FromMinutes(10) });
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await connection.ExecuteAsync("SELECT SLEEP(600)", cancel.Token));
    }

    [Fact]
    public async Task A_running_statement_can_be_stopped_from_outside()
    {
        await using var connection = await ConnectAsync();
        var running = connection.QueryRowsAsync("SELECT SLEEP(600)", None).AsTask();
        await UntilAsync("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(600)%' AND id = " + connection.ConnectionId, "1");

        await MySqlConnection.KillQueryAsync(connection.Options, connection.ConnectionId, None);

        // MariaDB reports the interruption either as an error or as SLEEP's result.
        try
        {
            Assert.Equal("1", (await running)[0][0]);
        }
        catch (MySqlServerException interrupted)
        {
            Assert.Equal(1317, interrupted.Code);
        }

        Assert.False(connection.IsBroken);
        await connection.PingAsync(None);
    }

    [Fact]
    public async Task A_killed_connection_is_broken_and_says_why()
    {
        await using var victim = await ConnectAsync();
        await using (var killer = await ConnectAsync())
            await killer.KillAsync(victim.ConnectionId, None);
        await UntilAsync($"SELECT COUNT(*) FROM information_schema.processlist WHERE id = {victim.ConnectionId}", "0");

        var error = await Record.ExceptionAsync(async () => await victim.ExecuteAsync("SELECT 1", None));
        // The farewell may be lost when the statement meets a closed socket.
        Assert.True(error is MySqlServerException { Code: 1927 } or MySqlConnectionLostException, $"{error}");
        Assert.True(victim.IsBroken);
    }

    [Fact]
    public async Task A_server_that_goes_away_breaks_the_read()
    {
        await using var server = await TestServer.StartAsync(ServerKind.MariaDb);
        await using var connection = await MySqlConnection.ConnectAsync(Servers.OptionsFor(server), None);
        var running = connection.ExecuteAsync("SELECT SLEEP(600)", None).AsTask();
        await server.KillAsync();

        await Assert.ThrowsAsync<MySqlConnectionLostException>(() => running);
        Assert.True(connection.IsBroken);
    }

    [Fact]
    public async Task Aborting_from_another_thread_ends_a_read()
    {
        await using var connection = await ConnectAsync();
        var running = connection.ExecuteAsync("SELECT SLEEP(600)", None).AsTask();
        connection.Abort();

        await Assert.ThrowsAsync<MySqlConnectionLostException>(() => running);
    }

    private async Task<MySqlConnection> ConnectAsync(Func<MySqlConnectionOptions, MySqlConnectionOptions>? change = null)
    {
        var options = Servers.OptionsFor(await servers.TargetAsync());
        return await MySqlConnection.ConnectAsync(change is null ? options : change(options), None);
    }

    private async Task UntilAsync(string sql, string expected)
    {
        await using var connection = await ConnectAsync();
        var waited = Stopwatch.StartNew();
        while (await connection.QueryScalarAsync(sql, None) != expected)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), $"{sql} did not become {expected}");
            await Task.Delay(10);
        }
    }
}
