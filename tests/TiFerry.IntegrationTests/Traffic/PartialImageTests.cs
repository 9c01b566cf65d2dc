using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Traffic;

/// <summary>A source whose binlog tells only a part of each row: tables are copied in one snapshot, and every change is applied once and in order.</summary>
public sealed class PartialImageTests
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb, "MINIMAL")]
    [InlineData(ServerKind.MariaDb, "NOBLOB")]
    [InlineData(ServerKind.MySql56, "MINIMAL")]
    [InlineData(ServerKind.MySql97, "MINIMAL")]
    [InlineData(ServerKind.MySql97, "NOBLOB")]
    public async Task A_source_under_traffic_and_its_copy_are_equal_in_the_end(ServerKind kind, string image)
    {
        ServerFixture.SkipUnlessInstalled(kind);
        await using var source = await TestServer.StartAsync(kind, [.. ServerOptions.Source(kind).Where(o => !o.StartsWith("--binlog-row-image", StringComparison.Ordinal)), $"--binlog-row-image={image}"]);
        await using var target = await TestServer.StartAsync(kind, ServerOptions.Target(kind));
        await using var writers = await Writers.CreateAsync(source, "partial", rows: 1500);
        var crossing = new Crossing(source, target, "partial");

        writers.Start(clients: 2, seed: 5);
        var random = new Random(5);
        for (var run = 0; run < 4; run++)
        {
            await using var sourceLink = CuttableLink.To(source);
            await using var targetLink = CuttableLink.To(target);
            crossing.Options = crossing.Options with
            {
                Source = source.ConnectionOptions with { Port = sourceLink.Port },
                Target = target.ConnectionOptions with { Port = targetLink.Port },
            };
            await using var running = crossing.Start();
            await writers.UntilFurtherAsync(random.Next(20, 150));
            if (running.Completion.IsCompleted)
                await running.Completion;
            sourceLink.Close();
            targetLink.Close();
        }
        crossing.Options = crossing.Options with { Source = source.ConnectionOptions, Target = target.ConnectionOptions };
        await crossing.RunAsync();
        await writers.StopAsync();
        await crossing.RunAsync();
        await crossing.AssertEqualAsync();
    }
}
