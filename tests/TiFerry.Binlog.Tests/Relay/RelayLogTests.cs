using TiFerry.Binlog.Relay;
using TiFerry.Binlog.Tests.Stream;
using TiFerry.Core.Errors;
using TiFerry.TestServers;

namespace TiFerry.Binlog.Tests.Relay;

/// <summary>Relay logs of real servers: the same bytes, whatever happens on the way.</summary>
public sealed class RelayLogTests
{
    public static TheoryData<ServerKind> Sources => [ServerKind.MariaDb, ServerKind.MySql56, ServerKind.MySql97];

    private static string[] Compressing(ServerKind kind) => kind switch
    {
        ServerKind.MariaDb => ["--log-bin-compress=ON", "--log-bin-compress-min-len=16"],
        ServerKind.MySql97 => ["--binlog-transaction-compression=ON"],
        _ => [],
    };

    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Holds_the_sources_files_to_the_byte_through_rotations_restarts_and_reconnects(ServerKind kind)
    {
        await using var source = await RelayedServer.StartAsync(kind, Compressing(kind));
        source.Start();
        await using var reader = await RelayReader.OpenAsync(source.FromFirst(), default);
        var rows = new FollowedRows(reader, "t");
        await source.ExecuteAsync(
            "CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v LONGTEXT)", "INSERT INTO d.t VALUES (1, REPEAT('x', 1000)), (2, NULL)", "FLUSH BINARY LOGS");
        // An event of several packets, too large for the protocol's 16 MiB and for any buffer.
        await source.ExecuteAsync("INSERT INTO d.t VALUES (3, REPEAT(UUID(), 500000))");
        await source.ExecuteAsync("SET GLOBAL binlog_checksum = NONE", "INSERT INTO d.t VALUES (4, 'unprotected')", "SET GLOBAL binlog_checksum = CRC32");
        await source.ExecuteAsync("BEGIN");
        for (var i = 5; i <= 504; i++)
            await source.ExecuteAsync($"INSERT INTO d.t VALUES ({i}, 'one of many')");
        await source.ExecuteAsync("COMMIT");
        await source.CatchUpAsync();
        source.AssertSameAsSource(4);

        await source.Server.StopAsync();
        await source.Server.StartAgainAsync();
        await source.ReconnectAsync();
        await source.ExecuteAsync("INSERT INTO d.t VALUES (505, 'after the restart')");
        await source.CatchUpAsync();
        source.AssertSameAsSource(5);
        await rows.ReadAsync(505);
        Assert.Equal(Enumerable.Range(1, 505).Select(i => (long)i), rows.Ids);

        var progress = await source.Log.GetProgressAsync(default);
        Assert.Equal(progress.SourcePosition, progress.Position);
        Assert.Equal(progress.SourceGtids, progress.Gtids);
        Assert.Equal(progress.SourcePosition, reader.CommittedPosition);
        Assert.Equal(progress.SourceGtids, reader.MySqlGtids?.ToString() ?? reader.MariaDbGtids?.ToString());
        Assert.True(source.Log.Reconnects >= 1);
        await source.StopAsync();
        var meta = RelayMeta.Read(Path.GetDirectoryName(source.Files()[0])!)!;
        Assert.Equal((progress.Position!.Value.File, progress.Position.Value.Position, progress.Gtids), (meta.File, meta.Position, meta.Gtids));
    }

    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Goes_on_where_a_dying_writer_left_the_file(ServerKind kind)
    {
        await using var source = await RelayedServer.StartAsync(kind, Compressing(kind));
        await source.ExecuteAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(100))");
        for (var i = 0; i < 30; i++)
            await source.ExecuteAsync($"INSERT INTO d.t VALUES ({2 * i}, 'first'), ({(2 * i) + 1}, 'second')");
        await source.ExecuteAsync("FLUSH BINARY LOGS", "INSERT INTO d.t VALUES (100, 'in the second file')", "FLUSH BINARY LOGS");
        for (var i = 101; i < 130; i++)
            await source.ExecuteAsync($"INSERT INTO d.t VALUES ({i}, 'in the third file')");
        source.Start();
        await source.CatchUpAsync();
        await source.StopAsync();

        var random = new Random(4711);
        for (var round = 0; round < 12; round++)
        {
            var last = source.Files()[^1];
            var length = new FileInfo(last).Length;
            using (var file = File.OpenHandle(last, FileMode.Open, FileAccess.ReadWrite))
            {
                var at = round switch { 0 => 0, 1 => 2, 2 => 10, _ => random.NextInt64(length) };
                if (round % 2 == 0)
                    RandomAccess.SetLength(file, at);
                else
                    RandomAccess.Write(file, "garbage"u8, at);
            }

            source.Start();
            await source.CatchUpAsync();
            await source.StopAsync();
            source.AssertSameAsSource(3);
        }

        // Stretches that are missing between files come again, too.
        File.Delete(source.Files()[1]);
        using (var file = File.OpenHandle(source.Files()[0], FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) / 2);
        source.Start();
        await source.CatchUpAsync();
        await source.StopAsync();
        source.AssertSameAsSource(3);
    }

    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Says_what_to_do_when_the_source_has_purged_or_reset_its_binlog(ServerKind kind)
    {
        await using var source = await RelayedServer.StartAsync(kind);
        await source.ExecuteAsync("CREATE DATABASE d");
        source.Start();
        await source.CatchUpAsync();
        await source.StopAsync();
        await source.ExecuteAsync("FLUSH BINARY LOGS", "FLUSH BINARY LOGS", "CREATE DATABASE e");
        var newest = (await source.Log.GetProgressAsync(default)).SourcePosition.File;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        // MariaDB keeps a file for as long as crash recovery might need it.
        while (await source.Connection.QueryScalarAsync("SHOW BINARY LOGS", deadline.Token) == "binlog.000001")
        {
            await source.ExecuteAsync($"PURGE BINARY LOGS TO '{newest}'");
            await Task.Delay(50, deadline.Token);
        }

        source.Start();
        var error = await source.FailsAsync<TiFerryException>();
        Assert.Equal(30015, error.Code.Number);
        Assert.Contains("no longer has the binlog from binlog.000001:", error.Message, StringComparison.Ordinal);

        await source.ExecuteAsync(kind == ServerKind.MySql97 ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER", "CREATE DATABASE f", "DROP DATABASE f", "DROP DATABASE e");
        source.Start();
        error = await source.FailsAsync<TiFerryException>();
        Assert.Equal(30024, error.Code.Number);
    }

    [Fact]
    public async Task Refuses_a_directory_that_is_being_written()
    {
        await using var source = await RelayedServer.StartAsync(ServerKind.MariaDb);
        source.Start();
        await source.CatchUpAsync();
        var other = new RelayLog(source.Options with { Directory = new RelayDirectory(source.Directory.FullPath) });
        var error = await Assert.ThrowsAsync<TiFerryException>(() => other.RunAsync(default));
        Assert.Contains("another process writes", error.Message, StringComparison.Ordinal);
    }
}
