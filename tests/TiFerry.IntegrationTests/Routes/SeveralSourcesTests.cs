using TiFerry.Core.Errors;
using TiFerry.Migration;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Routes;

/// <summary>Several sources of one task that write to the same tables of one target.</summary>
public sealed class SeveralSourcesTests : IAsyncLifetime
{
    private const string Columns = "id BIGINT AUTO_INCREMENT PRIMARY KEY, v INT NOT NULL, name VARCHAR(40), KEY v (v), KEY name (name)";
    private readonly string _database = ServerFixture.NewDatabaseName("several");
    private TestServer[] _sources = [];
    private TestServer _target = null!;
    private Crossing[] _crossings = [];

    public async Task InitializeAsync()
    {
        _sources = await Task.WhenAll(StartAsync(1), StartAsync(2));
        _target = await TestServer.StartAsync(ServerKind.MariaDb);
        _crossings = [.. _sources.Select(source => new Crossing(source, _target, _database))];
        for (var i = 0; i < 2; i++)
            _crossings[i].Options = _crossings[i].Options with { TaskName = "merge", MetaSchema = "dm_meta", CheckpointId = $"replica-{i}", FencingToken = 5, HasOtherSources = true };
    }

    public async Task DisposeAsync()
    {
        foreach (var server in _sources.Append(_target))
            await server.DisposeAsync();
    }

    [Fact]
    public async Task Copies_at_the_same_time_fill_one_table_and_changes_of_both_follow()
    {
        await CreateAsync($"CREATE TABLE t ({Columns})", "INSERT INTO t (v, name) SELECT seq, CONCAT('row ', seq) FROM mysql.seq_1_to_12000");
        using var stop = new CancellationTokenSource();
        var writers = _sources.Select(source => Task.Run(() => WriteAsync(source, stop.Token))).ToList();
        await using (var first = _crossings[0].Start())
        await using (var second = _crossings[1].Start())
        {
            await first.UntilAsync(progress => progress.Stage == MigrationStage.Following, "the first follows");
            await second.UntilAsync(progress => progress.Stage == MigrationStage.Following, "the second follows");
            foreach (var source in _sources)
                await source.RunAsync($"ALTER TABLE {_database}.t ADD COLUMN added INT NOT NULL DEFAULT 7, ADD KEY added (added)", $"CREATE TABLE {_database}.later (id INT PRIMARY KEY)", $"INSERT INTO {_database}.later SELECT @@server_id");
            await first.UntilAsync(progress => progress.Sync.Ddls > 1, "the first changed the table");
            await second.UntilAsync(progress => progress.Sync.Ddls > 1, "the second changed the table");
        }
        await stop.CancelAsync();
        await Task.WhenAll(writers);
        await Task.WhenAll(_crossings.Select(crossing => crossing.RunAsync()));
        await AssertMergedAsync("t");
        await AssertMergedAsync("later");
        var keys = await _target.QueryAsync($"SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = '{_database}' AND TABLE_NAME = 't' ORDER BY 1");
        Assert.Equal(["added", "name", "PRIMARY", "v"], keys.Select(k => k[0]));

        // One source's table goes, the other's rows have to stay.
        await _sources[0].RunAsync($"DROP TABLE {_database}.t");
        var error = await Assert.ThrowsAsync<TiFerryException>(() => _crossings[0].RunAsync());
        Assert.Contains("(sources replica-1)", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await _target.QueryAsync($"SELECT 1 FROM {_database}.t LIMIT 1"));
    }

    [Fact]
    public async Task Equal_keys_of_two_sources_are_an_error()
    {
        await CreateAsync("CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, @@server_id)");
        await _crossings[0].RunAsync();
        var error = await Assert.ThrowsAsync<TiFerryException>(() => _crossings[1].RunAsync());
        Assert.Contains("the same key", error.Message, StringComparison.Ordinal);
        Assert.Equal("101", (await _target.QueryAsync($"SELECT v FROM {_database}.t"))[0][0]);
    }

    [Fact]
    public async Task Tables_with_other_columns_or_without_a_key_are_an_error()
    {
        await CreateAsync("CREATE TABLE heap (v INT)", "INSERT INTO heap VALUES (@@server_id)");
        await _crossings[0].RunAsync();
        var error = await Assert.ThrowsAsync<TiFerryException>(() => _crossings[1].RunAsync());
        Assert.Equal(LoadErrors.ColumnsDiffer, error.Code);
        Assert.Contains("sources replica-0", error.Message, StringComparison.Ordinal);
        // Copying the first one's again would take away what another source may have written.
        await _target.RunAsync("UPDATE dm_meta.task SET stage = 'copy'", "UPDATE dm_meta.copy_object SET state = 'created' WHERE kind = 'table'");
        await Assert.ThrowsAsync<TiFerryException>(() => _crossings[0].RunAsync());
        Assert.Equal("101", Assert.Single(await _target.QueryAsync($"SELECT v FROM {_database}.heap"))[0]);

        await _sources[1].RunAsync($"DROP TABLE {_database}.heap", $"CREATE TABLE {_database}.u (id INT PRIMARY KEY, w INT)");
        await _target.RunAsync($"CREATE TABLE {_database}.u (id INT PRIMARY KEY, v INT)");
        var differs = await Assert.ThrowsAsync<TiFerryException>(() => _crossings[1].RunAsync());
        Assert.Equal(LoadErrors.ColumnsDiffer, differs.Code);
    }

    private static Task<TestServer> StartAsync(int number) => TestServer.StartAsync(
        ServerKind.MariaDb, [.. ServerOptions.Source(ServerKind.MariaDb), $"--server-id={100 + number}", "--auto-increment-increment=2", $"--auto-increment-offset={number}"]);

    private async Task CreateAsync(params string[] statements)
    {
        foreach (var source in _sources)
            await source.RunAsync([$"CREATE DATABASE {_database} CHARACTER SET utf8mb4", $"USE {_database}", .. statements]);
    }

    private async Task WriteAsync(TestServer source, CancellationToken stop)
    {
        await using var connection = await source.ConnectAsync(_database, CancellationToken.None);
        for (var i = 1; !stop.IsCancellationRequested; i++)
            await connection.RunAsync($"INSERT INTO t (v, name) VALUES ({i}, 'new')", $"UPDATE t SET v = v + 1 WHERE v = {i * 7}", $"DELETE FROM t WHERE v = {i * 11} LIMIT 3");
    }

    // Each source's keys are odd or even.
    private async Task AssertMergedAsync(string table)
    {
        var expected = new List<string>();
        foreach (var source in _sources)
            expected.AddRange(await RowsAsync(source));
        Assert.Equal(expected.Order(StringComparer.Ordinal), (await RowsAsync(_target)).Order(StringComparer.Ordinal));

        async Task<IEnumerable<string>> RowsAsync(TestServer server) => (await server.QueryAsync($"SELECT * FROM {_database}.{table}")).Select(row => string.Join('|', row));
    }
}
