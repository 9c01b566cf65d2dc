using System.Runtime.CompilerServices;
using TiFerry.Core.Errors;
using TiFerry.Core.Retry;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>News of all keys that begin alike.</summary>
/// <param name="Revision">The store's revision that <paramref name="Keys"/> shows.</param>
/// <param name="Events">What is new since the last update; in the first one everything.</param>
/// <param name="Keys">All keys as they are; valid until the next update is asked for.</param>
/// <param name="IsFresh">Whether everything was read anew, at first and after etcd had forgotten changes: changes in between are then seen as one.</param>
public sealed record PrefixUpdate(long Revision, IReadOnlyList<EtcdEvent> Events, IReadOnlyDictionary<string, EtcdKeyValue> Keys, bool IsFresh);

/// <summary>Reads and then watches, and reads again where the watch can't go on.</summary>
internal static class FollowedPrefix
{
    public static async IAsyncEnumerable<PrefixUpdate> ReadAllAsync(EtcdClient client, string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        var keys = new SortedDictionary<string, EtcdKeyValue>(StringComparer.Ordinal);
        for (var isFirst = true; ; isFirst = false)
        {
            var read = await ReadAsync(client, prefix, ct);
            var difference = Difference(keys, read);
            Apply(keys, difference);
            if (isFirst || difference.Count > 0)
                yield return new PrefixUpdate(read.Revision, difference, keys, IsFresh: true);

            await using var watch = new EtcdWatch(client, KeyRange.Prefix(prefix), read.Revision + 1);
            while (await NextAsync(watch, ct) is { } batch)
            {
                Apply(keys, batch.Events);
                yield return new PrefixUpdate(batch.Revision, batch.Events, keys, IsFresh: false);
            }

            client.Log.Info("etcd has forgotten changes, everything is read again", ("prefix", prefix));
        }
    }

    private static async Task<EtcdBatch?> NextAsync(EtcdWatch watch, CancellationToken ct)
    {
        try
        {
            return await watch.ReadAsync(ct);
        }
        catch (EtcdCompactedException)
        {
            return null;
        }
    }

    private static async Task<EtcdRange> ReadAsync(EtcdClient client, string prefix, CancellationToken ct)
    {
        var pause = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        while (true)
        {
            try
            {
                return await client.GetPrefixAsync(prefix, ct);
            }
            catch (TiFerryException e) when (e.InnerException is Grpc.GrpcException cause && EtcdClient.IsPassing(cause))
            {
                client.Log.Warn("etcd can't be read, trying again", ("prefix", prefix), ("error", e.Message));
                await pause.WaitAsync(ct);
            }
        }
    }

    private static List<EtcdEvent> Difference(SortedDictionary<string, EtcdKeyValue> held, EtcdRange read)
    {
        var found = read.Items.ToDictionary(item => item.Key, StringComparer.Ordinal);
        var events = new List<EtcdEvent>();
        foreach (var gone in held.Values.Where(item => !found.ContainsKey(item.Key)))
            events.Add(new EtcdEvent(true, new EtcdKeyValue(gone.Key, "", 0, read.Revision, 0, 0), gone));
        foreach (var item in read.Items)
        {
            var before = held.GetValueOrDefault(item.Key);
            if (before?.ModRevision != item.ModRevision)
                events.Add(new EtcdEvent(false, item, before));
        }

        return events;
    }

    private static void Apply(SortedDictionary<string, EtcdKeyValue> keys, IReadOnlyList<EtcdEvent> events)
    {
        foreach (var e in events)
        {
            if (e.IsDelete)
                keys.Remove(e.Key);
            else
                keys[e.Key] = e.Item;
        }
    }
}
