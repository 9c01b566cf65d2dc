using TiFerry.Core.Errors;
using TiFerry.IntegrationTests.Traffic;
using TiFerry.Migration;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Relay;

/// <summary><c>tiferry migrate --relay-dir</c>: copy and following go through a relay log.</summary>
[Collection(ServerCollection.Name)]
public sealed class RelayCrossingTests(ServerFixture servers) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    [InlineData(ServerKind.MySql97)]
    public async Task A_source_that_purges_its_binlog_under_traffic_is_carried_over_in_full(ServerKind kind)
    {
        var source = await servers.SourceAsync(kind);
        var database = ServerFixture.NewDatabaseName("relayed");
        await using var writers = await Writers.CreateAsync(source, database, rows: 2000);
        var crossing = Relayed(source, await servers.TargetAsync(kind), database);
        writers.Start(clients: 3, seed: 5);
        await writers.UntilFurtherAsync(20);
        for (var run = 0; run < 4; run++)
        {
            await using (var running = crossing.Start())
            {
                await running.UntilAsync(progress => progress.Stage != MigrationStage.Preparing && Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Any(), "the relay log begins");
                await writers.UntilFurtherAsync(run == 0 ? 5 : 100);
                await source.RunAsync("FLUSH BINARY LOGS");
                await writers.UntilFurtherAsync(20);
            }
            await PurgeUpToRelayAsync(source);
        }
        await writers.StopAsync();
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    [Fact]
    public async Task A_relay_log_that_cannot_go_on_stops_the_task_with_its_error()
    {
        var source = await servers.SourceAsync();
        var database = ServerFixture.NewDatabaseName("relayed");
        await source.RunAsync($"CREATE DATABASE {database}", $"CREATE TABLE {database}.t (id INT PRIMARY KEY)");
        var crossing = Relayed(source, await servers.TargetAsync(), database);
        await using (var other = new FileStream(Path.Combine(_folder, "relay.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var error = await Assert.ThrowsAsync<TiFerryException>(() => crossing.RunAsync());
            Assert.Contains("another process writes the relay log", error.Message, StringComparison.Ordinal);
        }
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }

    private Crossing Relayed(TestServer source, TestServer target, string database)
    {
        var crossing = new Crossing(source, target, database);
        crossing.Options = crossing.Options with { RelayDir = _folder };
        return crossing;
    }

    // What the relay log has not got yet must stay.
    private async Task PurgeUpToRelayAsync(TestServer source)
    {
        var subDirectory = Assert.Single(Directory.GetDirectories(_folder));
        var newest = Directory.EnumerateFiles(subDirectory).Select(Path.GetFileName).Where(name => name!.Length > 7 && name[^7] == '.' && char.IsAsciiDigit(name[^1])).Max(StringComparer.Ordinal);
        await source.RunAsync($"PURGE BINARY LOGS TO '{newest}'");
    }
}
