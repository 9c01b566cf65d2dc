using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>operate-source, transfer-source, and workers that come and go.</summary>
[Collection(SmallCluster.Name)]
public sealed class SourceOperationTests(ServerFixture servers, SmallClusterFixture clusters)
{
    [SkippableFact]
    public async Task A_source_is_changed_while_nothing_runs_on_it()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "source");
        (await cluster.RefusedAsync("operate-source", "create", carried.SourceFile())).Says("code=46007", carried.Name);
        (await cluster.RefusedAsync("operate-source", "stop", carried.Name)).Says("code=46010", carried.Name, "stop-task");
        (await cluster.RefusedAsync("operate-source", "show", "-s", "nobody")).Says("code=46008", "nobody");
        carried.SourceKeys = "case-sensitive: true\nchecker: {backoff-max: 2s}";
        (await cluster.RefusedAsync("operate-source", "update", carried.SourceFile())).Says("code=46025", carried.Name, "pause-task");

        await carried.PauseAsync();
        await carried.InsertAsync(2);
        await cluster.OrderAsync("operate-source", "update", carried.SourceFile());
        (await cluster.OrderAsync("config", "source", carried.Name))["cfg"]!.ToString().Says("case-sensitive: true", "backoff-max: \"2s\"");
        Assert.Equal("Paused", (string?)(await carried.StatusAsync())!["stage"]);
        await carried.ResumeAsync();
        await carried.UntilEqualAsync();

        var shown = await cluster.OrderAsync("operate-source", "show");
        var source = shown["sources"]!.AsArray().Single()!.AsObject();
        Assert.Equal(["result", "msg", "source", "worker"], source.Select(field => field.Key));
        Assert.Equal(carried.Name, (string?)source["source"]);
        await cluster.OrderAsync("stop-task", carried.Name);
        await cluster.OrderAsync("operate-source", "stop", carried.Name);
        Assert.Empty((await cluster.OrderAsync("operate-source", "show"))["sources"]!.AsArray());
    }

    [SkippableFact]
    public async Task A_source_moves_to_a_free_worker_with_its_tasks()
    {
        var cluster = await clusters.WholeAsync();
        var (server, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        await using var carried = await CarriedDatabase.CreateAsync(cluster, server, target, "moved");
        await carried.AddSourceAsync("-w", "worker1");
        (await cluster.RefusedAsync("transfer-source", carried.Name, "worker9")).Says("code=46004", "worker9");
        (await cluster.RefusedAsync("transfer-source", "nobody", "worker2")).Says("code=46008", "nobody");
        // With nothing running.
        await cluster.OrderAsync("transfer-source", carried.Name, "worker2");
        Assert.Equal("worker2", (await cluster.WorkerOfAsync(carried.Name))?.Name);
        await cluster.OrderAsync("transfer-source", carried.Name, "worker2");

        await carried.StartAsync();
        await carried.UntilFollowedAsync();
        await carried.InsertAsync(2);
        await cluster.OrderAsync("transfer-source", carried.Name, "worker1");
        Assert.Equal("worker1", (await cluster.WorkerOfAsync(carried.Name))?.Name);
        await carried.InsertAsync(2);
        await carried.UntilEqualAsync();
        await carried.UntilFollowedAsync();

        // A task that is paused stays so.
        await carried.PauseAsync();
        await cluster.OrderAsync("transfer-source", carried.Name, "worker2");
        await carried.UntilAsync(status => (string?)status["stage"] == "Paused", "it is paused on the other worker, too");
        await using (var other = await CarriedDatabase.KnownAsync(cluster, server, target, "other"))
            (await cluster.RefusedAsync("transfer-source", carried.Name, "worker1")).Says("code=46006", "worker1");
        await carried.InsertAsync(2);
        await carried.ResumeAsync();
        await carried.UntilEqualAsync();
    }

    [SkippableFact]
    public async Task A_worker_that_has_ended_is_forgotten_and_may_come_back()
    {
        var cluster = await clusters.WholeAsync();
        await using var carried = await CarriedDatabase.CreateAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "left");
        await carried.AddSourceAsync("-w", "worker2");
        await carried.StartAsync();
        await carried.UntilFollowedAsync();
        (await cluster.RefusedAsync("offline-member", "--worker", "--name", "worker2")).Says("code=46005", "worker2");
        (await cluster.RefusedAsync("offline-member", "--worker", "--name", "worker9")).Says("code=46004", "worker9");
        Assert.Equal(0, await cluster.Workers[1].TerminateAsync());
        await cluster.UntilAsync(async () => await StageAsync(cluster, "worker2") == "offline", "it is offline");
        await cluster.OrderAsync("offline-member", "--worker", "--name", "worker2");
        Assert.Null(await StageAsync(cluster, "worker2"));

        await carried.InsertAsync(2);
        await carried.UntilEqualAsync();
        Assert.Equal("worker1", (await cluster.WorkerOfAsync(carried.Name))?.Name);
        await cluster.Workers[1].StartAsync();
        await cluster.UntilAsync(async () => await StageAsync(cluster, "worker2") == "free", "it is back");
        Assert.Equal("bound", await StageAsync(cluster, "worker1"));
    }

    [SkippableFact]
    public async Task A_source_without_a_worker_waits_for_one()
    {
        var cluster = await clusters.WholeAsync();
        var (server, target) = (await servers.SourceAsync(), await servers.TargetAsync());
        await using var one = await CarriedDatabase.KnownAsync(cluster, server, target, "waits");
        await using var two = await CarriedDatabase.KnownAsync(cluster, server, target, "waits");
        await using var three = await CarriedDatabase.CreateAsync(cluster, server, target, "waits");
        var answer = await three.AddSourceAsync();
        ((string?)answer["sources"]![0]!["msg"]).Says("there is no free worker to bound");
        (await cluster.RefusedAsync("start-task", three.TaskFile())).Says("code=46009", three.Name);
        await cluster.OrderAsync("operate-source", "stop", one.Name);
        await cluster.UntilAsync(async () => await cluster.WorkerOfAsync(three.Name) is not null, "the worker that is free now takes it");
        await three.StartAsync();
        await three.UntilEqualAsync();
    }

    private static async Task<string?> StageAsync(DmCluster cluster, string worker)
    {
        var members = await cluster.OrderAsync("list-member", "--worker");
        return (string?)members["members"]![0]!["worker"]!["workers"]!.AsArray().FirstOrDefault(w => (string?)w!["name"] == worker)?["stage"];
    }
}
