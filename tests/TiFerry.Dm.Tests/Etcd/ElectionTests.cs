using TiFerry.Dm.Metadata.Etcd;

namespace TiFerry.Dm.Tests.Etcd;

[Collection(nameof(EtcdCollection))]
public sealed class ElectionTests(EtcdFixture etcd)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task The_next_candidate_leads_when_the_leader_resigns()
    {
        var election = new EtcdElection(etcd.Client, "/election/resign");
        Assert.Null(await election.GetLeaderAsync());
        await using var lease1 = await etcd.Client.GrantLeaseAsync(TimeSpan.FromSeconds(30));
        await using var lease2 = await etcd.Client.GrantLeaseAsync(TimeSpan.FromSeconds(30));
        var first = await election.CampaignAsync(lease1, "one");
        Assert.Equal($"/election/resign/{lease1.Id:x}", first.Key);
        await using var observed = election.ObserveAsync().GetAsyncEnumerator();
        Assert.True(await observed.MoveNextAsync());
        Assert.Equal("one", observed.Current!.Value);

        var standing = election.CampaignAsync(lease2, "two");
        await StandingAsync("/election/resign/", 2);
        Assert.False(standing.IsCompleted);
        Assert.True((await etcd.Client.Txn().When(first.Guard).Then(EtcdOp.Put("/election/written", "one")).CommitAsync()).Succeeded);

        await first.ResignAsync();
        Assert.True(first.Lost.IsCancellationRequested);
        Assert.True(lease1.IsSurelyAlive);
        await using var second = await standing.WaitAsync(Patience);
        Assert.True(second.CreateRevision > first.CreateRevision);
        Assert.Equal("two", (await election.GetLeaderAsync())!.Value);
        Assert.False((await etcd.Client.Txn().When(first.Guard).Then(EtcdOp.Put("/election/written", "late")).CommitAsync()).Succeeded);
        while (observed.Current?.Value != "two")
            Assert.True(await observed.MoveNextAsync().AsTask().WaitAsync(Patience));
    }

    [SkippableFact]
    public async Task A_leader_whose_lease_or_key_is_gone_is_told_and_followed_by_the_next()
    {
        var election = new EtcdElection(etcd.Client, "/election/lost");
        var lease1 = await etcd.Client.GrantLeaseAsync(TimeSpan.FromSeconds(30));
        await using var lease2 = await etcd.Client.GrantLeaseAsync(TimeSpan.FromSeconds(30));
        await using var lease3 = await etcd.Client.GrantLeaseAsync(TimeSpan.FromSeconds(30));
        await using var first = await election.CampaignAsync(lease1, "one");
        var second = election.CampaignAsync(lease2, "two");
        await StandingAsync("/election/lost/", 2);
        var third = election.CampaignAsync(lease3, "three");
        await StandingAsync("/election/lost/", 3);

        await lease1.DisposeAsync();
        Assert.True(first.Lost.IsCancellationRequested);
        await using var leader = await second.WaitAsync(Patience);
        Assert.False(third.IsCompleted);

        await etcd.Client.DeleteAsync(leader.Key);
        await using var last = await third.WaitAsync(Patience);
        Assert.True(SpinWait.SpinUntil(() => leader.Lost.IsCancellationRequested, Patience));
        Assert.True(lease2.IsSurelyAlive);
    }

    [SkippableFact]
    public async Task A_candidate_that_gives_up_leaves_no_key()
    {
        var election = new EtcdElection(etcd.Client, "/election/gaveup");
        await using var lease1 = await etcd.Client.GrantLeaseAsync(TimeSpan.FromSeconds(30));
        await using var lease2 = await etcd.Client.GrantLeaseAsync(TimeSpan.FromSeconds(30));
        await using var first = await election.CampaignAsync(lease1, "one");
        using var giveUp = new CancellationTokenSource();
        var second = election.CampaignAsync(lease2, "two", giveUp.Token);
        await StandingAsync("/election/gaveup/", 2);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal("one", Assert.Single((await etcd.Client.GetPrefixAsync("/election/gaveup/")).Items).Value);
    }

    private async Task StandingAsync(string prefix, int candidates)
    {
        using var limit = new CancellationTokenSource(Patience);
        while ((await etcd.Client.GetPrefixAsync(prefix, limit.Token)).Items.Count < candidates)
            await Task.Delay(20, limit.Token);
    }
}
