using System.Runtime.CompilerServices;
using TiFerry.Core.Errors;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>
/// An election among all that write a key below a prefix, as etcd's own clients hold it (go.etcd.io/etcd/client/v3/concurrency): the key is the prefix, a slash and
/// the lease's id in hex; the oldest key leads. So such clients can stand in the same election.
/// </summary>
/// <param name="client">The way to etcd.</param>
/// <param name="prefix">What the keys have in common, without the final slash.</param>
public sealed class EtcdElection(EtcdClient client, string prefix)
{
    private readonly string _prefix = prefix + "/";

    /// <summary>Stands for election and waits until it is won.</summary>
    /// <param name="lease">The candidacy and the leadership end with it.</param>
    /// <param name="value">What others shall know of the leader.</param>
    /// <param name="ct">Gives up; the candidacy is taken back.</param>
    /// <exception cref="TiFerryException">The lease is lost, the candidacy was taken away, or etcd can't be reached.</exception>
    public async Task<EtcdLeadership> CampaignAsync(EtcdLease lease, string value, CancellationToken ct = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        var key = $"{_prefix}{lease.Id:x}";
        var created = 0L;
        try
        {
            created = await StandAsync(key, value, lease.Id, either.Token);
            await WaitForTurnAsync(key, created, either.Token);
            return new EtcdLeadership(client, lease, key, created);
        }
        catch (Exception e)
        {
            await EtcdLeadership.TryDeleteAsync(client, key, created);
            if (e is OperationCanceledException && !ct.IsCancellationRequested)
                lease.ThrowIfLost();
            throw;
        }
    }

    /// <summary>The leader's key and value; null while there is none.</summary>
    /// <exception cref="TiFerryException">No server answered in time.</exception>
    public async Task<EtcdKeyValue?> GetLeaderAsync(CancellationToken ct = default) => Oldest((await client.GetPrefixAsync(_prefix, ct)).Items);

    /// <summary>The leader's key and value as it is now and with each change; null while there is none.</summary>
    /// <param name="ct">Ends it.</param>
    public async IAsyncEnumerable<EtcdKeyValue?> ObserveAsync([EnumeratorCancellation] CancellationToken ct = default)
    {
        EtcdKeyValue? last = null;
        var isFirst = true;
        await foreach (var update in client.FollowAsync(_prefix, ct))
        {
            var leader = Oldest(update.Keys.Values);
            if (!isFirst && leader == last)
                continue;
            isFirst = false;
            last = leader;
            yield return leader;
        }
    }

    private static EtcdKeyValue? Oldest(IEnumerable<EtcdKeyValue> candidates) => candidates.MinBy(candidate => candidate.CreateRevision);

    /// <summary>Returns the revision that created the key, now or in an attempt before whose answer was lost.</summary>
    private async Task<long> StandAsync(string key, string value, long lease, CancellationToken ct)
    {
        var result = await client.Txn().When(EtcdCompare.Missing(key)).Then(EtcdOp.Put(key, value, lease)).Else(EtcdOp.Get(key)).Repeatable().CommitAsync(ct);
        if (result.Succeeded)
            return result.Revision;
        var own = result.Reads[0]!.Single!;
        if (own.Value != value)
            await client.Txn().When(EtcdCompare.CreateRevision(key, own.CreateRevision)).Then(EtcdOp.Put(key, value, lease)).Repeatable().CommitAsync(ct);
        return own.CreateRevision;
    }

    private async Task WaitForTurnAsync(string key, long created, CancellationToken ct)
    {
        while (true)
        {
            var candidates = await client.GetPrefixAsync(_prefix, ct);
            if (!candidates.Items.Any(item => item.Key == key && item.CreateRevision == created))
                throw new TiFerryException(EtcdErrors.LeaseLost, ErrorScope.Internal, $"the candidacy {key} was taken away");
            var before = candidates.Items.Where(item => item.CreateRevision < created).MaxBy(item => item.CreateRevision);
            if (before is null)
                return;
            await WaitForDeletionAsync(before.Key, key, candidates.Revision + 1, ct);
        }
    }

    /// <summary>Returns when one of both keys is gone, or when that can't be told without reading anew.</summary>
    private async Task WaitForDeletionAsync(string before, string own, long from, CancellationToken ct)
    {
        try
        {
            await foreach (var batch in client.WatchPrefixAsync(_prefix, from, ct))
            {
                if (batch.Events.Any(e => e.IsDelete && (e.Key == before || e.Key == own)))
                    return;
            }
        }
        catch (EtcdCompactedException)
        {
            // The caller reads anew.
        }
    }
}
