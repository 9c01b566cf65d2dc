using System.Net;
using System.Net.Sockets;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Grpc;

namespace TiFerry.Dm.Tests.Etcd;

/// <summary>Members of etcd clusters in throw-away folders.</summary>
internal static class EtcdServers
{
    public static bool AreInstalled => File.Exists("/usr/bin/etcd");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static EtcdMemberOptions Options(string folder, string name = "master1", int? peerPort = null) => new()
    {
        Name = name,
        DataDirectory = Path.Combine(folder, name),
        PeerUrls = [$"http://127.0.0.1:{peerPort ?? FreePort()}"],
        AdvertiseClientUrls = ["http://127.0.0.1:1"],
    };

    /// <summary>Settings of members that make a cluster together.</summary>
    public static IReadOnlyList<EtcdMemberOptions> Cluster(string folder, int count, GrpcTls? tls = null)
    {
        var members = Enumerable.Range(1, count).Select(i => Options(folder, $"master{i}")).ToList();
        if (tls is not null)
            members = [.. members.Select(member => member with { PeerTls = tls, PeerUrls = [member.PeerUrls[0].Replace("http:", "https:", StringComparison.Ordinal)] })];
        var all = string.Join(',', members.Select(member => $"{member.Name}={member.PeerUrls[0]}"));
        return [.. members.Select(member => member with { InitialCluster = all })];
    }

    public static async Task<EtcdMember> ServingAsync(EtcdMemberOptions options)
    {
        var member = await EtcdMember.StartAsync(options);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await member.WaitUntilServingAsync(limit.Token);
        return member;
    }
}

/// <summary>One member for all tests that don't harm it. Tests keep to keys below a name of their own.</summary>
#pragma warning disable CA1001 // xunit disposes of it through IAsyncLifetime.
public sealed class EtcdFixture : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tiferry-etcd-");
    private EtcdMember? _member;
    private EtcdClient? _client;

    public EtcdMember Member
    {
        get
        {
            Skip.If(_member is null, "etcd is not installed");
            return _member;
        }
    }

    public EtcdClient Client
    {
        get
        {
            Skip.If(_client is null, "etcd is not installed");
            return _client;
        }
    }

    public async Task InitializeAsync()
    {
        if (!EtcdServers.AreInstalled)
            return;
        _member = await EtcdServers.ServingAsync(EtcdServers.Options(_folder.FullName));
        _client = new EtcdClient([_member.Endpoint]);
    }

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_member is not null)
            await _member.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

[CollectionDefinition(nameof(EtcdCollection))]
public sealed class EtcdCollection : ICollectionFixture<EtcdFixture>;
