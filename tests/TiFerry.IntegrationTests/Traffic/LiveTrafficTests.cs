using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Traffic;

/// <summary>The source is written to from the first moment to the last.</summary>
[Collection(ServerCollection.Name)]
public sealed class LiveTrafficTests(ServerFixture servers)
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, 1)]
    [InlineData(ServerKind.MariaDb, 4)]
    [InlineData(ServerKind.MySql56, 4)]
    [InlineData(ServerKind.MySql97, 4)]
    public async Task A_source_under_traffic_and_its_copy_are_equal_in_the_end(ServerKind kind, int threads)
    {
        var source = await servers.SourceAsync(kind);
        var database = ServerFixture.NewDatabaseName("traffic");
        await using var writers = await Writers.CreateAsync(source, database, rows: 2000);
        var crossing = new Crossing(source, await servers.TargetAsync(kind), database);
        crossing.Options = crossing.Options with { Threads = threads, ChunkRows = 20 };

        writers.Start(clients: 3, seed: threads);
        await writers.UntilFurtherAsync(20);
        await crossing.RunAsync();
        await writers.UntilFurtherAsync(200);
        await crossing.RunAsync();
        await writers.StopAsync();
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }
}
