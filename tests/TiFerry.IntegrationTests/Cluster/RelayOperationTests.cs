using System.Text.Json.Nodes;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>start-relay, stop-relay, pause-relay, resume-relay, purge-relay, with a task that reads the relay log.</summary>
[Collection(SmallCluster.Name)]
public sealed class RelayOperationTests(ServerFixture servers, SmallClusterFixture clusters)
{
    [SkippableFact]
    public async Task A_relay_log_is_started_paused_resumed_purged_and_stopped()
    {
        var cluster = await clusters.WholeAsync();
        var source = await servers.SourceAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, source, await servers.TargetAsync(), "relayed");
        (await cluster.RefusedAsync("pause-relay", "-s", carried.Name)).Says("relay is disabled");
        await cluster.OrderAsync("start-relay", "-s", carried.Name);
        await UntilReadFromAsync(carried, "local");
        await carried.InsertAsync(2);
        await carried.UntilEqualAsync();
        (await cluster.RefusedAsync("start-relay", "-s", carried.Name, "worker2")).Says("code=46030");
        (await cluster.RefusedAsync("operate-source", "update", carried.SourceFile())).Says("code=46025");

        await cluster.OrderAsync("pause-relay", "-s", carried.Name);
        Assert.Equal("Paused", (string?)(await RelayAsync(cluster, carried))!["stage"]);
        await carried.InsertAsync(2);
        (await cluster.DmctlAsync("query-status")).Text.Says("Relay status is Paused");
        Assert.Equal("5", await carried.CountAsync("goods"));
        await cluster.OrderAsync("resume-relay", "-s", carried.Name);
        await carried.UntilEqualAsync();

        for (var i = 0; i < 3; i++)
        {
            await source.RunAsync("FLUSH BINARY LOGS");
            await carried.InsertAsync(1);
        }
        await carried.UntilEqualAsync();
        var last = (await source.QueryAsync("SHOW MASTER STATUS"))[0][0]!;
        await cluster.UntilAsync(async () => (bool?)(await RelayAsync(cluster, carried))!["relayCatchUpMaster"] == true, "the relay log has caught up");
        var files = RelayFiles(cluster, carried);
        Assert.True(files.Length >= 4, string.Join(", ", files));
        // The checkpoint is written now and then, and what it needs stays: pausing writes it.
        await carried.PauseAsync();
        var purged = await cluster.OrderAsync("purge-relay", "-s", carried.Name, "-f", last);
        Assert.Equal(carried.Name, (string?)purged["sources"]![0]!["source"]);
        Assert.Equal([last], RelayFiles(cluster, carried));
        await carried.ResumeAsync();
        await carried.InsertAsync(1);
        await carried.UntilEqualAsync();

        await cluster.OrderAsync("stop-relay", "-s", carried.Name);
        await UntilReadFromAsync(carried, "remote");
        Assert.Null(await RelayAsync(cluster, carried));
        await carried.InsertAsync(1);
        await carried.UntilEqualAsync();
        (await cluster.RefusedAsync("purge-relay", "-s", carried.Name, "-f", last)).Says("start-relay");
    }

    [SkippableFact]
    public async Task Two_workers_pull_the_relay_log_and_the_second_takes_the_source_over()
    {
        var cluster = await clusters.WholeAsync();
        var (server, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        await using var carried = await CarriedDatabase.CreateAsync(cluster, server, target, "doubled");
        await carried.AddSourceAsync("-w", "worker1");
        await cluster.OrderAsync("start-relay", "-s", carried.Name, "worker1", "worker2");
        await carried.StartAsync();
        await carried.UntilFollowedAsync();
        (await cluster.RefusedAsync("start-relay", "-s", carried.Name)).Says("code=46028", "worker1 worker2");
        (await cluster.RefusedAsync("stop-relay", "-s", carried.Name)).Says("code=46029", "worker1 worker2");
        (await cluster.RefusedAsync("operate-source", "stop", carried.Name)).Says("code=460");
        var status = await cluster.OrderAsync("query-status", "-s", carried.Name);
        Assert.Equal(["worker1", "worker2"], status["sources"]!.AsArray().Select(s => (string?)s!["sourceStatus"]!["worker"]));
        Assert.All(status["sources"]!.AsArray(), s => Assert.Equal("Running", (string?)s!["sourceStatus"]!["relayStatus"]!["stage"]));

        Assert.Equal(0, await cluster.Workers[0].TerminateAsync());
        await cluster.UntilAsync(async () => (await cluster.WorkerOfAsync(carried.Name))?.Name == "worker2", "the other worker has the source");
        await carried.InsertAsync(2);
        await carried.UntilEqualAsync();
        await UntilReadFromAsync(carried, "local");
        await cluster.Workers[0].StartAsync();
        await cluster.UntilAllWorkersAsync();
        await cluster.OrderAsync("stop-relay", "-s", carried.Name, "worker1", "worker2");
        await carried.InsertAsync(2);
        await carried.UntilEqualAsync();
    }

    private static Task UntilReadFromAsync(CarriedDatabase carried, string kind) => carried.UntilAsync(status => (string?)status["sync"]?["binlogType"] == kind, $"it reads from {kind}");

    private static async Task<JsonNode?> RelayAsync(DmCluster cluster, CarriedDatabase carried) =>
        (await cluster.OrderAsync("query-status", "-s", carried.Name))["sources"]![0]!["sourceStatus"]!["relayStatus"];

    private static string[] RelayFiles(DmCluster cluster, CarriedDatabase carried) =>
    [
        .. cluster.Workers.Select(worker => Path.Combine(cluster.Folder, $"{worker.Name}-relay", worker.Name, carried.Name)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "binlog.*", SearchOption.AllDirectories)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal),
    ];
}
