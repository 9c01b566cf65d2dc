using System.Globalization;
using System.Net;
using Google.Protobuf;
using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Tests.Etcd;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Worker.Cluster;

/// <summary>A real etcd, and in front of it a port that stands for the masters: it registers workers and passes etcd's calls through. The test gives the orders.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly EtcdMember _member;
    private readonly TemporaryFolder _folder;
    private readonly GrpcChannel _channel;
    private GrpcServer _master;

    private TestCluster(EtcdMember member, TemporaryFolder folder)
    {
        (_member, _folder) = (member, folder);
        _channel = new GrpcChannel(member.Endpoint);
        Etcd = new EtcdClient([member.Endpoint]);
        _master = NewMaster();
    }

    /// <summary>The way to etcd that is never cut.</summary>
    public EtcdClient Etcd { get; }

    /// <summary>What workers join.</summary>
    public string Join { get; private set; } = "";

    public static async Task<TestCluster> StartAsync()
    {
        var folder = new TemporaryFolder();
        var cluster = new TestCluster(await EtcdServers.ServingAsync(EtcdServers.Options(folder.Path)), folder);
        await cluster.OpenAsync(port: 0);
        return cluster;
    }

    /// <summary>The masters can't be reached any more.</summary>
    public async Task CutAsync() => await _master.DisposeAsync();

    /// <summary>They can again, at the same address.</summary>
    public async Task MendAsync()
    {
        _master = NewMaster();
        await OpenAsync(int.Parse(Join.AsSpan(Join.LastIndexOf(':') + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Changes the cluster's state, as a leader would.</summary>
    public async Task<ClusterState> OrderAsync(Action<ClusterChange> plan)
    {
        while (true)
        {
            var change = new ClusterChange(await StateAsync());
            plan(change);
            var result = await Etcd.Txn().When(change.Expectations.Select(e => EtcdCompare.ModRevision(e.Key, e.ModRevision))).Then(ClusterStore.Steps(change)).CommitAsync();
            if (result.Succeeded)
                return await StateAsync();
        }
    }

    public async Task<ClusterState> StateAsync()
    {
        var range = await Etcd.GetPrefixAsync(ClusterKeys.All);
        return ClusterState.Empty.With(range.Revision, range.Items.Select(k => new KeyChange(k.Key, k.Value, k.CreateRevision, k.ModRevision)));
    }

    /// <summary>Waits until a worker lives.</summary>
    public Task LivesAsync(string worker) => Eventually.TrueAsync(async () => (await StateAsync()).KeepAlives.ContainsKey(worker), () => $"{worker} does not live");

    /// <summary>Waits until a worker's lease is gone.</summary>
    public Task DiesAsync(string worker) => Eventually.TrueAsync(async () => !(await StateAsync()).KeepAlives.ContainsKey(worker), () => $"{worker} lives");

    /// <summary>A worker's settings.</summary>
    public WorkerConfig ConfigOf(string name, TimeSpan ttl)
    {
        var port = EtcdServers.FreePort();
        return new WorkerConfig
        {
            Name = name,
            WorkerAddr = $"127.0.0.1:{port}",
            AdvertiseAddr = $"127.0.0.1:{port}",
            Join = Join,
            KeepaliveTtl = ttl,
            RelayKeepaliveTtl = ttl,
            RelayDir = Path.Combine(_folder.Path, "relay"),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _master.DisposeAsync();
        Etcd.Dispose();
        _channel.Dispose();
        await _member.DisposeAsync();
        _folder.Dispose();
    }

    private GrpcServer NewMaster()
    {
        var master = new GrpcServer(new GrpcServerOptions { Log = Log.None });
        master.Map(MasterMethods.RegisterWorker, static (_, _) => Task.FromResult(new RegisterWorkerResponse { Result = true, SecretKey = ByteString.Empty }));
        master.MapProxy("/etcdserverpb.", _channel);
        return master;
    }

    private async Task OpenAsync(int port)
    {
        await _master.StartAsync(new IPEndPoint(IPAddress.Loopback, port));
        Join = $"http://127.0.0.1:{_master.EndPoint.Port}";
    }
}
