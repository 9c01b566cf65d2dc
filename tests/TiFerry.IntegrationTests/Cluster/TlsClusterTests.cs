using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using TiFerry.TestServers;

// What the programs ask of their clients is looked at here, not the programs' own certificates.
#pragma warning disable CA5359

namespace TiFerry.IntegrationTests.Cluster;

/// <summary>A cluster whose programs show each other certificates: who has no right one gets nothing.</summary>
[Collection(SmallCluster.Name)]
public sealed class TlsClusterTests(ServerFixture servers)
{
    [SkippableFact]
    public async Task Only_certificates_of_the_authority_and_the_right_name_are_let_in()
    {
        var files = await TlsFiles.CreateAsync(Path.Combine(RunFolder.CreateServerFolder(), "tls"));
        await files.IssueAsync("dm", "dm");
        await files.IssueAsync("other", "somebody else");
        var strangers = await TlsFiles.CreateAsync(Path.Combine(RunFolder.CreateServerFolder(), "tls"));
        await strangers.IssueAsync("dm", "dm");
        var arguments = new List<string>([.. files.Arguments("dm"), "--cert-allowed-cn", "dm"]);
        await using var cluster = await DmCluster.StartAsync(
            masters: 1, workers: 1, new ClusterOptions { Scheme = "https", MasterArguments = arguments, WorkerArguments = arguments, ControlArguments = files.Arguments("dm") });
        await using var carried = await CarriedDatabase.FollowedAsync(cluster, await servers.SourceAsync(), await servers.TargetAsync(), "tls");
        await carried.UntilEqualAsync();
        var master = $"127.0.0.1:{cluster.MasterPorts[0].Port}";

        foreach (var wrong in new[] { files.Arguments("other"), ["--ssl-ca", files.Authority, .. strangers.Arguments("dm").Skip(2)], strangers.Arguments("dm"), [] })
            Assert.False((await DmctlAnswer.OfAsync(["--master-addr", master, .. wrong, "list-member"])).IsSuccess);
        foreach (var port in new[] { cluster.MasterPorts[0].Port, cluster.WorkerPorts[0] })
        {
            Assert.True(await AnswersAsync(port, files.Certificate("dm"), files.Key("dm")));
            Assert.False(await AnswersAsync(port, files.Certificate("other"), files.Key("other")));
            Assert.False(await AnswersAsync(port, strangers.Certificate("dm"), strangers.Key("dm")));
            Assert.False(await AnswersAsync(port, null, null));
            Assert.False(await AnswersInClearTextAsync(port));
        }
        var peer = cluster.MasterPorts[0].PeerPort;
        Assert.True(await AnswersAsync(peer, files.Certificate("dm"), files.Key("dm"), "/version"));
        Assert.False(await AnswersAsync(peer, files.Certificate("other"), files.Key("other"), "/version"));
        Assert.False(await AnswersAsync(peer, null, null, "/version"));
        Assert.False(await AnswersInClearTextAsync(peer));
        AssertListensNowhereElse(cluster);

        // Certificates are renewed while all runs: a client sees the new ones, and the programs go on with each other.
        var before = await SerialAsync(cluster.MasterPorts[0].Port, files);
        await files.IssueAsync("dm", "dm");
        Assert.NotEqual(before, await SerialAsync(cluster.MasterPorts[0].Port, files));
        Assert.Equal(await SerialAsync(cluster.MasterPorts[0].Port, files), await SerialAsync(cluster.WorkerPorts[0], files));
        await carried.PauseAsync();
        await carried.InsertAsync(1);
        await carried.ResumeAsync();
        await carried.UntilEqualAsync();
    }

    // The client side of the etcd member must be a socket that only its account can open.
    private static void AssertListensNowhereElse(DmCluster cluster)
    {
        var sockets = Directory.EnumerateFiles(Path.Combine(cluster.Folder, "master1"), "client:0", SearchOption.AllDirectories).ToList();
        var socket = Assert.Single(sockets);
        var others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Assert.Equal(UnixFileMode.None, new DirectoryInfo(Path.GetDirectoryName(socket)!).UnixFileMode & others);
    }

    private static async Task<bool> AnswersAsync(int port, string? certificate, string? key, string path = "/status")
    {
        using var own = certificate is null ? null : X509Certificate2.CreateFromPemFile(certificate, key);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        if (own is not null)
            handler.SslOptions.ClientCertificates = [own];
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
        return await SucceedsAsync(client, $"https://127.0.0.1:{port}{path}");
    }

    private static async Task<bool> AnswersInClearTextAsync(int port)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        return await SucceedsAsync(client, $"http://127.0.0.1:{port}/status") || await SucceedsAsync(client, $"http://127.0.0.1:{port}/version");
    }

    private static async Task<bool> SucceedsAsync(HttpClient client, string address)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(address));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<string> SerialAsync(int port, TlsFiles files)
    {
        using var own = X509Certificate2.CreateFromPemFile(files.Certificate("dm"), files.Key("dm"));
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", port);
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ClientCertificates = [own], RemoteCertificateValidationCallback = (_, _, _, _) => true });
        return ((X509Certificate2)stream.RemoteCertificate!).SerialNumber;
    }
}
