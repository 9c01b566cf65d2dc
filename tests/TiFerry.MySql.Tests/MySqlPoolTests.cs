using TiFerry.TestServers;

namespace TiFerry.MySql.Tests;

[Collection(Servers.Name)]
public sealed class MySqlPoolTests(ServerFixture servers)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_connection_is_used_again()
    {
        await using var pool = await CreateAsync(2);
        var first = await UseAsync(pool);
        Assert.Equal(first, await UseAsync(pool));
    }

    [Fact]
    public async Task No_more_connections_than_allowed()
    {
        await using var pool = await CreateAsync(2);
        var first = await pool.RentAsync(None);
        await using var second = await pool.RentAsync(None);
        var third = pool.RentAsync(None).AsTask();
        Assert.False(third.IsCompleted);
        using (var cancel = new CancellationTokenSource(10))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pool.RentAsync(cancel.Token));

        var id = first.Connection.ConnectionId;
        await first.DisposeAsync();
        await first.DisposeAsync();
        await using var lease = await third;
        Assert.Equal(id, lease.Connection.ConnectionId);
        Assert.Throws<ObjectDisposedException>(() => first.Connection);
    }

    [Fact]
    public async Task Broken_half_read_and_transacting_connections_are_not_handed_out_again()
    {
        await using var pool = await CreateAsync(1);
        var seen = new HashSet<uint>();

        Assert.True(seen.Add(await UseAsync(pool, c => c.QueryAsync("SELECT 1", None).AsTask())));
        Assert.True(seen.Add(await UseAsync(pool, c => c.ExecuteAsync("BEGIN", None).AsTask())));
        Assert.True(seen.Add(await UseAsync(pool, async c =>
        {
            using var cancel = new CancellationTokenSource();
            var running = c.ExecuteAsync("SELECT SLEEP(600)", cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        })));
        Assert.True(seen.Add(await UseAsync(pool, c => c.ExecuteAsync("KILL CONNECTION_ID()", None).AsTask().ContinueWith(_ => { }, TaskScheduler.Default))));
        var last = await UseAsync(pool, async c => await Assert.ThrowsAsync<MySqlServerException>(async () => await c.ExecuteAsync("nonsense", None)));
        Assert.True(seen.Add(last));
        Assert.Equal(last, await UseAsync(pool));
    }

    [Fact]
    public async Task A_connection_that_died_while_idle_is_replaced()
    {
        await using var server = await TestServer.StartAsync(ServerKind.MariaDb);
        await using var pool = new MySqlPool(Servers.OptionsFor(server), 1);
        await UseAsync(pool);
        await server.StopAsync();
        await server.StartAgainAsync();

        await UseAsync(pool, c => c.PingAsync(None).AsTask());
    }

    [Fact]
    public async Task Sessions_can_be_reset_between_users()
    {
        await using var pool = await CreateAsync(1, reset: true);
        var first = await UseAsync(pool, c => c.ExecuteAsync("SET @left_over = 1; BEGIN", None).AsTask());

        await using var lease = await pool.RentAsync(None);
        Assert.Equal(first, lease.Connection.ConnectionId);
        Assert.Null(await lease.Connection.QueryScalarAsync("SELECT @left_over", None));
        Assert.False(lease.Connection.InTransaction);
    }

    [Fact]
    public async Task A_failed_connect_gives_its_place_back()
    {
        await using var pool = new MySqlPool(new MySqlConnectionOptions { Port = 1 }, 1);
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<MySqlConnectionLostException>(async () => await pool.RentAsync(None));
    }

    [Fact]
    public async Task A_closed_pool_keeps_nothing()
    {
        var pool = await CreateAsync(2);
        var lease = await pool.RentAsync(None);
        var connection = lease.Connection;
        await UseAsync(pool);
        await pool.DisposeAsync();
        await connection.PingAsync(None);
        await lease.DisposeAsync();
        Assert.True(connection.IsBroken);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await pool.RentAsync(None));
    }

    private async Task<MySqlPool> CreateAsync(int maxConnections, bool reset = false) =>
        new(Servers.OptionsFor(await servers.TargetAsync()), maxConnections, reset);

    private static async Task<uint> UseAsync(MySqlPool pool, Func<MySqlConnection, Task>? use = null)
    {
        await using var lease = await pool.RentAsync(None);
        if (use is not null)
            await use(lease.Connection);
        return lease.Connection.ConnectionId;
    }
}
