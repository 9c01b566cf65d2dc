using System.Diagnostics;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>A relay log that fills its disk.</summary>
[Collection(SmallCluster.Name)]
public sealed class FullDiskTests(ServerFixture servers, SmallClusterFixture clusters)
{
    [SkippableFact]
    public async Task A_relay_log_without_space_pauses_and_goes_on_when_there_is_some()
    {
        var cluster = await clusters.WholeAsync();
        var source = await servers.SourceAsync();
        await using var carried = await CarriedDatabase.CreateAsync(cluster, source, await servers.TargetAsync(), "disk");
        await source.RunAsync("FLUSH BINARY LOGS");
        var disk = Path.Combine(cluster.Folder, "worker1-relay", "worker1", carried.Name);
        Directory.CreateDirectory(disk);
        Skip.IfNot(await RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk) == 0, "a small disk can't be mounted here");
        try
        {
            await carried.AddSourceAsync("-w", "worker1");
            await cluster.OrderAsync("start-relay", "-s", carried.Name);
            await carried.StartAsync();
            await carried.UntilEqualAsync();
            // The overview tells of the relay log where a task follows it.
            await carried.UntilFollowedAsync();
            await source.RunAsync($"CREATE TABLE {carried.Name}.large (id INT PRIMARY KEY, text MEDIUMTEXT)");
            for (var id = 0; id < 6; id++)
                await source.RunAsync($"INSERT INTO {carried.Name}.large VALUES ({id}, REPEAT('x', 400000))");
            string? told = null;
            await cluster.UntilAsync(
                async () => (told = (await cluster.DmctlAsync("query-status", "-s", carried.Name)).Json?["sources"]?[0]?["sourceStatus"]?["relayStatus"] is { } relay && (string?)relay["stage"] == "Paused" ? relay.ToJsonString() : null) is not null,
                "the relay log paused");
            told.Says("30025", "No space left", disk);
            // It tries again and again, and runs for a moment each time.
            await cluster.UntilAsync(async () => (await cluster.DmctlAsync("query-status")).Text.Contains("Relay status is Error", StringComparison.Ordinal), "the overview tells of the relay log");

            Assert.Equal(0, await RunAsync("mount", "-o", "remount,size=64m", disk));
            // Nobody resumes it: it does so by itself.
            await carried.UntilEqualAsync();
            await carried.InsertAsync(3);
            await carried.UntilEqualAsync();
        }
        finally
        {
            await carried.DisposeAsync();
            Assert.Equal(0, await RunAsync("umount", disk));
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
