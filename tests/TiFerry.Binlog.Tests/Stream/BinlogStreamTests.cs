using System.Globalization;
using TiFerry.Binlog.Events;
using TiFerry.Binlog.Files;
using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.Binlog.Tests.Stream;

/// <summary>Following real servers: every kind of start, lost connections, restarts, purged files.</summary>
public sealed class BinlogStreamTests
{
    private static int _lastReplicaId = 70_000;

    public static TheoryData<ServerKind, bool> Sources => new()
    {
        { ServerKind.MariaDb, false },
        { ServerKind.MariaDb, true },
        { ServerKind.MySql56, false },
        { ServerKind.MySql56, true },
        { ServerKind.MySql97, false },
        { ServerKind.MySql97, true },
    };

    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Delivers_every_row_once_through_kills_and_restarts(ServerKind kind, bool byGtid)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var server = await StartAsync(kind);
        var connection = await ConnectAsync(server);
        await connection.ExecuteAsync("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(100))", default);
        var start = await CurrentAsync(connection, kind, byGtid);
        await using var stream = await BinlogStream.OpenAsync(Options(server, start), default);
        var rows = new FollowedRows(stream, "t");

        await InsertAsync(connection, 1, 10);
        await rows.ReadAsync(10);

        await KillDumpAsync(connection);
        await InsertAsync(connection, 11, 20);
        await rows.ReadAsync(20);
        Assert.Equal(1, stream.Reconnects);

        // A transaction of many events, cut in the middle.
        await connection.ExecuteAsync("BEGIN", default);
        for (var i = 21; i <= 2020; i++)
            await connection.ExecuteAsync($"INSERT INTO d.t VALUES ({i}, REPEAT('x', 100))", default);
        await connection.ExecuteAsync("COMMIT", default);
        await rows.ReadPartAsync(500);
        Assert.True(stream.IsInTransaction);
        await KillDumpAsync(connection);
        await rows.ReadAsync(2020);

        await connection.DisposeAsync();
        await server.StopAsync();
        var reading = rows.ReadAsync(2030);
        await server.StartAgainAsync();
        connection = await ConnectAsync(server);
        await InsertAsync(connection, 2021, 2030);
        await reading;

        Assert.Equal(Enumerable.Range(1, 2030).Select(i => (long)i), rows.Ids);
        Assert.True(stream.Reconnects >= 2);
        Assert.Equal(stream.Position, stream.CommittedPosition);
        var end = await CurrentAsync(connection, kind, byGtid);
        if (byGtid && kind == ServerKind.MariaDb)
            Assert.Equal(end.MariaDbGtids, stream.MariaDbGtids);
        else if (byGtid)
            Assert.Equal(end.MySqlGtids, stream.MySqlGtids);
        Assert.Equal((await CurrentAsync(connection, kind, byGtid: false)).Position, stream.CommittedPosition);
        await connection.DisposeAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Goes_on_from_a_captured_place(ServerKind kind, bool byGtid)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var server = await StartAsync(kind);
        await using var connection = await ConnectAsync(server);
        await connection.ExecuteAsync("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(100))", default);
        BinlogStart captured;
        var start = await CurrentAsync(connection, kind, byGtid);
        await using (var stream = await BinlogStream.OpenAsync(Options(server, start), default))
        {
            await InsertAsync(connection, 1, 5);
            await new FollowedRows(stream, "t").ReadAsync(5);
            captured = stream.CaptureCommitted();
        }

        await connection.ExecuteAsync("FLUSH BINARY LOGS", default);
        await InsertAsync(connection, 6, 9);
        await using (var stream = await BinlogStream.OpenAsync(Options(server, captured), default))
        {
            var rows = new FollowedRows(stream, "t");
            await rows.ReadAsync(4);
            Assert.Equal([6L, 7L, 8L, 9L], rows.Ids);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Says_what_to_do_when_the_start_is_purged(ServerKind kind, bool byGtid)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var server = await StartAsync(kind);
        await using var connection = await ConnectAsync(server);
        var start = await CurrentAsync(connection, kind, byGtid: false);
        var startByGtid = await CurrentAsync(connection, kind, byGtid: true);
        await connection.ExecuteAsync("CREATE DATABASE d; FLUSH BINARY LOGS; FLUSH BINARY LOGS", default);
        await connection.ExecuteAsync("CREATE DATABASE e", default);
        var last = await CurrentAsync(connection, kind, byGtid: false);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        // MariaDB keeps a file for as long as crash recovery might need it.
        while ((await connection.QueryScalarAsync("SHOW BINARY LOGS", deadline.Token)) == start.Position!.Value.File)
        {
            await connection.ExecuteAsync($"PURGE BINARY LOGS TO '{last.Position!.Value.File}'", deadline.Token);
            await Task.Delay(50, deadline.Token);
        }

        var error = await Assert.ThrowsAsync<TiFerryException>(async () =>
        {
            await using var stream = await BinlogStream.OpenAsync(Options(server, byGtid ? startByGtid : start), default);
            while (true)
                await stream.ReadAsync(deadline.Token);
        });
        Assert.Contains("no longer has the binlog", error.Message, StringComparison.Ordinal);
        Assert.Contains("copy the data anew", error.Workaround, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Heartbeats_come_while_nothing_happens(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var server = await StartAsync(kind);
        await using var connection = await ConnectAsync(server);
        var start = await CurrentAsync(connection, kind, byGtid: false);
        await using var stream = await BinlogStream.OpenAsync(Options(server, start) with { HeartbeatPeriod = TimeSpan.FromMilliseconds(1500) }, default);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var heartbeats = 0;
        while (heartbeats < 3)
        {
            if (await stream.ReadAsync(deadline.Token) is HeartbeatEvent heartbeat)
            {
                heartbeats++;
                Assert.Equal(start.Position!.Value.File, heartbeat.File);
                Assert.Equal(start.Position!.Value.Position, heartbeat.Position);
            }
        }

        Assert.Equal(0, stream.Reconnects);
        Assert.Equal(start.Position, stream.Position);
    }

    [Fact]
    public async Task Refuses_another_server_at_the_same_address_unless_by_gtid()
    {
        await using var first = await StartAsync(ServerKind.MariaDb);
        await using var second = await StartAsync(ServerKind.MariaDb);
        await using var relay = new TcpRelay(first.Port);
        await using var connection = await ConnectAsync(first);
        var start = await CurrentAsync(connection, ServerKind.MariaDb, byGtid: false);
        var options = Options(first, start);
        await using var stream = await BinlogStream.OpenAsync(options with { Connection = options.Connection with { Port = relay.Port } }, default);
        await InsertTableAsync(connection);
        await new FollowedRows(stream, "t").ReadAsync(3);

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        relay.SwitchTo(second.Port);
        var error = await Assert.ThrowsAsync<TiFerryException>(async () =>
        {
            while (true)
                await stream.ReadAsync(deadline.Token);
        });
        Assert.Contains("is now another server", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The second server has the same transactions, cut into other events, in other files, at other positions.</summary>
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task By_gtid_another_server_takes_over_in_the_middle_of_a_transaction(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var first = await TestServer.StartAsync(kind, [.. ServerOptions.Source(kind, gtid: true), "--binlog-row-event-max-size=1024"]);
        await using var second = await TestServer.StartAsync(kind, [.. ServerOptions.Source(kind, gtid: true), "--binlog-row-event-max-size=4096"]);
        await using var relay = new TcpRelay(first.Port);
        await using var onFirst = await ConnectAsync(first);
        await using var onSecond = await ConnectAsync(second);
        await onSecond.ExecuteAsync("FLUSH BINARY LOGS", default);

        var number = 0;
        foreach (var statement in (string[])["CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(100))", Insert(1, 1000), Insert(1001, 1003)])
        {
            number++;
            await ExecuteAsAsync(onFirst, kind, number, statement);
            await ExecuteAsAsync(onSecond, kind, number, statement);
        }

        var start = kind == ServerKind.MariaDb ? BinlogStart.After(MariaDbGtidSet.Parse("0-77-2")) : BinlogStart.After(MySqlGtidSet.Parse($"{Source}:1-2"));
        var options = Options(first, start);
        await using var stream = await BinlogStream.OpenAsync(options with { Connection = options.Connection with { Port = relay.Port } }, default);
        var rows = new FollowedRows(stream, "t");
        await rows.ReadPartAsync(100);
        Assert.True(stream.IsInTransaction);
        var before = rows.Ids.Count;

        await first.KillAsync();
        relay.SwitchTo(second.Port);
        await rows.ReadAsync(1003);

        Assert.True(before < 1000);
        Assert.Equal(Enumerable.Range(1, 1003).Select(i => (long)i), rows.Ids);
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql97)]
    public async Task Events_of_more_than_16_megabytes_arrive_whole(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var server = await StartAsync(kind);
        await using var connection = await ConnectAsync(server);
        await connection.ExecuteAsync("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, v LONGBLOB)", default);
        var start = await CurrentAsync(connection, kind, byGtid: false);
        await using var stream = await BinlogStream.OpenAsync(Options(server, start), default);
        await connection.ExecuteAsync("INSERT INTO d.t VALUES (1, REPEAT('0123456789', 3500000)), (2, 'small')", default);
        await connection.ExecuteAsync("INSERT INTO d.t VALUES (3, 'after')", default);
        var rows = new FollowedRows(stream, "t");
        await rows.ReadAsync(3);
        Assert.Equal([1L, 2L, 3L], rows.Ids);
    }

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task Needs_one_privilege_and_says_so(ServerKind kind)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var server = await StartAsync(kind);
        await using var connection = await ConnectAsync(server);
        var start = await CurrentAsync(connection, kind, byGtid: false);
        await connection.ExecuteAsync("CREATE USER follower@'%' IDENTIFIED BY 'secret word'", default);
        var options = Options(server, start);
        options = options with { Connection = options.Connection with { User = "follower", Password = "secret word" } };

        var error = await Assert.ThrowsAsync<TiFerryException>(() => FollowAsync(options));
        Assert.Contains("GRANT REPLICATION SLAVE", error.Workaround, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<TiFerryException>(() => FollowAsync(options with { Connection = options.Connection with { Password = "secret mistake" } }));
        Assert.Contains("check user and password", error.Workaround, StringComparison.Ordinal);
        Assert.DoesNotContain("mistake", error.ToString(), StringComparison.Ordinal);

        await connection.ExecuteAsync("GRANT REPLICATION SLAVE ON *.* TO follower@'%'", default);
        await InsertTableAsync(connection);
        await FollowAsync(options);
    }

    private static async Task FollowAsync(BinlogStreamOptions options)
    {
        await using var stream = await BinlogStream.OpenAsync(options, default);
        await new FollowedRows(stream, "t").ReadAsync(3);
    }

    [Fact]
    public async Task A_source_that_encrypts_its_binlog_sends_it_plain()
    {
        var keys = Path.GetTempFileName();
        await File.WriteAllTextAsync(keys, "1;00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
        try
        {
            await using var server = await TestServer.StartAsync(ServerKind.MariaDb,
                [.. ServerOptions.Source(ServerKind.MariaDb), "--plugin-load-add=file_key_management", $"--file-key-management-filename={keys}", "--encrypt-binlog=ON"]);
            await using var connection = await ConnectAsync(server);
            await InsertTableAsync(connection);
            var start = BinlogStart.At(new BinlogPosition("binlog.000001", BinlogPosition.FirstEvent));
            await using var stream = await BinlogStream.OpenAsync(Options(server, start), default);
            var rows = new FollowedRows(stream, "t");
            await rows.ReadAsync(3);
            Assert.Equal([1L, 2L, 3L], rows.Ids);

            var error = Assert.Throws<TiFerryException>(() => ReadToEnd(Path.Combine(server.DataDirectory, "binlog.000001")));
            Assert.Contains("encrypted", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(keys);
        }
    }

    private static void ReadToEnd(string file)
    {
        using var reader = BinlogFileReader.Open(file);
        while (reader.TryRead(out _))
        {
        }
    }

    private const string Source = "11111111-2222-3333-4444-555555555555";

    private static string Insert(int first, int last) =>
        $"INSERT INTO d.t VALUES {string.Join(", ", Enumerable.Range(first, last - first + 1).Select(i => $"({i}, REPEAT('x', 100))"))}";

    /// <summary>Executes a statement under a given GTID, as a replica would.</summary>
    private static async Task ExecuteAsAsync(MySqlConnection connection, ServerKind kind, int number, string statement)
    {
        var gtid = kind == ServerKind.MariaDb ? $"SET server_id = 77, gtid_seq_no = {number}" : $"SET gtid_next = '{Source}:{number}'";
        await connection.ExecuteAsync(gtid, default);
        await connection.ExecuteAsync(statement, default);
        if (kind != ServerKind.MariaDb)
            await connection.ExecuteAsync("SET gtid_next = 'AUTOMATIC'", default);
    }

    private static async Task InsertTableAsync(MySqlConnection connection)
    {
        await connection.ExecuteAsync("CREATE DATABASE d; CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(100))", default);
        await InsertAsync(connection, 1, 3);
    }

    private static async Task InsertAsync(MySqlConnection connection, int first, int last)
    {
        for (var i = first; i <= last; i++)
            await connection.ExecuteAsync($"INSERT INTO d.t VALUES ({i}, 'row {i}')", default);
    }

    private static Task<TestServer> StartAsync(ServerKind kind) => TestServer.StartAsync(kind, ServerOptions.Source(kind, gtid: true));

    private static async Task<MySqlConnection> ConnectAsync(TestServer server) =>
        await MySqlConnection.ConnectAsync(new MySqlConnectionOptions { Port = server.Port }, default);

    private static BinlogStreamOptions Options(TestServer server, BinlogStart start) => new()
    {
        Connection = new MySqlConnectionOptions { Port = server.Port },
        Start = start,
        ServerId = (uint)Interlocked.Increment(ref _lastReplicaId),
    };

    private static async Task<BinlogStart> CurrentAsync(MySqlConnection connection, ServerKind kind, bool byGtid)
    {
        var status = kind == ServerKind.MySql97 ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS";
        var row = (await connection.QueryRowsAsync(status, default))[0];
        var position = new BinlogPosition(row[0]!, ulong.Parse(row[1]!, CultureInfo.InvariantCulture));
        if (!byGtid)
            return BinlogStart.At(position);
        return kind == ServerKind.MariaDb
            ? BinlogStart.After(MariaDbGtidSet.Parse((await connection.QueryScalarAsync("SELECT @@gtid_binlog_pos", default))!))
            : BinlogStart.After(MySqlGtidSet.Parse((await connection.QueryScalarAsync("SELECT @@global.gtid_executed", default))!));
    }

    private static async Task KillDumpAsync(MySqlConnection connection)
    {
        var rows = await connection.QueryRowsAsync("SELECT ID FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'", default);
        foreach (var row in rows)
            await connection.ExecuteAsync($"KILL {row[0]}", default);
    }
}
