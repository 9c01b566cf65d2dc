using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Worker.Cluster;

/// <summary>A real etcd, and in front of it a port that stands for the masters: it registers workers and passes etcd's calls through. The test gives the orders.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TemporaryFolder _folder;
    private readonly GrpcChannel _channel;
    private GrpcServer _master;

    private TestCluster(Process process, TemporaryFolder folder, int etcdPort)
    {
        (_process, _folder) = (process, folder);
        _channel = new GrpcChannel($"127.0.0.1:{etcdPort}");
        Etcd = new EtcdClient([$"127.0.0.1:{etcdPort}"]);
        _master = NewMaster();
    }

    /// <summary>The way to etcd that is never cut.</summary>
    public EtcdClient Etcd { get; }

    /// <summary>What workers join.</summary>
    public string Join { get; private set; } = "";

    public static async Task<TestCluster> StartAsync()
    {
        var folder = new TemporaryFolder();
        var (client, peer) = (FreePort(), FreePort());
        // It dies with this process, even when that is killed.
        var start = new ProcessStartInfo("setpriv")
        {
            ArgumentList =
            {
                "--pdeathsig", "KILL", "etcd", "--name", "m", "--data-dir", folder.Path, "--log-level", "error",
                "--listen-client-urls", $"http://127.0.0.1:{client}", "--advertise-client-urls", $"http://127.0.0.1:{client}",
                "--listen-peer-urls", $"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peer}", "--initial-cluster", $"m=http://127.0.0.1:{peer}",
            },
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.OutputDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var cluster = new TestCluster(process, folder, client);
        await Eventually.TrueAsync(cluster.ServesAsync, () => "etcd does not serve");
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
        var port = FreePort();
        return new WorkerConfig
        {
            Name = name, WorkerAddr = $"127.0.0.1:{port}", AdvertiseAddr = $"127.0.0.1:{port}", Join = Join, KeepaliveTtl = ttl, RelayKeepaliveTtl = ttl, RelayDir = Path.Combine(_folder.Path, "relay"),
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _master.DisposeAsync();
        Etcd.Dispose();
        _channel.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> ServesAsync()
    {
        try
        {
            await Etcd.PutAsync("/test", "1");
            return true;
        }
        catch (TiFerryException)
        {
            return false;
        }
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
