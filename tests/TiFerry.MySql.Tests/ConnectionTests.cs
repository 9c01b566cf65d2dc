using System.Text;
using TiFerry.Core.Errors;
using TiFerry.TestServers;

namespace TiFerry.MySql.Tests;

[Collection(Servers.Name)]
public sealed class ConnectionTests(ServerFixture servers)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Greets_over_tcp_and_knows_the_server(ServerKind kind)
    {
        await using var connection = await ConnectAsync(kind);

        Assert.Equal(kind == ServerKind.MariaDb ? ServerFlavour.MariaDb : ServerFlavour.MySql, connection.Server.Flavour);
        Assert.Equal(await connection.QueryScalarAsync("SELECT CONNECTION_ID()", None), $"{connection.ConnectionId}");
        Assert.StartsWith(connection.Server.Version.ToString(3), await connection.QueryScalarAsync("SELECT VERSION()", None), StringComparison.Ordinal);
        Assert.False(connection.IsTls);
        await connection.PingAsync(None);
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Connects_over_a_unix_socket(ServerKind kind)
    {
        var server = await servers.TargetAsync(kind);
        await using var connection = await MySqlConnection.ConnectAsync(new MySqlConnectionOptions { UnixSocket = server.SocketPath, Database = "mysql" }, None);

        Assert.Equal("mysql", await connection.QueryScalarAsync("SELECT DATABASE()", None));
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Streams_rows_as_bytes_with_columns_and_outcome(ServerKind kind)
    {
        await using var connection = await ConnectAsync(kind);
        var database = await CreateDatabaseAsync(connection);
        await connection.ExecuteAsync("CREATE TABLE t (id INT UNSIGNED NOT NULL PRIMARY KEY, v VARCHAR(20) CHARACTER SET utf8mb4, b VARBINARY(10), d DOUBLE)", None);
        var inserted = await connection.ExecuteAsync("INSERT INTO t VALUES (1, 'höher', x'00FF', 1.5), (2, NULL, '', -2)", None);
        Assert.Equal(2UL, inserted.AffectedRows);
        Assert.Equal("Records: 2  Duplicates: 0  Warnings: 0", inserted.Info);

        await using var rows = await connection.QueryAsync("SELECT id, v AS w, b, d FROM t ORDER BY id", None);
        Assert.Equal(["id", "w", "b", "d"], rows.Columns.Select(c => c.Name));
        Assert.Equal(["id", "v", "b", "d"], rows.Columns.Select(c => c.OrgName));
        Assert.All(rows.Columns, c => Assert.Equal((database, "t", "t"), (c.Schema, c.Table, c.OrgTable)));
        Assert.Equal([ColumnType.Long, ColumnType.VarString, ColumnType.VarString, ColumnType.Double], rows.Columns.Select(c => c.Type));
        Assert.True(rows.Columns[0].IsUnsigned && rows.Columns[0].Flags.HasFlag(ColumnFlags.NotNull | ColumnFlags.PrimaryKey));
        Assert.Equal([true, false, true, true], rows.Columns.Select(c => c.IsBinary));
        Assert.Null(rows.Ok);
        Assert.True(rows.IsNull(0));

        Assert.True(await rows.ReadAsync(None));
        Assert.Equal(1, rows.GetInt64(0));
        Assert.Equal(1UL, rows.GetUInt64(0));
        Assert.Equal("höher", rows.GetString(1));
        Assert.Equal([0x00, 0xFF], rows.GetSpan(2).ToArray());
        Assert.Equal(1.5, rows.GetDouble(3));
        Assert.True(await rows.ReadAsync(None));
        Assert.True(rows.IsNull(1));
        Assert.True(rows.GetSpan(1).IsEmpty);
        Assert.Null(rows.GetStringOrNull(1));
        Assert.False(rows.IsNull(2));
        Assert.True(rows.GetSpan(2).IsEmpty);
        Assert.Throws<FormatException>(() => rows.GetInt64(1));
        Assert.False(await rows.ReadAsync(None));
        Assert.False(await rows.ReadAsync(None));
        Assert.True(rows.IsNull(0) && rows.GetSpan(0).IsEmpty);
        Assert.NotNull(rows.Ok);
        Assert.False(await rows.NextResultAsync(None));
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Walks_through_several_results(ServerKind kind)
    {
        await using var connection = await ConnectAsync(kind);
        await CreateDatabaseAsync(connection);
        await using (var results = await connection.QueryAsync("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2), (3); SELECT a FROM t; SELECT 'x', 'y' FROM t WHERE a > 9; DELETE FROM t", None))
        {
            Assert.Equal(0, results.FieldCount);
            Assert.True(await results.NextResultAsync(None));
            Assert.Equal(3UL, results.Ok!.Value.AffectedRows);
            Assert.True(await results.NextResultAsync(None));
            Assert.True(await results.ReadAsync(None));
            Assert.Equal("1", results.GetString(0));
            Assert.True(await results.NextResultAsync(None));
            Assert.Equal(2, results.FieldCount);
            Assert.False(await results.ReadAsync(None));
            Assert.True(await results.NextResultAsync(None));
            Assert.Equal(3UL, results.Ok!.Value.AffectedRows);
            Assert.False(await results.NextResultAsync(None));
        }

        var sum = await connection.ExecuteAsync("INSERT INTO t VALUES (1), (2); SELECT 1; INSERT INTO t VALUES (3); SELECT CAST('x' AS SIGNED)", None);
        Assert.Equal((3UL, 1), (sum.AffectedRows, sum.Warnings));
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task An_error_carries_code_state_and_text_and_leaves_the_connection_usable(ServerKind kind)
    {
        await using var connection = await ConnectAsync(kind);

        var error = await Assert.ThrowsAsync<MySqlServerException>(async () => await connection.ExecuteAsync("SELECT 1; SELECT * FROM nowhere.nothing", None));

        Assert.Equal((kind == ServerKind.MySql97 ? 1049 : 1146, kind == ServerKind.MySql97 ? "42000" : "42S02"), (error.Code, error.SqlState));
        Assert.Contains("nowhere", error.ServerMessage, StringComparison.Ordinal);
        Assert.Contains($"{error.Code}", error.Message, StringComparison.Ordinal);
        Assert.False(connection.IsBroken);
        Assert.Equal("1", await connection.QueryScalarAsync("SELECT 1", None));
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Payloads_around_and_over_16_MiB_pass_both_ways(ServerKind kind)
    {
        await using var connection = await ConnectAsync(kind);
        foreach (var length in new[] { 0xFFFFFF - 11, 0xFFFFFF - 10, 0xFFFFFF - 9, (2 * 0xFFFFFF) - 10, 40_000_000 })
        {
            // Text and command byte add 10 bytes to the value.
            using var sql = new SqlBuffer();
            sql.Append("SELECT '"u8);
            sql.GetSpan(length)[..length].Fill((byte)'a');
            sql.Advance(length);
            sql.Append("'"u8);
            var sent = sql.WrittenSpan.ToArray();

            await using var rows = await connection.QueryAsync(sql, None);
            Assert.True(await rows.ReadAsync(None));
            Assert.Equal(length, rows.GetSpan(0).Length);
            Assert.Equal(-1, rows.GetSpan(0).IndexOfAnyExcept((byte)'a'));
            Assert.False(await rows.ReadAsync(None));
            Assert.True(sql.WrittenSpan.SequenceEqual(sent));
        }

        // Rows on either side of the 16 MiB limit: a text row puts 4 bytes in front of a value of this size.
        foreach (var length in new[] { 0xFFFFFF - 5, 0xFFFFFF - 4, 0xFFFFFF - 3, 2 * 0xFFFFFF })
        {
            await using var rows = await connection.QueryAsync($"SELECT REPEAT('b', {length}); SELECT 'end'", None);
            Assert.True(await rows.ReadAsync(None));
            Assert.Equal(length, rows.GetSpan(0).Length);
            Assert.Equal(-1, rows.GetSpan(0).IndexOfAnyExcept((byte)'b'));
            Assert.True(await rows.NextResultAsync(None));
            Assert.True(await rows.ReadAsync(None));
            Assert.Equal("end", rows.GetString(0));
            Assert.False(await rows.ReadAsync(None));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Compression_carries_small_and_large_payloads(ServerKind kind)
    {
        var server = await servers.TargetAsync(kind);
        await using var connection = await MySqlConnection.ConnectAsync(Servers.OptionsFor(server) with { Compress = true }, None);
        Assert.True(connection.IsCompressed);
        Assert.Equal("ON", await connection.QueryScalarAsync("SELECT VARIABLE_VALUE FROM (SELECT 'ON' VARIABLE_VALUE) x", None));
        Assert.Equal("ON", (await connection.QueryRowsAsync("SHOW SESSION STATUS LIKE 'Compression'", None))[0][1]);

        var random = new byte[20_000_000];
        new Random(7).NextBytes(random);
        using var sql = new SqlBuffer();
        sql.Append("SELECT "u8);
        sql.AppendHex(random);
        await using (var rows = await connection.QueryAsync(sql, None))
        {
            Assert.True(await rows.ReadAsync(None));
            Assert.True(rows.GetSpan(0).SequenceEqual(random));
            Assert.False(await rows.ReadAsync(None));
        }

        await using (var rows = await connection.QueryAsync("SELECT REPEAT('z', 50000000)", None))
        {
            Assert.True(await rows.ReadAsync(None));
            Assert.Equal(50_000_000, rows.GetSpan(0).Length);
        }

        await connection.PingAsync(None);
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Reset_forgets_the_session_and_runs_the_init_statements_again(ServerKind kind)
    {
        var server = await servers.TargetAsync(kind);
        var options = Servers.OptionsFor(server) with { Database = "mysql", InitStatements = ["SET @started = 1", "SET NAMES binary"] };
        await using var connection = await MySqlConnection.ConnectAsync(options, None);
        Assert.Equal("1", await connection.QueryScalarAsync("SELECT @started", None));
        await connection.ExecuteAsync("SET @mine = 5, @@SESSION.sql_mode = 'ANSI', @started = 9", None);
        await connection.InitDbAsync("information_schema", None);

        await connection.ResetAsync(None);

        Assert.Equal(new string?[] { "1", null, "mysql", "binary" }, (await connection.QueryRowsAsync("SELECT @started, @mine, DATABASE(), @@character_set_client", None))[0]);
        Assert.DoesNotContain("ANSI", await connection.QueryScalarAsync("SELECT @@sql_mode", None), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task Init_db_changes_the_database_or_says_why_not(ServerKind kind)
    {
        await using var connection = await ConnectAsync(kind);
        await connection.InitDbAsync("mysql", None);
        Assert.Equal("mysql", await connection.QueryScalarAsync("SELECT DATABASE()", None));

        var error = await Assert.ThrowsAsync<MySqlServerException>(async () => await connection.InitDbAsync("nöwhere", None));
        Assert.Equal(1049, error.Code);
        Assert.Contains("nöwhere", error.Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(Servers.All), MemberType = typeof(Servers))]
    public async Task A_statement_over_max_allowed_packet_is_refused_with_the_servers_reason(ServerKind kind)
    {
        var server = await servers.TargetAsync(kind);
        await using var connection = await MySqlConnection.ConnectAsync(Servers.OptionsFor(server) with { UnixSocket = server.SocketPath }, None);
        using var sql = new SqlBuffer();
        sql.Append("SELECT '"u8);
        sql.GetSpan(140_000_000)[..140_000_000].Fill((byte)'a');
        sql.Advance(140_000_000);
        sql.Append("'"u8);

        var error = await Assert.ThrowsAsync<MySqlServerException>(async () => await connection.ExecuteAsync(sql, None));

        Assert.Equal(1153, error.Code);
        Assert.True(connection.IsBroken);
    }

    [Fact]
    public async Task Names_itself_in_the_connection_attributes()
    {
        await using var server = await TestServer.StartAsync(ServerKind.MariaDb, ["--performance-schema=ON"]);
        var options = Servers.OptionsFor(server) with { ProgramName = "crossing", Attributes = new Dictionary<string, string> { ["task"] = "t1" } };
        await using var connection = await MySqlConnection.ConnectAsync(options, None);

        var attributes = (await connection.QueryRowsAsync("SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_connect_attrs WHERE PROCESSLIST_ID = CONNECTION_ID()", None))
            .ToDictionary(r => r[0]!, r => r[1]);
        Assert.Equal("crossing", attributes["program_name"]);
        Assert.Equal("t1", attributes["task"]);
        Assert.Equal("tiferry", attributes["_client_name"]);
        Assert.Equal($"{Environment.ProcessId}", attributes["_pid"]);
    }

    [Fact]
    public async Task One_command_at_a_time()
    {
        await using var connection = await ConnectAsync(ServerKind.MariaDb);
        await using var rows = await connection.QueryAsync("SELECT 1", None);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await connection.PingAsync(None));
        Assert.True(await rows.ReadAsync(None));
        Assert.Equal(1, rows.GetInt64(0));
        Assert.False(await rows.ReadAsync(None));
        await connection.PingAsync(None);
    }

    [Fact]
    public async Task Disposing_a_result_reads_a_small_rest_and_gives_up_a_large_one()
    {
        await using var connection = await ConnectAsync(ServerKind.MariaDb);
        await (await connection.QueryAsync("SELECT 1 UNION ALL SELECT 2; SELECT 3; SELECT nothing", None)).DisposeAsync();
        Assert.False(connection.IsBroken);
        Assert.Equal("4", await connection.QueryScalarAsync("SELECT 4", None));

        await (await connection.QueryAsync("SELECT REPEAT('x', 1000) FROM mysql.seq_1_to_10000000", None)).DisposeAsync();
        Assert.True(connection.IsBroken);
        await Assert.ThrowsAsync<MySqlConnectionLostException>(async () => await connection.PingAsync(None));
    }

    [Fact]
    public async Task Disposing_a_result_that_does_not_come_gives_the_connection_up()
    {
        await using var connection = await ConnectAsync(ServerKind.MariaDb);
        await (await connection.QueryAsync("SELECT 1; SELECT SLEEP(600)", None)).DisposeAsync();
        Assert.True(connection.IsBroken);
    }

    [Fact]
    public async Task The_read_buffer_grows_for_a_large_row_and_shrinks_back()
    {
        await using var connection = await ConnectAsync(ServerKind.MariaDb);
        await connection.QueryScalarAsync("SELECT REPEAT('x', 40000000)", None);
        Assert.InRange(connection.Session.Channel.Buffer.Length, 40_000_000, 100_000_000);

        for (var i = 0; i < 200; i++)
            await connection.PingAsync(None);
        Assert.Equal(64 * 1024, connection.Session.Channel.Buffer.Length);
    }

    [Fact]
    public async Task A_token_cancelled_beforehand_leaves_the_connection_alone()
    {
        await using var connection = await ConnectAsync(ServerKind.MariaDb);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await connection.ExecuteAsync("SELECT 1", new CancellationToken(canceled: true)));
        await connection.PingAsync(None);
    }

    [Fact]
    public async Task A_statement_that_could_not_be_sent_is_still_whole_for_another_try()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.ReadAsync();
        });
        await using var connection = await MySqlConnection.ConnectAsync(server.Options, None);
        using var sql = new SqlBuffer();
        sql.GetSpan(60_000_000)[..60_000_000].Fill((byte)' ');
        sql.Advance(60_000_000);

        var error = await Assert.ThrowsAsync<MySqlConnectionLostException>(async () => await connection.ExecuteAsync(sql, None));

        Assert.Contains("max_allowed_packet", error.Message, StringComparison.Ordinal);
        Assert.Equal(-1, sql.WrittenSpan.IndexOfAnyExcept((byte)' '));
    }

    [Fact]
    public async Task TiDB_is_asked_for_its_version()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync(version: "8.0.11-TiDB-custom");
            await peer.ReadAsync();
            await peer.SendOkAsync();
            Assert.Equal("\u0003SELECT tidb_version()", Encoding.UTF8.GetString(await peer.ReadAsync()));
            await peer.SendAsync([1]);
            await peer.SendAsync([3, .. "def"u8, 0, 0, 0, 1, (byte)'v', 0, 12, 45, 0, 255, 0, 0, 0, 0xFD, 0, 0, 0, 0, 0]);
            await peer.SendAsync([0xFE, 0, 0, 2, 0]);
            await peer.SendAsync([40, .. "Release Version: v7.5.1\nEdition: Community"u8[..40]]);
            await peer.SendAsync([0xFE, 0, 0, 2, 0]);
            await peer.ReadAsync();
        });
        await using var connection = await MySqlConnection.ConnectAsync(server.Options, None);

        Assert.Equal((ServerFlavour.TiDb, new Version(7, 5, 1)), (connection.Server.Flavour, connection.Server.TiDbVersion));
    }

    [Fact]
    public async Task A_socket_path_that_cannot_be_is_named()
    {
        var path = "/" + new string('x', 200);
        var error = await Assert.ThrowsAsync<TiFerryException>(async () => await MySqlConnection.ConnectAsync(new MySqlConnectionOptions { UnixSocket = path }, None));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Packets_can_be_read_raw()
    {
        await using var connection = await ConnectAsync(ServerKind.MariaDb);
        await connection.SendCommandAsync(Encoding.UTF8.GetBytes("\u0003SELECT 'raw'"), None);
        var packets = connection.OpenPacketStream();

        Assert.Equal([1], (await packets.ReadAsync(None)).ToArray());
        Assert.Equal("def"u8.ToArray(), (await packets.ReadAsync(None)).ToArray()[1..4]);
        Assert.Equal([3, .. "raw"u8], (await packets.ReadAsync(None)).ToArray());
        Assert.Empty((await packets.ReadAsync(None)).ToArray());
        Assert.Empty((await packets.ReadAsync(None)).ToArray());
        await connection.PingAsync(None);

        await connection.SendCommandAsync(Encoding.UTF8.GetBytes("\u0003SELECT nothing"), None);
        var error = await Assert.ThrowsAsync<MySqlServerException>(async () => await connection.OpenPacketStream().ReadAsync(None));
        Assert.Equal(1054, error.Code);

        await connection.SendCommandAsync(new byte[] { 0x0E }, None);
        await connection.ReadOkAsync(None);
    }

    [Fact]
    public async Task An_unreachable_server_is_named()
    {
        var error = await Assert.ThrowsAsync<MySqlConnectionLostException>(async () =>
            await MySqlConnection.ConnectAsync(new MySqlConnectionOptions { Port = 1, Password = "secret" }, None));
        Assert.Contains("127.0.0.1:1", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    private async Task<MySqlConnection> ConnectAsync(ServerKind kind) =>
        await MySqlConnection.ConnectAsync(Servers.OptionsFor(await servers.TargetAsync(kind)), None);

    private static async Task<string> CreateDatabaseAsync(MySqlConnection connection)
    {
        var database = ServerFixture.NewDatabaseName("wire");
        await connection.ExecuteAsync($"DROP DATABASE IF EXISTS {database}; CREATE DATABASE {database}", None);
        await connection.InitDbAsync(database, None);
        return database;
    }
}
