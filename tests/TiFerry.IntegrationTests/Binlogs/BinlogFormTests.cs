using TiFerry.Core.Errors;
using TiFerry.IntegrationTests.Traffic;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Binlogs;

/// <summary>Every way a source can write its binlog is followed, or refused with a reason.</summary>
public sealed class BinlogFormTests
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, "--log-bin-compress=ON --log-bin-compress-min-len=10")]
    [InlineData(ServerKind.MariaDb, "--binlog-annotate-row-events=ON --binlog-row-metadata=FULL --binlog-checksum=NONE --max-binlog-size=65536")]
    [InlineData(ServerKind.MySql56, "--gtid-mode=ON --enforce-gtid-consistency=ON --binlog-rows-query-log-events=ON --max-binlog-size=65536")]
    [InlineData(ServerKind.MySql97, "--binlog-transaction-compression=ON --binlog-row-metadata=FULL")]
    [InlineData(ServerKind.MySql97, "--gtid-mode=ON --enforce-gtid-consistency=ON --binlog-row-value-options=PARTIAL_JSON --max-binlog-size=65536")]
    public async Task The_form_is_followed(ServerKind kind, string options)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var source = await TestServer.StartAsync(kind, [.. ServerOptions.Source(kind), .. options.Split(' ')]);
        await using var target = await TestServer.StartAsync(kind);
        await using var writers = await Writers.CreateAsync(source, "forms", rows: 500);
        if (kind == ServerKind.MySql97)
            await source.RunAsync("CREATE TABLE forms.documents (id INT PRIMARY KEY, doc JSON)", """INSERT INTO forms.documents VALUES (1, '{"a": [1, 2, {"b": "long enough to be updated in its place"}], "c": 1.5}')""");
        var crossing = new Crossing(source, target, "forms");
        crossing.Options = crossing.Options with { ChunkRows = 50 };
        writers.Start(clients: 2);
        await crossing.RunAsync();
        await writers.UntilFurtherAsync(150);
        if (kind == ServerKind.MySql97)
            await source.RunAsync("UPDATE forms.documents SET doc = JSON_SET(doc, '$.a[2].b', 'shorter')", "UPDATE forms.documents SET doc = JSON_REMOVE(JSON_SET(doc, '$.d', 'new'), '$.a[0]')");
        await writers.StopAsync();
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_transaction_of_300_000_rows_is_followed(int threads)
    {
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb, ServerOptions.Source(ServerKind.MariaDb));
        await using var target = await TestServer.StartAsync(ServerKind.MariaDb);
        await source.RunAsync("CREATE DATABASE big", "CREATE TABLE big.t (id INT PRIMARY KEY, v VARCHAR(30), KEY v (v))", "CREATE TABLE big.heap (v INT)");
        var crossing = new Crossing(source, target, "big");
        crossing.Options = crossing.Options with { Threads = threads };
        await crossing.RunAsync();
        await source.RunAsync("USE big", "BEGIN", "INSERT INTO t SELECT seq, CONCAT('value ', seq) FROM seq_1_to_250000", "INSERT INTO heap SELECT seq % 10 FROM seq_1_to_2000", "UPDATE t SET v = REVERSE(v) WHERE id % 5 = 0", "DELETE FROM heap WHERE v = 3 LIMIT 50", "COMMIT");
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [Fact]
    public async Task Changes_logged_as_statements_are_refused_with_the_way_out()
    {
        var error = await RefusedAsync("--binlog-format=STATEMENT", "UPDATE d.t SET v = 3");
        Assert.Contains("binlog_format = ROW", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_binlog_a_full_copy_works_and_following_is_refused()
    {
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb);
        await using var target = await TestServer.StartAsync(ServerKind.MariaDb);
        await source.RunAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)", "INSERT INTO d.t VALUES (1), (2)", "CREATE TABLE d.heap (v INT)", "INSERT INTO d.heap VALUES (1), (1)");
        var crossing = new Crossing(source, target, "d");
        crossing.Options = crossing.Options with { Mode = Migration.MigrationMode.Full };
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    private static async Task<TiFerryException> RefusedAsync(string option, string change)
    {
        await using var source = await TestServer.StartAsync(ServerKind.MariaDb, [.. ServerOptions.Source(ServerKind.MariaDb), option]);
        await using var target = await TestServer.StartAsync(ServerKind.MariaDb);
        await source.RunAsync("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY, v INT, w INT)", "INSERT INTO d.t VALUES (1, 1, 1)");
        var crossing = new Crossing(source, target, "d");
        // A task that began before the setting was changed.
        await source.RunAsync("SET GLOBAL binlog_row_image = FULL", "SET GLOBAL binlog_format = ROW");
        await crossing.RunAsync();
        await source.RunAsync($"SET GLOBAL {option[2..].Replace('-', '_')}");
        await source.RunAsync(change);
        return await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
    }
}
