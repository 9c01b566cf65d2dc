using System.Text.Json.Nodes;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>operate-leader, and masters that are taken out of the cluster and replaced.</summary>
[Collection(SmallCluster.Name)]
public sealed class MasterOperationTests(ServerFixture servers)
{
    [SkippableFact]
    public async Task A_leader_is_evicted_and_a_master_is_replaced_with_nothing_lost()
    {
        await using var cluster = await DmCluster.StartAsync(masters: 3, workers: 1);
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "masters");
        (await cluster.RefusedAsync("offline-member", "--master", "--name", "master9")).Says("master9");
        foreach (var master in cluster.Masters)
            ((string?)(await cluster.OrderAsync("config", "master", master.Name))["cfg"]).Says($"name = \"{master.Name}\"");

        // The master that is asked gives up the lead, so the leader itself is asked.
        var first = (await cluster.LeaderAsync())!;
        await AskAsync(cluster, first, "evict");
        await cluster.UntilAsync(async () => await cluster.LeaderAsync() is { } next && next != first, "another master leads");
        await carried.InsertAsync(1);
        await carried.UntilEqualAsync();
        var second = (await cluster.LeaderAsync())!;
        await AskAsync(cluster, first, "cancel-evict");
        await AskAsync(cluster, second, "evict");
        await cluster.UntilAsync(async () => await cluster.LeaderAsync() is { } next && next != second, "another master leads again");
        await AskAsync(cluster, second, "cancel-evict");

        // A master that does not lead goes for good, and one of another name comes in its place.
        var leader = (await cluster.LeaderAsync())!;
        (await cluster.RefusedAsync("offline-member", "--master", "--name", leader)).Says(leader);
        var lost = cluster.Masters.First(master => master.Name != leader);
        await lost.KillAsync();
        // etcd may have lost its own leader with it.
        await cluster.UntilAsync(async () => (await cluster.DmctlAsync("offline-member", "--master", "--name", lost.Name)).IsSuccess, "it is taken out");
        Assert.Equal(2, (await MastersAsync(cluster)).Count);
        var ports = cluster.MasterPorts[cluster.Masters.ToList().IndexOf(lost)];
        await using var fourth = cluster.JoiningMaster("master4", ports, leader);
        await fourth.StartAsync();
        await cluster.UntilAsync(async () => (await MastersAsync(cluster)).Count(master => (bool?)master!["alive"] == true) == 3, "the new master is alive");
        Assert.Contains("master4", (await MastersAsync(cluster)).Select(master => (string?)master!["name"]));
        ((string?)(await cluster.OrderAsync("config", "task", carried.Name))["cfg"]).Says(carried.Name);

        // It is a full member: the two others may lose one.
        await cluster.Masters.First(master => master != lost && master.Name != leader).KillAsync();
        await cluster.UntilAsync(async () => (await cluster.DmctlAsync("pause-task", carried.Name)).IsSuccess, "it is paused");
        await carried.InsertAsync(1);
        await carried.ResumeAsync();
        await carried.UntilEqualAsync();
    }

    private static async Task<JsonArray> MastersAsync(DmCluster cluster) => (await cluster.OrderAsync("list-member", "--master"))["members"]![0]!["master"]!["masters"]!.AsArray();

    private static async Task AskAsync(DmCluster cluster, string master, string operation)
    {
        var port = cluster.MasterPorts[cluster.Masters.ToList().FindIndex(member => member.Name == master)].Port;
        var answer = await DmctlAnswer.OfAsync(["--master-addr", $"127.0.0.1:{port}", "operate-leader", operation]);
        Assert.True(answer.IsSuccess, answer.Text);
    }
}
