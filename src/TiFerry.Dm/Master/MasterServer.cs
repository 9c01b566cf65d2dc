using System.Net;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Master.Http;
using TiFerry.Dm.Master.Services;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master;

/// <summary>
/// A master: one port with the service <c>pb.Master</c>, etcd's own services and HTTP. It stands for election and leads when it is its turn.
/// </summary>
public sealed class MasterServer : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly MasterOptions _options;
    private readonly Log _log;
    private readonly ClusterReplica _replica = new();
    private readonly MasterMetrics _metrics = new();
    private readonly GrpcChannelOptions _channels;
    private readonly EtcdClient _etcd;
    private readonly GrpcChannel _etcdChannel;
    private readonly MemberMetrics? _memberMetrics;
    private readonly GrpcServer _server;
    private readonly LeaderSeat _seat;

    /// <summary>Prepares a master.</summary>
    /// <param name="options">What it serves with.</param>
    /// <param name="log">What it does.</param>
    /// <exception cref="FormatException">An endpoint of etcd is no address.</exception>
    /// <exception cref="TiFerryException">The certificates can't be used.</exception>
    public MasterServer(MasterOptions options, Log log)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _log) = (options, log);
        _channels = new GrpcChannelOptions { Tls = options.Tls, Log = log };
        _etcd = new EtcdClient(options.EtcdEndpoints, new EtcdClientOptions { Tls = options.EtcdTls, Log = log });
        _etcdChannel = new GrpcChannel(options.EtcdEndpoints, new GrpcChannelOptions { Tls = options.EtcdTls, Log = log });
        _memberMetrics = options.HasMember ? new MemberMetrics(options.EtcdEndpoints[0]) : null;
        _seat = new LeaderSeat(options.Self, _replica, _channels);
        _server = new GrpcServer(new GrpcServerOptions { Tls = options.Tls, Log = log });
        Map();
    }

    /// <summary>Where the started master listens.</summary>
    public IPEndPoint EndPoint => _server.EndPoint;

    /// <summary>Whether this master leads at this moment.</summary>
    public bool Leads => _seat.Leading is not null;

    /// <summary>The cluster's state as this master knows it.</summary>
    public ClusterReplica Cluster => _replica;

    /// <summary>Opens the port. Requests that need a leader are answered once there is one.</summary>
    /// <exception cref="TiFerryException">The port is taken, or the certificates can't be used.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(_options.Listen, cancellationToken);

    /// <summary>Follows the cluster and leads when it is this master's turn, until it is told to stop.</summary>
    /// <exception cref="TiFerryException">The cluster was set up with another secret key.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var following = _replica.FollowAsync(_etcd, _log, stop.Token);
        try
        {
            await CheckSecretKeyAsync(stop.Token);
            await new LeaderElection(_options, _etcd, _replica, _seat, _channels, _metrics, _log).RunAsync(stop.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop.
        }
        finally
        {
            await stop.CancelAsync();
            await following.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(StopLimit);
        await _server.DisposeAsync();
        _seat.Dispose();
        _memberMetrics?.Dispose();
        _etcdChannel.Dispose();
        _etcd.Dispose();
    }

    private void Map()
    {
        var calls = new MasterCalls(_seat, _metrics.Calls, _log);
        MasterService.AddTo(calls, _server);
        calls.AddHere(_server, MasterMethods.OperateLeader, OperateLeaderAsync);
        calls.AddHere(_server, MasterMethods.GetMasterCfg, (_, _) => Task.FromResult(new GetMasterCfgResponse { Cfg = _options.ConfigText }));
        _server.MapProxy("/etcdserverpb.", _etcdChannel);
        _server.MapHttp(ApiPages.Prefix, new ApiPages(calls).ServeAsync);
        new StatusPages(_etcd, _metrics, _memberMetrics, () => Leads ? _replica.Current : null).AddTo(_server);
    }

    private async Task<OperateLeaderResponse> OperateLeaderAsync(OperateLeaderRequest request, CancellationToken cancellationToken)
    {
        var evict = request.Op switch
        {
            LeaderOp.EvictLeaderOp => true,
            LeaderOp.CancelEvictLeaderOp => false,
            _ => throw ServiceErrors.Refused($"operate {request.Op} is not supported"),
        };
        var key = ClusterKeys.EvictedMaster.Key(_options.Self.Name);
        if (evict)
            await _etcd.PutAsync(key, "{}", ct: cancellationToken);
        else
            await _etcd.DeleteAsync(key, cancellationToken);
        // Who asks next finds it carried out.
        await _replica.WaitAsync(state => state.EvictedMasters.Contains(_options.Self.Name) == evict && !(evict && Leads), cancellationToken);
        return new OperateLeaderResponse { Result = true };
    }

    private async Task CheckSecretKeyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await SecretKeyCheck.RunAsync(_etcd, _options.Cipher, cancellationToken);
                return;
            }
            catch (TiFerryException e) when (e.Code != MetadataErrors.OtherSecretKey)
            {
                _log.Warn("etcd does not serve yet, waiting for it", ("error", e.Message));
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
    }
}
