using System.Net;
using System.Net.Sockets;
using TiFerry.Core.Logging;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Checks;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Dm.Master;
using TiFerry.Dm.Master.Databases;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Master;

/// <summary>A master with an etcd member of its own, in this process. Databases are not asked.</summary>
internal sealed class TestMaster : IAsyncDisposable
{
    public static readonly TimeSpan ElectionTtl = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly EtcdMember _member;
    private readonly Task _running;

    private TestMaster(string name, EtcdMember member, MasterServer server, string address)
    {
        (Name, _member, Server, Address) = (name, member, server, address);
        Channel = new GrpcChannel(address);
        _running = server.RunAsync(_stop.Token);
    }

    public string Name { get; }

    public MasterServer Server { get; }

    public string Address { get; }

    public GrpcChannel Channel { get; }

    /// <summary>Finds ports that nobody has.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.ConvertAll(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Dispose());
        return ports;
    }

    public static async Task<TestMaster> StartAsync(
        string name, string folder, int port, int peerPort, string initialCluster, PasswordCipher? cipher = null, DatabaseAccess? databases = null, string state = "new", Log? log = null)
    {
        var address = $"127.0.0.1:{port}";
        var member = await EtcdMember.StartAsync(new EtcdMemberOptions
        {
            Name = name,
            DataDirectory = folder,
            PeerUrls = [$"http://127.0.0.1:{peerPort}"],
            AdvertiseClientUrls = [$"http://{address}"],
            InitialCluster = initialCluster,
            InitialClusterState = state,
        });
        var server = new MasterServer(
            new MasterOptions
            {
                Self = new MasterIdentity(name, address),
                Listen = new IPEndPoint(IPAddress.Loopback, port),
                EtcdEndpoints = [member.Endpoint],
                HasMember = true,
                Cipher = cipher ?? PasswordCipher.None,
                CertificateDirectory = folder,
                Databases = databases ?? NoDatabases,
                ElectionTtl = ElectionTtl,
                ConfigText = $"name = \"{name}\"\n",
            },
            log ?? Log.None);
        await server.StartAsync(CancellationToken.None);
        return new TestMaster(name, member, server, address);
    }

    /// <summary>Databases that say yes.</summary>
    public static DatabaseAccess NoDatabases { get; } = new()
    {
        InspectSource = (source, _) => Task.FromResult(source with { Flavor = "mysql", ServerId = 4711 }),
        EndOfBinlog = (_, _) => Task.FromResult(new BinlogMeta { BinlogName = "mysql-bin.000001", BinlogPos = 4 }),
        CheckTask = (_, _, _) => Task.FromResult(TaskCheckReport.Of([])),
        RemoveMeta = (_, _) => Task.CompletedTask,
    };

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await Server.DisposeAsync();
        Channel.Dispose();
        await _member.DisposeAsync();
        _stop.Dispose();
    }
}
