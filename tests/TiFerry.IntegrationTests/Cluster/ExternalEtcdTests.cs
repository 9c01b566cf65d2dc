using System.Net;
using System.Net.Sockets;
using TiFerry.TestServers;

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>Masters that use an etcd cluster of the user's own.</summary>
[Collection(SmallCluster.Name)]
public sealed class ExternalEtcdTests(ServerFixture servers)
{
    [SkippableFact]
    public async Task Masters_lead_and_follow_one_another_over_an_etcd_of_the_users()
    {
        Skip.IfNot(File.Exists("/usr/bin/etcd"), "etcd is not installed; run scripts/install-servers.sh.");
        var folder = RunFolder.CreateServerFolder();
        var (port, peerPort) = (FreePort(), FreePort());
        var etcd = await ServerProcess.StartAsync(
            [
                "/usr/bin/etcd", "--name", "own", "--data-dir", Path.Combine(folder, "etcd"), "--listen-client-urls", $"http://127.0.0.1:{port}", "--advertise-client-urls", $"http://127.0.0.1:{port}",
                "--listen-peer-urls", $"http://127.0.0.1:{peerPort}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peerPort}", "--initial-cluster", $"own=http://127.0.0.1:{peerPort}",
            ], Path.Combine(folder, "etcd.log"));
        try
        {
            await using var cluster = await DmCluster.StartAsync(masters: 2, workers: 1, new ClusterOptions { MasterArguments = ["--etcd-endpoints", $"http://127.0.0.1:{port}"] });
            await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "etcd");
            var masters = (await cluster.OrderAsync("list-member", "--master"))["members"]![0]!["master"]!["masters"]!.AsArray();
            Assert.Equal(["master1", "master2"], masters.Select(master => (string?)master!["name"]));
            Assert.All(masters, master => Assert.True((bool?)master!["alive"], masters.ToJsonString()));

            // No quorum of masters is needed: one is enough.
            var leader = await cluster.LeaderAsync();
            await cluster.Masters.Single(master => master.Name == leader).KillAsync();
            await cluster.UntilAsync(async () => await cluster.LeaderAsync() is { } next && next != leader, "the other master leads");
            Assert.Single((await cluster.OrderAsync("list-member", "--master"))["members"]![0]!["master"]!["masters"]!.AsArray());
            await carried.PauseAsync();
            await carried.InsertAsync(1);
            await carried.ResumeAsync();
            await carried.UntilEqualAsync();
        }
        finally
        {
            etcd.Kill();
            await etcd.WaitForExitAsync();
            etcd.Dispose();
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
