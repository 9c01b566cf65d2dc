using Google.Protobuf;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Retry;
using TiFerry.Dm.Metadata.Etcd.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>
/// Reads and writes the cluster's memory through any of several servers: masters, or etcd itself. A server that fails is turned from.
/// A call that may have been carried out is sent again only where twice is as good as once. Safe to use from many threads.
/// </summary>
public sealed class EtcdClient : IDisposable
{
    // Refused at once by a member that has lost its leader, instead of being left waiting or, for streams, silent.
    private static readonly KeyValuePair<string, string> RequireLeader = new("hasleader", "true");

    private readonly EtcdClientOptions _options;

    /// <summary>Prepares a client; connects with the first call.</summary>
    /// <param name="endpoints">At least one, such as <c>host:port</c>, <c>http://host:port</c> or <c>unix:/path</c>.</param>
    /// <param name="options">Null for clear text and the usual limits.</param>
    /// <exception cref="FormatException">One of them is no address.</exception>
    /// <exception cref="TiFerryException">The certificates can't be used.</exception>
    public EtcdClient(IReadOnlyList<string> endpoints, EtcdClientOptions? options = null)
    {
        _options = options ?? new EtcdClientOptions();
        Channel = new GrpcChannel(endpoints, new GrpcChannelOptions { Tls = _options.Tls, ConnectTimeout = TimeSpan.FromSeconds(3), Log = _options.Log });
    }

    internal GrpcChannel Channel { get; }

    internal TimeProvider Time => _options.Time;

    internal Log Log => _options.Log;

    internal static GrpcCallOptions StreamOptions { get; } = new() { Metadata = [RequireLeader] };

    /// <summary>Reads a key; null when it doesn't exist. Sees all that was written before.</summary>
    /// <exception cref="TiFerryException">No server answered in time.</exception>
    public async Task<EtcdKeyValue?> GetAsync(string key, CancellationToken ct = default) => (await ReadAsync(KeyRange.Of(key), ct)).Single;

    /// <summary>Reads all keys that begin so, with the revision to watch from.</summary>
    /// <exception cref="TiFerryException">No server answered in time.</exception>
    public Task<EtcdRange> GetPrefixAsync(string prefix, CancellationToken ct = default) => ReadAsync(KeyRange.Prefix(prefix), ct);

    /// <summary>Writes a key and returns the revision; with a lease it goes away with it.</summary>
    /// <exception cref="TiFerryException">It failed; it may have been written all the same.</exception>
    public async Task<long> PutAsync(string key, string value, long lease = 0, CancellationToken ct = default)
    {
        var request = new PutRequest { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFromUtf8(value), Lease = lease };
        return (await CallAsync(EtcdMethods.Put, request, repeatable: false, $"put {key}", ct)).Header.Revision;
    }

    /// <summary>Deletes a key and returns whether it existed.</summary>
    /// <exception cref="TiFerryException">It failed; it may have been deleted all the same.</exception>
    public async Task<bool> DeleteAsync(string key, CancellationToken ct = default) => await DeleteAsync(KeyRange.Of(key), ct) > 0;

    /// <summary>Deletes all keys that begin so and returns how many there were.</summary>
    /// <exception cref="TiFerryException">It failed; they may have been deleted all the same.</exception>
    public Task<long> DeletePrefixAsync(string prefix, CancellationToken ct = default) => DeleteAsync(KeyRange.Prefix(prefix), ct);

    /// <summary>Begins a transaction.</summary>
    public EtcdTxn Txn() => new(this);

    /// <summary>Forgets all that was before a revision, except for what is still so.</summary>
    public Task CompactAsync(long revision, CancellationToken ct = default) =>
        CallAsync(EtcdMethods.Compact, new CompactionRequest { Revision = revision, Physical = true }, repeatable: false, $"compaction at {revision}", ct);

    /// <summary>The changes of a key from a revision on; goes on over lost connections by itself.</summary>
    /// <param name="key">The key.</param>
    /// <param name="fromRevision">The first revision that matters; 0 for from now on.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="EtcdCompactedException">etcd doesn't remember that far back.</exception>
    public IAsyncEnumerable<EtcdBatch> WatchAsync(string key, long fromRevision, CancellationToken ct = default) => EtcdWatch.ReadAllAsync(this, KeyRange.Of(key), fromRevision, ct);

    /// <summary>The changes of all keys that begin so, from a revision on; goes on over lost connections by itself. See also <see cref="FollowAsync"/>.</summary>
    /// <param name="prefix">The keys' beginning.</param>
    /// <param name="fromRevision">The first revision that matters; 0 for from now on.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="EtcdCompactedException">etcd doesn't remember that far back.</exception>
    public IAsyncEnumerable<EtcdBatch> WatchPrefixAsync(string prefix, long fromRevision, CancellationToken ct = default) =>
        EtcdWatch.ReadAllAsync(this, KeyRange.Prefix(prefix), fromRevision, ct);

    /// <summary>
    /// All keys that begin so, as they are and then as they change: first everything as new, then each change. Lost connections and compaction are dealt with;
    /// what was missed comes as the difference.
    /// </summary>
    /// <param name="prefix">The keys' beginning.</param>
    /// <param name="ct">Ends it.</param>
    public IAsyncEnumerable<PrefixUpdate> FollowAsync(string prefix, CancellationToken ct = default) => FollowedPrefix.ReadAllAsync(this, prefix, ct);

    /// <summary>Takes a lease, which is renewed until it is disposed of.</summary>
    /// <param name="ttl">How long it outlives its last renewal, whole seconds; etcd may give more.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="TiFerryException">It can't be had.</exception>
    public Task<EtcdLease> GrantLeaseAsync(TimeSpan ttl, CancellationToken ct = default) => EtcdLease.GrantAsync(this, ttl, ct);

    /// <summary>The state of the server that happens to be asked; needs no leader.</summary>
    /// <exception cref="TiFerryException">No server answered in time.</exception>
    public async Task<EtcdServerStatus> GetStatusAsync(CancellationToken ct = default)
    {
        var status = await CallAsync(EtcdMethods.Status, new StatusRequest(), repeatable: true, "status", ct, needsLeader: false);
        return new EtcdServerStatus(status.Header.MemberId, status.Leader, status.Version, status.DbSize, status.Header.Revision, [.. status.Errors]);
    }

    /// <summary>The members of the etcd cluster.</summary>
    public EtcdCluster Cluster => new(this);

    /// <summary>Closes all connections; what still runs fails.</summary>
    public void Dispose() => Channel.Dispose();

    /// <summary>One call with its attempts.</summary>
    /// <param name="method">What is called.</param>
    /// <param name="request">What is sent.</param>
    /// <param name="repeatable">Whether carrying it out twice is as good as once.</param>
    /// <param name="what">For messages.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="needsLeader">Whether a server without a leader should refuse it.</param>
    internal async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, bool repeatable, string what, CancellationToken ct, bool needsLeader = true)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var began = Time.GetTimestamp();
        var pause = new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));
        while (true)
        {
            var left = _options.RequestTimeout - Time.GetElapsedTime(began);
            var server = Channel.Current;
            try
            {
                var timeout = repeatable && _options.AttemptTimeout < left ? _options.AttemptTimeout : left;
                return await Channel.CallAsync(method, request, new GrpcCallOptions { Timeout = timeout, Metadata = needsLeader ? [RequireLeader] : [] }, ct);
            }
            catch (GrpcException e)
            {
                if (e.Status is GrpcStatus.Unavailable or GrpcStatus.DeadlineExceeded or GrpcStatus.Cancelled or GrpcStatus.Internal)
                    Channel.TurnFrom(server);
                var wait = pause.Next();
                if (!MayRepeat(e, repeatable) || Time.GetElapsedTime(began) + wait >= _options.RequestTimeout)
                {
                    throw new TiFerryException(EtcdErrors.CallFailed, ErrorScope.Internal,
                        $"fail to do etcd txn operation: {what}, asked {string.Join(", ", Channel.Addresses)}", EtcdErrors.CheckMasters, e);
                }

                await Task.Delay(wait, ct);
            }
        }
    }

    /// <summary>Whether the server, not the request, is what failed.</summary>
    internal static bool IsPassing(GrpcException e) => e.Status is GrpcStatus.Unavailable or GrpcStatus.DeadlineExceeded or GrpcStatus.Cancelled or GrpcStatus.Internal
        or GrpcStatus.Unknown or GrpcStatus.ResourceExhausted;

    // A member without a leader refuses before it does anything.
    private static bool MayRepeat(GrpcException e, bool repeatable) =>
        e.NeverSent || e.Detail == "etcdserver: no leader" || (repeatable && e.Status is GrpcStatus.Unavailable or GrpcStatus.DeadlineExceeded or GrpcStatus.Cancelled);

    private async Task<EtcdRange> ReadAsync(KeyRange keys, CancellationToken ct) =>
        EtcdRange.Of(await CallAsync(EtcdMethods.Range, new RangeRequest { Key = keys.Key, RangeEnd = keys.End }, repeatable: true, $"get {keys.Text}", ct));

    private async Task<long> DeleteAsync(KeyRange keys, CancellationToken ct) =>
        (await CallAsync(EtcdMethods.DeleteRange, new DeleteRangeRequest { Key = keys.Key, RangeEnd = keys.End }, repeatable: false, $"delete {keys.Text}", ct)).Deleted;
}
