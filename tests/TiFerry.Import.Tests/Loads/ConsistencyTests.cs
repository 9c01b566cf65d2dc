using System.Text;
using TiFerry.Dump.Consistency;
using TiFerry.MySql;
using TiFerry.TestServers;

namespace TiFerry.Import.Tests.Loads;

/// <summary>
/// What is dumped while others write is exactly what the binlog says up to the noted position: the rest of the binlog, applied once, gives the source as it is
/// then. A change too many or too few would be a duplicate key, a missing row or a difference.
/// </summary>
public sealed class ConsistencyTests
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, DumpConsistency.Flush)]
    [InlineData(ServerKind.MariaDb, DumpConsistency.Lock)]
    [InlineData(ServerKind.MySql56, DumpConsistency.Flush)]
    [InlineData(ServerKind.MySql56, DumpConsistency.Lock)]
    public async Task The_dump_and_the_rest_of_the_binlog_make_the_source(ServerKind kind, DumpConsistency consistency)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var source = await TestServer.StartAsync(kind, ServerOptions.Source(kind));
        await using var target = await TestServer.StartAsync(kind);
        await source.RunAsync(
            "CREATE DATABASE live",
            "CREATE TABLE live.a (id INT PRIMARY KEY, n INT NOT NULL)",
            "CREATE TABLE live.b (id INT AUTO_INCREMENT PRIMARY KEY, a INT, v VARCHAR(50))",
            "CREATE TABLE live.m (id INT AUTO_INCREMENT PRIMARY KEY, v INT) ENGINE = MyISAM",
            $"INSERT INTO live.a VALUES {string.Join(", ", Enumerable.Range(0, 2000).Select(i => $"({i}, 0)"))}");
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(i => WriteAsync(source, i, stop.Token)).ToList();
        using var folder = new DumpFolder();
        // The load is under way when the dump begins.
        await UntilAsync(source, 20);
        var metadata = await folder.DumpAsync(source, "live.*", o => o with { Consistency = consistency, Rows = 500 });
        await UntilAsync(source, await WrittenAsync(source) + 20);
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        await folder.LoadAsync(target, "live", o => o with { OnDuplicate = DuplicateRows.Error });
        Assert.NotEqual(await WrittenAsync(source), await WrittenAsync(target));

        await ReplayAsync(source, target, metadata.Position!.Value, folder.Path);
        var here = await ServerContents.ReadAsync(source, ["live"]);
        Assert.Equal("", here.DifferenceFrom(await ServerContents.ReadAsync(target, ["live"])).Trim());
        Assert.Equal(kind == ServerKind.MariaDb, metadata.Gtid.Length > 0);
    }

    [SkippableTheory]
    [InlineData(DumpConsistency.Flush)]
    [InlineData(DumpConsistency.Lock)]
    public async Task On_MySQL_9_what_is_missing_is_in_the_rest_of_the_binlog(DumpConsistency consistency)
    {
        ServerFixture.SkipUnlessInstalled(ServerKind.MySql97);
        await using var source = await TestServer.StartAsync(ServerKind.MySql97, ServerOptions.Source(ServerKind.MySql97));
        await source.RunAsync("CREATE DATABASE live", "CREATE TABLE live.m (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(i => InsertAsync(source, stop.Token)).ToList();
        using var folder = new DumpFolder();
        await UntilAsync(source, 20);
        var metadata = await folder.DumpAsync(source, "live.*", o => o with { Consistency = consistency });
        await UntilAsync(source, await WrittenAsync(source) + 20);
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        var dumped = Directory.GetFiles(folder.Path, "live.m.0*.sql").Sum(f => File.ReadLines(f).Count(l => l.StartsWith('(')));
        var events = await source.QueryAsync($"SHOW BINLOG EVENTS IN '{metadata.Position!.Value.File}' FROM {metadata.Position!.Value.Position}");
        Assert.Equal(await WrittenAsync(source) - dumped, events.Count(e => e[2] == "Table_map"));
    }

    [Fact]
    public async Task Without_locks_the_place_where_all_had_begun_is_noted_too()
    {
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb, ServerOptions.Source(ServerKind.MariaDb));
        await source.RunAsync("CREATE DATABASE live", "CREATE TABLE live.a (id INT PRIMARY KEY)");
        using var folder = new DumpFolder();
        var metadata = await folder.DumpAsync(source, "live.*", o => o with { Consistency = DumpConsistency.None });
        Assert.NotNull(metadata.Position);
        Assert.Equal(metadata.Position, metadata.SafeModeExit);
    }

    private static async Task WriteAsync(TestServer source, int seed, CancellationToken stop)
    {
        var random = new Random(seed);
        await using var session = await source.ConnectAsync("live", CancellationToken.None);
        while (!stop.IsCancellationRequested)
        {
            var (from, to) = (random.Next(2000), random.Next(2000));
            try
            {
                await session.ExecuteAsync($"BEGIN; UPDATE a SET n = n + 1 WHERE id = {from}; INSERT INTO b (a, v) VALUES ({from}, REPEAT('x', {random.Next(50)})); UPDATE a SET n = n - 1 WHERE id = {to}; COMMIT", default);
                if (random.Next(4) == 0)
                    await session.ExecuteAsync($"DELETE FROM b WHERE a = {to}; INSERT INTO m (v) VALUES ({to})", default);
            }
            catch (MySqlServerException error) when (error.Code is 1205 or 1213)
            {
                await session.ExecuteAsync("ROLLBACK", default);
            }
        }
    }

    private static async Task InsertAsync(TestServer source, CancellationToken stop)
    {
        await using var session = await source.ConnectAsync("live", CancellationToken.None);
        while (!stop.IsCancellationRequested)
            await session.ExecuteAsync("INSERT INTO m (v) VALUES (1)", default);
    }

    private static async Task UntilAsync(TestServer source, long rows)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (await WrittenAsync(source) < rows)
        {
            Assert.True(DateTime.UtcNow < deadline, "the writers do not write");
            await Task.Delay(10);
        }
    }

    private static async Task<long> WrittenAsync(TestServer server) =>
        long.Parse((await server.QueryAsync("SELECT COUNT(*) FROM live.m"))[0][0]!, System.Globalization.CultureInfo.InvariantCulture);

    private static async Task ReplayAsync(TestServer source, TestServer target, Binlog.BinlogPosition position, string folder)
    {
        var logs = (await source.QueryAsync("SHOW BINARY LOGS")).Select(r => r[0]!).Where(f => string.CompareOrdinal(f, position.File) >= 0).Select(f => Path.Combine(source.DataDirectory, f));
        var events = Path.Combine(folder, "events.txt");
        await PlainClient.RunProgramAsync("mariadb-binlog", ["--no-defaults", $"--start-position={position.Position}", $"--result-file={events}", .. logs]);
        // MariaDB's program sets variables that MySQL does not know.
        var text = await File.ReadAllTextAsync(events, Encoding.Latin1);
        await File.WriteAllTextAsync(events, text.Replace(", @@session.check_constraint_checks=1, @@session.system_versioning_insert_history=0", "", StringComparison.Ordinal), Encoding.Latin1);
        await PlainClient.RunProgramAsync("mariadb", ["--no-defaults", "-h127.0.0.1", $"-P{target.Port}", "-uroot", "--binary-mode", "-D", "live"], events);
    }
}
