using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>A task goes on whatever happens to one machine of the cluster, and both sides are equal in the end.</summary>
[Collection(ServerCollection.Name)]
public sealed class SurvivalTests(ServerFixture servers, ClusterFixture clusters) : IClassFixture<ClusterFixture>
{
    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    public async Task Another_worker_goes_on_when_one_is_killed(ServerKind kind)
    {
        var cluster = await clusters.WholeAsync();
        await using var task = await ClusterTask.CreateAsync(cluster, await servers.SourceAsync(kind), await servers.TargetAsync(ServerKind.MariaDb), "killed", rows: 20_000);
        task.Writers.Start(clients: 2);
        await task.StartAsync();
        await task.UntilCopiedAsync(2000);

        var first = await task.WorkerAsync();
        await first.KillAsync();
        var second = await task.UntilMovedAsync(first);
        await first.StartAsync();
        await task.UntilFollowedAsync();
        await task.Writers.UntilFurtherAsync(50);
        await second.KillAsync();
        await task.UntilMovedAsync(second);
        await task.Writers.UntilFurtherAsync(50);
        await task.EndEqualAsync();
    }

    [SkippableFact]
    public async Task A_stopped_worker_that_goes_on_later_writes_nothing_any_more()
    {
        var cluster = await clusters.WholeAsync();
        await using var task = await ClusterTask.CreateAsync(cluster, await servers.SourceAsync(ServerKind.MariaDb), await servers.TargetAsync(ServerKind.MariaDb), "stopped", rows: 2_000);
        task.Writers.Start(clients: 3);
        await task.StartAsync();
        await task.UntilFollowedAsync();
        for (var round = 0; round < 2; round++)
        {
            await task.Writers.UntilFurtherAsync(50);
            var stopped = await task.WorkerAsync();
            stopped.Pause();
            await task.UntilMovedAsync(stopped);
            await task.Writers.UntilFurtherAsync(50);
            stopped.Continue();
        }
        await task.Writers.UntilFurtherAsync(200);
        await task.EndEqualAsync();
    }

    [SkippableFact]
    public async Task Tasks_go_on_when_the_leading_master_is_killed()
    {
        var cluster = await clusters.WholeAsync();
        await using var task = await ClusterTask.CreateAsync(cluster, await servers.SourceAsync(ServerKind.MariaDb), await servers.TargetAsync(ServerKind.MariaDb), "leaderless", rows: 2_000);
        task.Writers.Start(clients: 2);
        await task.StartAsync();
        await task.UntilFollowedAsync();
        var worker = await task.WorkerAsync();

        var leader = await cluster.LeaderAsync();
        await cluster.Masters.Single(master => master.Name == leader).KillAsync();
        await cluster.UntilAsync(async () => await cluster.LeaderAsync() is { } next && next != leader, "there is a new leader");
        Assert.Same(worker, await task.WorkerAsync());
        await cluster.OrderAsync("pause-task", task.Name);
        await cluster.OrderAsync("resume-task", task.Name);
        await task.EndEqualAsync();
    }

    [SkippableFact]
    public async Task A_worker_that_is_asked_to_end_hands_over_at_once()
    {
        var cluster = await clusters.WholeAsync();
        await using var task = await ClusterTask.CreateAsync(cluster, await servers.SourceAsync(ServerKind.MariaDb), await servers.TargetAsync(ServerKind.MariaDb), "handed", rows: 2_000);
        task.Writers.Start(clients: 2);
        await task.StartAsync();
        await task.UntilFollowedAsync();

        var first = await task.WorkerAsync();
        Assert.Equal(0, await first.TerminateAsync());
        await task.UntilMovedAsync(first);
        await task.UntilFollowedAsync();
        await task.EndEqualAsync();
    }
}
