using TiFerry.Dm.Metadata.Etcd;

namespace TiFerry.Dm.Tests.Etcd;

[Collection(nameof(EtcdCollection))]
public sealed class WatchTests(EtcdFixture etcd) : IDisposable
{
    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(60));

    public void Dispose() => _limit.Dispose();

    [SkippableFact]
    public async Task Changes_come_by_revision_with_what_was_before()
    {
        var client = etcd.Client;
        var from = await client.PutAsync("/watch/a", "1");
        await client.Txn().Then(EtcdOp.Put("/watch/a", "2"), EtcdOp.Put("/watch/b", "3"), EtcdOp.Put("/unwatched", "4")).CommitAsync();
        await client.DeleteAsync("/watch/b");

        await using var changes = client.WatchPrefixAsync("/watch/", from, _limit.Token).GetAsyncEnumerator();
        var seen = new List<string>();
        while (seen.Count < 4)
        {
            Assert.True(await changes.MoveNextAsync());
            seen.AddRange(changes.Current.Events.Select(e => $"{e.Item.ModRevision - from} {(e.IsDelete ? "delete" : "put")} {e.Key}={e.Item.Value} was {e.Previous?.Value}"));
        }

        Assert.Equal(["0 put /watch/a=1 was ", "1 put /watch/a=2 was 1", "1 put /watch/b=3 was ", "2 delete /watch/b= was 3"], seen);
        Assert.Equal(from + 2, changes.Current.Revision);
    }

    [SkippableFact]
    public async Task A_watch_goes_on_after_its_server_was_gone_and_misses_nothing()
    {
        await using var front = await Front.OpenAsync(etcd.Member);
        using var client = new EtcdClient([front.Address]);
        await using var changes = client.WatchAsync("/resumed", 0, _limit.Token).GetAsyncEnumerator();
        var next = changes.MoveNextAsync();
        while (!next.IsCompleted)
        {
            // Until the watch stands, changes may come before it.
            await etcd.Client.PutAsync("/resumed", "0", ct: _limit.Token);
            await Task.Delay(20);
        }

        Assert.True(await next);
        await front.CloseAsync();
        for (var i = 1; i <= 3; i++)
            await etcd.Client.PutAsync("/resumed", $"{i}");
        await front.OpenAsync();
        for (var i = 4; i <= 6; i++)
            await etcd.Client.PutAsync("/resumed", $"{i}");

        var seen = new List<string>();
        while (seen.LastOrDefault() != "6")
        {
            Assert.True(await changes.MoveNextAsync());
            seen.AddRange(changes.Current.Events.Select(e => e.Item.Value).Where(value => value != "0"));
        }

        Assert.Equal(["1", "2", "3", "4", "5", "6"], seen);
    }

    [SkippableFact]
    public async Task Compaction_is_told_to_a_watch_and_bridged_by_a_followed_prefix()
    {
        await using var front = await Front.OpenAsync(etcd.Member);
        using var client = new EtcdClient([front.Address]);
        await etcd.Client.Txn().Then(EtcdOp.Put("/compact/stays", "1"), EtcdOp.Put("/compact/goes", "1"), EtcdOp.Put("/compact/changes", "1")).CommitAsync();
        await using var updates = client.FollowAsync("/compact/", _limit.Token).GetAsyncEnumerator();
        Assert.True(await updates.MoveNextAsync());
        Assert.True(updates.Current.IsFresh);
        Assert.Equal(3, updates.Current.Events.Count);
        var old = updates.Current.Revision;

        await front.CloseAsync();
        await etcd.Client.DeleteAsync("/compact/goes");
        await etcd.Client.PutAsync("/compact/changes", "2");
        await etcd.Client.PutAsync("/compact/comes", "1");
        await etcd.Client.CompactAsync(await etcd.Client.PutAsync("/elsewhere", "1"));
        await front.OpenAsync();

        Assert.True(await updates.MoveNextAsync());
        Assert.True(updates.Current.IsFresh);
        Assert.Equal(["delete /compact/goes was 1", "put /compact/changes was 1", "put /compact/comes was "],
            updates.Current.Events.Select(e => $"{(e.IsDelete ? "delete" : "put")} {e.Key} was {e.Previous?.Value}"));
        Assert.Equal(["/compact/changes", "/compact/comes", "/compact/stays"], updates.Current.Keys.Keys);

        await etcd.Client.DeleteAsync("/compact/comes");
        Assert.True(await updates.MoveNextAsync());
        Assert.False(updates.Current.IsFresh);
        Assert.Equal(["/compact/changes", "/compact/stays"], updates.Current.Keys.Keys);

        await using var late = etcd.Client.WatchPrefixAsync("/compact/", old, _limit.Token).GetAsyncEnumerator();
        var error = await Assert.ThrowsAsync<EtcdCompactedException>(async () => await late.MoveNextAsync());
        Assert.True(error.CompactRevision > old);
    }
}
