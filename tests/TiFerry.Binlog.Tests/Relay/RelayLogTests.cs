using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Relay;
using TiFerry.Binlog.Stream;
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
        await source.BecomesSameAsSourceAsync(4);

        await source.Server.StopAsync();
        await source.Server.StartAgainAsync();
        await source.ReconnectAsync();
        await source.ExecuteAsync("INSERT INTO d.t VALUES (505, 'after the restart')");
        await source.BecomesSameAsSourceAsync(5);
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
        for (var round = 0; round < 20; round++)
        {
            var last = source.Files()[^1];
            var length = new FileInfo(last).Length;
            using (var file = File.OpenHandle(last, FileMode.Open, FileAccess.ReadWrite))
            {
                var at = round switch { 0 => 0, 1 => 2, 2 => 10, 3 => 21, 5 => 30, _ => random.NextInt64(length) };
                if (round % 2 == 0)
                    RandomAccess.SetLength(file, at);
                else
                    RandomAccess.Write(file, "garbage"u8, at);
            }

            source.Start();
            await source.BecomesSameAsSourceAsync(3);
            await source.StopAsync();
        }

        // Stretches that are missing between files come again, too.
        File.Delete(source.Files()[1]);
        using (var file = File.OpenHandle(source.Files()[0], FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) / 2);
        source.Start();
        await source.BecomesSameAsSourceAsync(3);
        await source.StopAsync();
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

    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Starts_with_the_newest_file_or_the_one_that_holds_a_position_or_follows_gtids(ServerKind kind)
    {
        await using var source = await RelayedServer.StartAsync(kind);
        await source.ExecuteAsync("CREATE DATABASE a", "FLUSH BINARY LOGS", "CREATE DATABASE b");
        var (position, gtids) = await EndAsync(source);
        await source.ExecuteAsync("CREATE DATABASE c", "FLUSH BINARY LOGS", "CREATE DATABASE e");
        var byGtid = kind == ServerKind.MariaDb ? BinlogStart.After(MariaDbGtidSet.Parse(gtids)) : BinlogStart.After(MySqlGtidSet.Parse(gtids));
        foreach (var (start, first) in ((BinlogStart?, string)[])[(null, "binlog.000003"), (BinlogStart.At(position), "binlog.000002"), (byGtid, "binlog.000002")])
        {
            var directory = new RelayDirectory(Path.Combine(source.Directory.FullPath, $"from-{first}-{start?.ByGtid}"));
            source.Start(source.Options with { Start = start, Directory = directory });
            await source.CatchUpAsync();
            await source.StopAsync();
            Assert.Equal(first, directory.Files(Assert.Single(directory.ReadIndex()))[0]);
        }
    }

    [Fact]
    public async Task Writes_nothing_that_the_source_sends_damaged()
    {
        await using var source = await RelayedServer.StartAsync(ServerKind.MariaDb);
        await source.ExecuteAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v TEXT)");
        var (sound, _) = await EndAsync(source);
        await source.ExecuteAsync("INSERT INTO d.t VALUES (1, 'damaged on the disk of the source')", "FLUSH BINARY LOGS");
        var path = Path.Combine(source.Server.DataDirectory, "binlog.000001");
        var at = File.ReadAllBytes(path).AsSpan().IndexOf("damaged on"u8);
        Patch(path, at, "D"u8);
        source.Start();
        var error = await source.FailsAsync<TiFerryException>();
        Assert.Equal(90201, error.Code.Number);
        Assert.Contains(" sends a damaged binlog at binlog.000001:", error.Message, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(source.Files()[0]).Length, (long)sound.Position, at);

        Patch(path, at, "d"u8);
        source.Start();
        await source.BecomesSameAsSourceAsync(2);
        await source.StopAsync();
    }

    [Fact]
    public async Task An_encrypted_source_is_relayed_plain()
    {
        var keys = Path.GetTempFileName();
        await File.WriteAllTextAsync(keys, "1;00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n");
        try
        {
            await using var source = await RelayedServer.StartAsync(
                ServerKind.MariaDb, "--plugin-load-add=file_key_management", $"--file-key-management-filename={keys}", "--encrypt-binlog=ON");
            await source.ExecuteAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)", "INSERT INTO d.t VALUES (1)", "FLUSH BINARY LOGS");
            source.Start();
            await source.CatchUpAsync();
            await source.StopAsync();
            source.Start();
            await source.ExecuteAsync("INSERT INTO d.t VALUES (2)");
            await source.CatchUpAsync();
            await using var reader = await RelayReader.OpenAsync(source.FromFirst(), default);
            var rows = new FollowedRows(reader, "t");
            await rows.ReadAsync(2);
            Assert.Equal([1L, 2L], rows.Ids);
        }
        finally
        {
            File.Delete(keys);
        }
    }

    private static void Patch(string path, int at, ReadOnlySpan<byte> bytes)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.Write(file, bytes, at);
    }

    private static async Task<(BinlogPosition Position, string Gtids)> EndAsync(RelayedServer source)
    {
        var progress = await source.Log.GetProgressAsync(default);
        return (progress.SourcePosition, progress.SourceGtids);
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
