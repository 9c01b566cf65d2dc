using System.Runtime.CompilerServices;
using TiFerry.Core.Errors;
using TiFerry.Core.Retry;
using TiFerry.Dm.Metadata.Etcd.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>A watch that goes on over lost connections at the revision that it has reached. One stream each: they are few.</summary>
internal sealed class EtcdWatch : IAsyncDisposable
{
    private readonly EtcdClient _client;
    private readonly KeyRange _keys;
    private readonly Backoff _pause = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));
    private GrpcDuplexCall<WatchRequest, WatchResponse>? _call;
    private long _next;

    public EtcdWatch(EtcdClient client, KeyRange keys, long fromRevision)
    {
        _client = client;
        _keys = keys;
        _next = fromRevision;
    }

    public static async IAsyncEnumerable<EtcdBatch> ReadAllAsync(EtcdClient client, KeyRange keys, long fromRevision, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var watch = new EtcdWatch(client, keys, fromRevision);
        while (true)
            yield return await watch.ReadAsync(ct);
    }

    /// <summary>The next changes.</summary>
    /// <exception cref="EtcdCompactedException">etcd doesn't remember that far back.</exception>
    /// <exception cref="TiFerryException">The watch is refused.</exception>
    public async Task<EtcdBatch> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var server = _client.Channel.Current;
            try
            {
                _call ??= await OpenAsync(ct);
                if (Take(await _call.ReadAsync(ct)) is { } batch)
                    return batch;
            }
            catch (GrpcException e) when (EtcdClient.IsPassing(e))
            {
                _client.Log.Warn("an etcd watch lost its server and goes on with the next", ("keys", _keys.Text), ("revision", _next), ("server", server), ("error", e.Message));
                _client.Channel.TurnFrom(server);
                await DisposeAsync();
                await _pause.WaitAsync(ct);
            }
            catch (GrpcException e)
            {
                throw new TiFerryException(EtcdErrors.WatchFailed, ErrorScope.Internal, $"fail to watch etcd: {_keys.Text}", EtcdErrors.CheckMasters, e);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_call is not null)
            await _call.DisposeAsync();
        _call = null;
    }

    private async Task<GrpcDuplexCall<WatchRequest, WatchResponse>> OpenAsync(CancellationToken ct)
    {
        var call = _client.Channel.Open(EtcdMethods.Watch, EtcdClient.StreamOptions, ct);
        try
        {
            await call.WriteAsync(new WatchRequest
            {
                CreateRequest = new WatchCreateRequest { Key = _keys.Key, RangeEnd = _keys.End, StartRevision = _next, PrevKv = true, ProgressNotify = true },
            }, ct);
            return call;
        }
        catch
        {
            await call.DisposeAsync();
            throw;
        }
    }

    private EtcdBatch? Take(WatchResponse? response)
    {
        if (response is null)
            throw new GrpcException(GrpcStatus.Unavailable, "the server ended the watch");
        if (response.CompactRevision > 0)
            throw new EtcdCompactedException(response.CompactRevision);
        if (response.Canceled)
            throw new GrpcException(GrpcStatus.Unavailable, $"the server cancelled the watch: {response.CancelReason}");

        _pause.Reset();
        if (response.Created)
        {
            // From now on: a connection that is lost before the first change must not lose changes.
            if (_next == 0)
                _next = response.Header.Revision + 1;
            return null;
        }

        if (response.Events.Count == 0)
        {
            // A sign of progress: nothing has changed up to there.
            _next = Math.Max(_next, response.Header.Revision + 1);
            return null;
        }

        var revision = response.Events[^1].Kv.ModRevision;
        _next = revision + 1;
        return new EtcdBatch(revision, [.. response.Events.Select(EtcdEvent.Of)]);
    }
}
