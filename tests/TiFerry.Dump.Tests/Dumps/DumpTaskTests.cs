using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.Dump.Consistency;
using TiFerry.Dump.Layout;
using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.Dump.Tests.Dumps;

[Collection(Servers.Name)]
public sealed class DumpTaskTests(ServerFixture servers) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tiferry-dump-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Files_are_those_of_Dumpling()
    {
        var (source, database) = await FillAsync();
        var task = new DumpTask(Options(source, database) with { Mark = new DumpMark("shop", "7") }, Log.None);
        var metadata = await task.RunAsync(default);
        Assert.Equal(
            [
                $"{database}-schema-create.sql", $"{database}.empty-schema.sql", $"{database}.odd%2Fname-schema.sql", $"{database}.odd%2Fname.000000000.sql",
                $"{database}.t-schema.sql", $"{database}.t.000000000.sql", $"{database}.v-schema-view.sql", $"{database}.v-schema.sql", "metadata",
            ], Files());
        Assert.EndsWith(
            "INSERT INTO `t` (`id`,`v`,`b`,`f`,`e`) VALUES\n(0,NULL,NULL,'1.5',NULL),\n(1,'it\\'s \\\\ \\0','',NULL,'a'),\n(2,'',x'00ff27',NULL,0),\n(3,'ü\n',NULL,NULL,'');\n",
            await File.ReadAllTextAsync(Path.Combine(_folder, $"{database}.t.000000000.sql")), StringComparison.Ordinal);
        Assert.EndsWith("INSERT INTO `odd/name` () VALUES\n(),\n();\n", await File.ReadAllTextAsync(Path.Combine(_folder, $"{database}.odd%2Fname.000000000.sql")), StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "metadata"));
        Assert.Matches("^Started dump at: [0-9: -]{19}\nSHOW MASTER STATUS:\n\tLog: binlog\\.[0-9]+\n\tPos: [0-9]+\n\tGTID:0-[0-9]+-[0-9]+\n\nServer version: .*MariaDB.*\nTiFerry dump of: shop\nTiFerry run: 7\nFinished dump at: [0-9: -]{19}\n$", text);
        Assert.Equal(metadata.Position, DumpMetadata.Read(_folder)!.Position);
        Assert.Equal((3, 3L, 6L), (task.Progress.TotalTables, task.Progress.FinishedTables, task.Progress.Rows));
        Assert.Equal(new FileInfo(Path.Combine(_folder, $"{database}.t.000000000.sql")).Length + new FileInfo(Path.Combine(_folder, $"{database}.odd%2Fname.000000000.sql")).Length, task.Progress.Bytes);
    }

    [Fact]
    public async Task Tables_are_cut_by_rows_and_files_by_size()
    {
        var (source, database) = await FillAsync();
        await source.RunAsync($"CREATE TABLE {database}.big (id INT PRIMARY KEY, v CHAR(100))", $"INSERT INTO {database}.big SELECT seq, 'x' FROM {database}.seq_1_to_1000", $"ANALYZE TABLE {database}.big");
        var options = Options(source, database) with { Tables = TableFilter.Parse([$"{database}.big"]) };
        await new DumpTask(options with { Rows = 250 }, Log.None).RunAsync(default);
        Assert.InRange(Files().Count(IsData), 3, 6);
        Assert.Contains($"{database}.big.0000000000000.sql", Files());
        Assert.Equal(1000, Rows());
        await new DumpTask(options with { FileBytes = 2000, StatementBytes = 500, Overwrite = true }, Log.None).RunAsync(default);
        Assert.Contains($"{database}.big.000000003.sql", Files());
        Assert.All(Directory.GetFiles(_folder).Where(f => IsData(f)), f => Assert.InRange(new FileInfo(f).Length, 100, 2200));
        Assert.Equal(1000, Rows());
        await new DumpTask(options with { FileBytes = 0, Rows = 250, Overwrite = true, Where = "id > 990" }, Log.None).RunAsync(default);
        Assert.Equal(10, Rows());
    }

    [Fact]
    public async Task A_condition_compares_as_the_column_does()
    {
        var (source, database) = await FillAsync();
        await source.RunAsync($"CREATE TABLE {database}.names (n VARCHAR(10) CHARACTER SET latin1) COLLATE latin1_swedish_ci", $"INSERT INTO {database}.names VALUES ('Ä'), ('b')");
        await new DumpTask(Options(source, database) with { Tables = TableFilter.Parse([$"{database}.names"]), Where = "n = 'ä'" }, Log.None).RunAsync(default);
        Assert.Equal(1, Rows());
    }

    [Fact]
    public async Task Only_an_unfinished_dump_gives_way()
    {
        var (source, database) = await FillAsync();
        var options = Options(source, database);
        // Stopped in the middle, as a killed process would leave it.
        await File.WriteAllTextAsync(Path.Combine(_folder, "metadata.partial"), DumpMark.Anonymous.Lines);
        await File.WriteAllTextAsync(Path.Combine(_folder, "gone.t.000000000.sql"), "INSERT");
        await new DumpTask(options, Log.None).RunAsync(default);
        Assert.DoesNotContain("gone.t.000000000.sql", Files());
        var finished = Files();

        var error = await Assert.ThrowsAsync<TiFerryException>(() => new DumpTask(options, Log.None).RunAsync(default));
        Assert.Contains("holds a finished dump", error.Summary, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "precious.doc"), "");
        error = await Assert.ThrowsAsync<TiFerryException>(() => new DumpTask(options with { Overwrite = true }, Log.None).RunAsync(default));
        Assert.Contains("precious.doc", error.Summary, StringComparison.Ordinal);
        Assert.Equal(finished.Append("precious.doc").Order(StringComparer.Ordinal), Files());
        File.Delete(Path.Combine(_folder, "precious.doc"));
        await new DumpTask(options with { Overwrite = true }, Log.None).RunAsync(default);
        Assert.Equal(finished, Files());

        File.Delete(Path.Combine(_folder, "metadata"));
        await Assert.ThrowsAsync<TiFerryException>(() => new DumpTask(options, Log.None).RunAsync(default));
    }

    [Theory]
    [InlineData("metadata.partial", "", "of another program")]
    [InlineData("metadata.partial", "Started dump at: 2026-11-21 06:00:01\n", "of another program")]
    [InlineData("metadata.partial", "TiFerry dump of: theirs\nTiFerry run: 1\n", "of theirs")]
    [InlineData("metadata", "Started dump at: 2026-11-21 06:00:01\nFinished dump at: 2026-11-21 06:00:01\n", "of another program")]
    [InlineData("metadata", "TiFerry dump of: theirs\nFinished dump at: 2026-11-21 06:00:01\n", "of theirs")]
    [InlineData("metadata", "TiFerry dump of: \nFinished dump at: 2026-11-21 06:00:01\n", "that was not made for a task")]
    public async Task Dumps_of_others_stay(string file, string text, string whose)
    {
        var (source, database) = await FillAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, file), text);
        await File.WriteAllTextAsync(Path.Combine(_folder, "theirs.t.000000000.sql"), "INSERT");

        var error = await Assert.ThrowsAsync<TiFerryException>(() => new DumpTask(Options(source, database) with { Mark = new DumpMark("ours", "2"), Overwrite = true }, Log.None).RunAsync(default));

        Assert.Contains($"holds a dump {whose}, which is not overwritten", error.Summary, StringComparison.Ordinal);
        Assert.Equal([file, "theirs.t.000000000.sql"], Files());
        Assert.Equal(text, await File.ReadAllTextAsync(Path.Combine(_folder, file)));
    }

    [Fact]
    public async Task A_process_that_ended_before_it_wrote_its_mark_is_in_nobodys_way()
    {
        var (source, database) = await FillAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder, "metadata.partial"), "");
        await new DumpTask(Options(source, database) with { Mark = new DumpMark("ours", "1") }, Log.None).RunAsync(default);
        // The same task, begun anew.
        await new DumpTask(Options(source, database) with { Mark = new DumpMark("ours", "2"), Overwrite = true }, Log.None).RunAsync(default);
        Assert.Equal(new DumpMark("ours", "2"), DumpMetadata.Read(_folder)!.Mark);
        Assert.Equal(6, Rows());
    }

    [Fact]
    public void A_disk_without_room_is_told_before_rows_are_read()
    {
        using var directory = DumpDirectory.Open(_folder, DumpMark.Anonymous, overwrite: false);
        directory.RequireSpace(0);
        var error = Assert.Throws<TiFerryException>(() => directory.RequireSpace(long.MaxValue));
        Assert.Equal(DumpErrors.Failed, error.Code);
        Assert.Contains("the tables hold about", error.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loaded_files_are_deleted_and_nothing_else_is()
    {
        var (source, database) = await FillAsync();
        var everything = TableFilter.Parse(["*.*"]);
        await new DumpTask(Options(source, database), Log.None).RunAsync(default);
        Assert.False(FinishedDump.TryDelete(_folder, TableFilter.Parse(["*.*", $"!{database}.t"])));
        Assert.False(FinishedDump.IsDeleted(_folder));
        Assert.Equal(6, Rows());
        await File.WriteAllTextAsync(Path.Combine(_folder, "precious.doc"), "");

        Assert.True(FinishedDump.TryDelete(_folder, everything));
        Assert.True(FinishedDump.IsDeleted(_folder));
        Assert.Equal(["metadata", "metadata.loaded", "precious.doc"], Files());
        Assert.True(FinishedDump.TryDelete(_folder, everything));

        // It gives way to the next one.
        File.Delete(Path.Combine(_folder, "precious.doc"));
        await new DumpTask(Options(source, database) with { Overwrite = true }, Log.None).RunAsync(default);
        Assert.False(FinishedDump.IsDeleted(_folder));

        await File.WriteAllTextAsync(Path.Combine(_folder, "metadata"), "Finished dump at: 2026-11-21 06:00:01\n");
        Assert.False(FinishedDump.TryDelete(_folder, everything));
        Assert.Equal(6, Rows());
    }

    [Fact]
    public async Task A_second_dump_into_the_folder_is_kept_out()
    {
        using var first = DumpDirectory.Open(_folder, DumpMark.Anonymous, overwrite: false);
        var (source, database) = await FillAsync();
        var error = await Assert.ThrowsAsync<TiFerryException>(() => new DumpTask(Options(source, database), Log.None).RunAsync(default));
        Assert.Equal(DumpErrors.Failed, error.Code);
    }

    [Fact]
    public async Task A_stopped_dump_can_begin_anew()
    {
        var (source, database) = await FillAsync();
        using var stop = new CancellationTokenSource();
        await source.RunAsync($"CREATE TABLE {database}.big (id INT PRIMARY KEY, v CHAR(100))", $"INSERT INTO {database}.big SELECT seq, 'x' FROM {database}.seq_1_to_100000");
        var task = new DumpTask(Options(source, database) with { FileBytes = 100_000 }, Log.None);
        var run = task.RunAsync(stop.Token);
        while (task.Progress.Rows < 1000 && !run.IsCompleted)
            await Task.Delay(1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.DoesNotContain("metadata", Files());
        await new DumpTask(Options(source, database), Log.None).RunAsync(default);
        Assert.Equal(100_006, Rows());
    }

    [Fact]
    public async Task Accounts_that_may_not_lock_the_server_lock_the_tables()
    {
        var (source, database) = await FillAsync();
        await source.RunAsync($"CREATE USER {database}@'%'", $"GRANT SELECT, LOCK TABLES, SHOW VIEW ON {database}.* TO {database}@'%'", $"GRANT BINLOG MONITOR ON *.* TO {database}@'%'");
        var options = Options(source, database) with { Source = source.ConnectionOptions with { User = database } };
        var metadata = await new DumpTask(options, Log.None).RunAsync(default);
        Assert.NotNull(metadata.Position);
        Assert.Equal(6, Rows());
        var error = await Assert.ThrowsAsync<TiFerryException>(() => new DumpTask(options with { Consistency = DumpConsistency.Flush, Overwrite = true }, Log.None).RunAsync(default));
        Assert.Equal(DumpErrors.CannotLock, error.Code);
        await source.RunAsync($"REVOKE LOCK TABLES ON {database}.* FROM {database}@'%'", $"REVOKE BINLOG MONITOR ON *.* FROM {database}@'%'");
        error = await Assert.ThrowsAsync<TiFerryException>(() => new DumpTask(options with { Overwrite = true }, Log.None).RunAsync(default));
        Assert.Equal(DumpErrors.CannotLock, error.Code);
        // Without a position there is nothing to follow, but the rows are there.
        metadata = await new DumpTask(options with { Consistency = DumpConsistency.None, Overwrite = true }, Log.None).RunAsync(default);
        Assert.Null(metadata.Position);
        Assert.Equal(6, Rows());
    }

    [Fact]
    public async Task A_lock_that_others_hold_up_is_given_up_in_the_end()
    {
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb);
        await source.RunAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT) ENGINE = MyISAM");
        await using var other = await source.ConnectAsync("d");
        await other.RunAsync("LOCK TABLES t WRITE");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => new DumpTask(Options(source, "d") with { LockPatience = TimeSpan.Zero }, Log.None).RunAsync(default));
        Assert.Equal(DumpErrors.CannotLock, error.Code);
    }

    [Fact]
    public async Task Schema_changes_in_the_middle_are_told()
    {
        var (source, database) = await FillAsync();
        await source.RunAsync($"CREATE TABLE {database}.a_first (id INT PRIMARY KEY, v LONGTEXT)", $"INSERT INTO {database}.a_first SELECT seq, REPEAT('x', 100000) FROM {database}.seq_1_to_300", $"ANALYZE TABLE {database}.a_first");
        var task = new DumpTask(Options(source, database) with { Threads = 1, FileBytes = 1000 }, Log.None);
        var run = task.RunAsync(default);
        while (task.Progress.Rows == 0 && !run.IsCompleted)
            await Task.Delay(1);
        await source.RunAsync($"ALTER TABLE {database}.t ADD COLUMN late INT, ALGORITHM = COPY");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => run);
        Assert.Equal(DumpErrors.DefinitionChanged, error.Code);
        Assert.Contains($"`{database}`.`t`", error.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_is_lost_ends_the_dump()
    {
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb);
        await source.RunAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT, v LONGTEXT) ENGINE = MyISAM", "INSERT INTO d.t SELECT seq, REPEAT('x', 100000) FROM d.seq_1_to_300");
        var task = new DumpTask(Options(source, "d") with { Threads = 1, FileBytes = 1000 }, Log.None);
        var run = task.RunAsync(default);
        while (task.Progress.Rows == 0 && !run.IsCompleted)
            await Task.Delay(1);
        // The idle session is the one that holds the lock.
        var idle = await source.QueryAsync("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'root' AND COMMAND = 'Sleep'");
        await source.RunAsync($"KILL {Assert.Single(idle)[0]}");
        await Assert.ThrowsAsync<MySqlConnectionLostException>(() => run);
        Assert.DoesNotContain("metadata", Files());
    }

    [Fact]
    public async Task A_broken_view_is_named()
    {
        var (source, database) = await FillAsync();
        await source.RunAsync($"CREATE TABLE {database}.gone (id INT)", $"CREATE VIEW {database}.broken AS SELECT id FROM {database}.gone", $"DROP TABLE {database}.gone");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => new DumpTask(Options(source, database), Log.None).RunAsync(default));
        Assert.Contains($"`{database}`.`broken`", error.Summary, StringComparison.Ordinal);
        await new DumpTask(Options(source, database) with { Views = false }, Log.None).RunAsync(default);
        Assert.DoesNotContain(Files(), f => f.Contains("view", StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_disk_is_told()
    {
        var full = Assert.Throws<IOException>(() =>
        {
            using var handle = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
            RandomAccess.Write(handle, "x"u8, 0);
        });
        var error = DumpDirectory.Failed("/dump/a.t.0.sql", full);
        Assert.Contains("the disk is full: /dump/a.t.0.sql", error.Summary, StringComparison.Ordinal);
    }

    private async Task<(TestServer Source, string Database)> FillAsync()
    {
        var source = await servers.SourceAsync();
        var database = ServerFixture.NewDatabaseName("dump");
        await source.RunAsync(
            "SET NAMES utf8mb4, sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
            $"CREATE DATABASE {database} CHARACTER SET utf8mb4",
            $"USE {database}",
            "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20), g INT AS (id + 1), b BLOB, f FLOAT, e ENUM('a', ''))",
            "INSERT INTO t (id, v, b, f, e) VALUES (0, NULL, NULL, 1.5, NULL), (1, 'it''s \\\\ \\0', '', NULL, 'a'), (2, '', 0x00FF27, NULL, 'wrong'), (3, 'ü\\n', NULL, NULL, '')",
            "CREATE TABLE empty (id INT)",
            "CREATE TABLE `odd/name` (g INT AS (1) STORED)",
            "INSERT INTO `odd/name` () VALUES (), ()",
            "CREATE VIEW v AS SELECT id FROM t");
        return (source, database);
    }

    private DumpOptions Options(TestServer source, string database) =>
        new() { Source = source.ConnectionOptions, Directory = _folder, Tables = TableFilter.Parse([$"{database}.*"]), Threads = 2 };

    private List<string> Files() => [.. Directory.GetFiles(_folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    private int Rows() => Directory.GetFiles(_folder).Where(f => IsData(f)).Sum(f => File.ReadLines(f).Count(l => l.StartsWith('(')));

    private static bool IsData(string path) => DumpFileName.TryParse(Path.GetFileName(path), out var name) && name.Kind == DumpFileKind.Data;
}
