using System.Diagnostics;
using TiFerry.Binlog.Gtid;
using TiFerry.Binlog.Relay;
using TiFerry.Binlog.Stream;
using TiFerry.Binlog.Tests.Stream;
using TiFerry.Core.Errors;
using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.Binlog.Tests.Relay;

/// <summary>Reading relay logs: every row once, in order, whatever the writer and the servers do.</summary>
public sealed class RelayReaderTests
{
    private const string Origin = "11111111-2222-3333-4444-555555555555";

    public static TheoryData<ServerKind> Sources => [ServerKind.MariaDb, ServerKind.MySql56, ServerKind.MySql97];

    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Starts_at_any_place_that_a_reader_reported(ServerKind kind)
    {
        await using var source = await RelayedServer.StartAsync(kind);
        source.Start();
        await source.ExecuteAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(100))");
        var places = new List<(long Id, BinlogStart Place)>();
        await using (var reader = await RelayReader.OpenAsync(source.FromFirst(), default))
        {
            var rows = new FollowedRows(reader, "t");
            for (var i = 1; i <= 9; i++)
            {
                await source.ExecuteAsync($"INSERT INTO d.t VALUES ({i}, 'row {i}')");
                if (i % 3 == 0)
                    await source.ExecuteAsync("FLUSH BINARY LOGS");
                await rows.ReadAsync(i);
                places.Add((i, reader.CaptureCommitted()));
            }
        }

        foreach (var (id, place) in places.SkipLast(1))
        {
            var byGtid = place.MySqlGtids is { } mySql ? BinlogStart.After(mySql) : BinlogStart.After(place.MariaDbGtids!);
            foreach (var start in (BinlogStart[])[place, BinlogStart.At(place.Position!.Value), byGtid])
            {
                await using var reader = await RelayReader.OpenAsync(source.From(start), default);
                var rows = new FollowedRows(reader, "t");
                await rows.ReadAsync(9 - (int)id);
                Assert.Equal(Enumerable.Range((int)id + 1, 9 - (int)id).Select(i => (long)i), rows.Ids);
                Assert.Equal(places[^1].Place.ToString(), reader.CaptureCommitted().ToString());
            }
        }
    }

    /// <summary>The reader has no part in the writer's process but the files.</summary>
    [Fact]
    public async Task Sees_what_another_process_writes()
    {
        await using var source = await RelayedServer.StartAsync(ServerKind.MariaDb);
        source.Start();
        await using var reader = await RelayReader.OpenAsync(source.FromFirst() with { Directory = new RelayDirectory(source.Directory.FullPath) }, default);
        var rows = new FollowedRows(reader, "t");
        await source.ExecuteAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
        for (var i = 1; i <= 50; i++)
        {
            await source.ExecuteAsync($"INSERT INTO d.t VALUES ({i})");
            if (i % 20 == 0)
                await source.ExecuteAsync("FLUSH BINARY LOGS");
            await rows.ReadAsync(i);
        }

        Assert.Equal(Enumerable.Range(1, 50).Select(i => (long)i), rows.Ids);
    }

    /// <summary>The second server has the same transactions, cut into other events, in other files, at other positions.</summary>
    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Another_server_takes_over_in_the_middle_of_a_transaction(ServerKind kind)
    {
        await using var first = await RelayedServer.StartAsync(kind, "--binlog-row-event-max-size=1024");
        await using var second = await TestServer.StartAsync(kind, [.. ServerOptions.Source(kind, gtid: true), "--binlog-row-event-max-size=4096"]);
        await using var link = new TcpRelay(first.Server.Port);
        await using var onSecond = await second.ConnectAsync();
        if (kind != ServerKind.MariaDb)
            await onSecond.RunAsync("FLUSH BINARY LOGS", "FLUSH BINARY LOGS");
        string[] common = ["CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(100))", Insert(1, 10), Insert(11, 1000)];
        for (var i = 0; i < common.Length; i++)
        {
            await ExecuteAsAsync(first.Connection, kind, i + 1, common[i]);
            await ExecuteAsAsync(onSecond, kind, i + 1, common[i]);
            if (i % 2 == 0)
                await onSecond.ExecuteAsync("FLUSH BINARY LOGS", default);
        }

        await ExecuteAsAsync(onSecond, kind, 5, Insert(1001, 1003));
        var options = first.Options with { Connection = first.Options.Connection with { Port = link.Port } };
        first.Start(options);
        await first.CatchUpAsync();
        await first.StopAsync();
        var cut = first.Files()[0];
        using (var file = File.OpenHandle(cut, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.SetLength(file, RandomAccess.GetLength(file) * 2 / 3);

        await using var reader = await RelayReader.OpenAsync(first.FromFirst(), default);
        var rows = new FollowedRows(reader, "t");
        await rows.ReadPartAsync(200);
        Assert.True(reader.IsInTransaction);
        var start = reader.CaptureCommitted();
        await first.Server.KillAsync();
        link.SwitchTo(second.Port);
        first.Start(options);
        await rows.ReadAsync(1003);
        Assert.Equal(Enumerable.Range(1, 1003).Select(i => (long)i), rows.Ids);

        var index = first.Directory.ReadIndex();
        Assert.Equal([1, 2], index.Select(s => s.Number));
        Assert.StartsWith("binlog|000002.", reader.Position!.Value.File, StringComparison.Ordinal);
        Assert.True(reader.Position > start.Position);
        Assert.Equal(start.Position!.Value.File, first.Directory.Qualify(start.Position.Value).File.Replace("|000002", "", StringComparison.Ordinal));
        foreach (var file in first.Files(1).SkipLast(1))
            Assert.True(File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(second.DataDirectory, Path.GetFileName(file)))));

        // What a checkpoint held, before the change and after, is found again.
        await ExecuteAsAsync(onSecond, kind, 6, Insert(1004, 1005));
        await using (var again = await RelayReader.OpenAsync(first.From(start), default))
        {
            var repeated = new FollowedRows(again, "t");
            await repeated.ReadAsync(995);
            Assert.Equal(Enumerable.Range(11, 995).Select(i => (long)i), repeated.Ids);
        }

        var after = reader.CaptureCommitted();
        await using (var again = await RelayReader.OpenAsync(first.From(BinlogStart.At(after.Position!.Value)), default))
        {
            var repeated = new FollowedRows(again, "t");
            await repeated.ReadAsync(2);
            Assert.Equal([1004L, 1005L], repeated.Ids);
        }
    }

    [Fact]
    public async Task Another_server_is_refused_without_gtids()
    {
        ServerFixture.SkipUnlessInstalled(ServerKind.MySql56);
        await using var first = await RelayedServer.StartAsync(ServerKind.MySql56, "--gtid-mode=OFF", "--enforce-gtid-consistency=OFF");
        await using var second = await TestServer.StartAsync(ServerKind.MySql56, ServerOptions.Source(ServerKind.MySql56));
        first.Start();
        await first.ExecuteAsync("CREATE DATABASE d");
        await first.CatchUpAsync();
        await first.StopAsync();
        first.Start(first.Options with { Connection = second.ConnectionOptions });
        var error = await first.FailsAsync<TiFerryException>();
        Assert.Equal(30034, error.Code.Number);
    }

    [SkippableTheory]
    [MemberData(nameof(Sources))]
    public async Task Another_server_that_lacks_transactions_is_refused(ServerKind kind)
    {
        await using var first = await RelayedServer.StartAsync(kind);
        await using var second = await TestServer.StartAsync(kind, ServerOptions.Source(kind, gtid: true));
        await using var onSecond = await second.ConnectAsync();
        await ExecuteAsAsync(first.Connection, kind, 1, "CREATE DATABASE d");
        await ExecuteAsAsync(onSecond, kind, 1, "CREATE DATABASE d");
        await ExecuteAsAsync(first.Connection, kind, 2, "CREATE DATABASE lost");
        first.Start();
        await first.CatchUpAsync();
        await first.StopAsync();
        first.Start(first.Options with { Connection = second.ConnectionOptions });
        var error = await first.FailsAsync<TiFerryException>();
        Assert.Equal(kind == ServerKind.MariaDb ? 30015 : 30024, error.Code.Number);
        Assert.Single(first.Directory.ReadIndex());
    }

    [Fact]
    public async Task Damage_is_told_with_file_and_offset_and_no_part_of_it_is_delivered()
    {
        await using var source = await RelayedServer.StartAsync(ServerKind.MariaDb);
        source.Start();
        await source.ExecuteAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v VARCHAR(100))", "INSERT INTO d.t VALUES (1, 'before')");
        await source.CatchUpAsync();
        await source.StopAsync();
        var sound = new FileInfo(source.Files()[0]).Length;
        source.Start();
        await source.ExecuteAsync("INSERT INTO d.t VALUES (2, 'damaged')", "FLUSH BINARY LOGS");
        await source.CatchUpAsync();
        using (var file = File.OpenHandle(source.Files()[0], FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.Write(file, "?"u8, sound + 20);

        await using var reader = await RelayReader.OpenAsync(source.FromFirst(), default);
        var rows = new FollowedRows(reader, "t");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => rows.ReadAsync(2));
        Assert.Equal(11038, error.Code.Number);
        Assert.Contains($"{source.Files()[0]} is damaged at offset {sound}", error.Message, StringComparison.Ordinal);
        Assert.Equal([1L], rows.Ids);

        // The way out that the error names.
        await source.StopAsync();
        using (var file = File.OpenHandle(source.Files()[0], FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.SetLength(file, sound);
        source.Start();
        await source.BecomesSameAsSourceAsync(2);
        await source.StopAsync();
    }

    [Fact]
    public async Task Keeps_the_files_that_it_needs_from_being_purged()
    {
        await using var source = await RelayedServer.StartAsync(ServerKind.MariaDb);
        source.Start();
        await source.ExecuteAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
        for (var i = 1; i <= 4; i++)
            await source.ExecuteAsync($"INSERT INTO d.t VALUES ({i})", "FLUSH BINARY LOGS");
        await source.CatchUpAsync();
        var purger = new RelayPurger(source.Directory, new RelayPurgeOptions());
        await using (var reader = await RelayReader.OpenAsync(source.FromFirst(), default))
        {
            Assert.Empty(purger.PurgeInactive());
            await new FollowedRows(reader, "t").ReadAsync(3);
            Assert.Equal(["binlog.000001", "binlog.000002"], purger.PurgeInactive().Select(Path.GetFileName));
            using (source.Directory.Hold(new BinlogPosition("binlog.000004", 4)))
            {
                await new FollowedRows(reader, "t").ReadAsync(1);
                await source.ExecuteAsync("INSERT INTO d.t VALUES (5)");
                await new FollowedRows(reader, "t").ReadAsync(1);
                Assert.Equal(["binlog.000003"], purger.PurgeInactive().Select(Path.GetFileName));
            }
        }

        Assert.Equal(["binlog.000004"], purger.PurgeInactive().Select(Path.GetFileName));
        var error = await Assert.ThrowsAsync<TiFerryException>(async () => await RelayReader.OpenAsync(source.FromFirst(), default));
        Assert.Equal(11036, error.Code.Number);

        // The writer does not take purged files for a gap.
        await source.StopAsync();
        source.Start();
        await source.CatchUpAsync();
        Assert.Equal("binlog.000005", Path.GetFileName(Assert.Single(source.Files())));
    }

    [SkippableFact]
    public async Task A_full_disk_stops_the_writer_and_loses_nothing()
    {
        await using var source = await RelayedServer.StartAsync(ServerKind.MariaDb);
        var disk = Directory.CreateTempSubdirectory("tiferry-disk").FullName;
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk), "mounting a small disk is not allowed here");
        try
        {
            var options = source.Options with { Directory = new RelayDirectory(disk) };
            await source.ExecuteAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v LONGTEXT)");
            for (var i = 1; i <= 20; i++)
                await source.ExecuteAsync($"INSERT INTO d.t VALUES ({i}, REPEAT('x', 100000))");
            source.Start(options);
            var error = await source.FailsAsync<TiFerryException>();
            Assert.Equal(30025, error.Code.Number);
            Assert.Contains("make room", error.Workaround, StringComparison.Ordinal);

            Assert.True(Run("mount", "-o", "remount,size=64m", disk));
            source.Start(options);
            await using var reader = await RelayReader.OpenAsync(source.FromFirst() with { Directory = options.Directory }, default);
            var rows = new FollowedRows(reader, "t");
            await rows.ReadAsync(20);
            Assert.Equal(Enumerable.Range(1, 20).Select(i => (long)i), rows.Ids);
            await source.StopAsync();
        }
        finally
        {
            Run("umount", disk);
            Directory.Delete(disk);
        }
    }

    [Fact]
    public async Task A_position_that_is_no_event_or_never_comes_is_refused()
    {
        await using var source = await RelayedServer.StartAsync(ServerKind.MariaDb);
        source.Start();
        await source.ExecuteAsync("CREATE DATABASE d", "FLUSH BINARY LOGS");
        await source.CatchUpAsync();
        await RefusesAsync(source, new BinlogPosition("binlog.000001", 5), 11036);
        await RefusesAsync(source, new BinlogPosition("binlog.000001", 1_000_000), 11106);
        await RefusesAsync(source, new BinlogPosition("binlog.000009", 4), 11036);
        await RefusesAsync(source, new BinlogPosition("binlog|000007.000001", 4), 11036);
        var options = source.From(BinlogStart.After(MariaDbGtidSet.Parse("7-7-7")));
        await using var unheard = await RelayReader.OpenAsync(options, default);
        Assert.Equal(new BinlogPosition("binlog.000001", 4), unheard.Position);
    }

    private static async Task RefusesAsync(RelayedServer source, BinlogPosition position, int code)
    {
        var options = source.From(BinlogStart.At(position)) with { Patience = TimeSpan.FromMilliseconds(50) };
        var error = await Assert.ThrowsAsync<TiFerryException>(async () => await RelayReader.OpenAsync(options, default));
        Assert.Equal(code, error.Code.Number);
    }

    private static string Insert(int first, int last) =>
        $"INSERT INTO d.t VALUES {string.Join(", ", Enumerable.Range(first, last - first + 1).Select(i => $"({i}, REPEAT('x', 100))"))}";

    /// <summary>Executes a statement under a given GTID, as a replica would.</summary>
    private static async Task ExecuteAsAsync(MySqlConnection connection, ServerKind kind, int number, string statement)
    {
        var gtid = kind == ServerKind.MariaDb ? $"SET server_id = 77, gtid_seq_no = {number}" : $"SET gtid_next = '{Origin}:{number}'";
        await connection.ExecuteAsync(gtid, default);
        await connection.ExecuteAsync(statement, default);
        if (kind != ServerKind.MariaDb)
            await connection.ExecuteAsync("SET gtid_next = 'AUTOMATIC'", default);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
