#pragma warning disable CA5359, MA0039 // What the server shows is looked at, whatever it is.
using Microsoft.AspNetCore.Http;
using TiFerry.Core.Errors;

namespace TiFerry.Grpc.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly Certificates _ours = new();
    private readonly Certificates _others = new();

    public void Dispose()
    {
        _ours.Dispose();
        _others.Dispose();
    }

    [Fact]
    public async Task Only_a_client_with_a_right_certificate_gets_something()
    {
        var tls = _ours.Issue("master", "server") with { AllowedCommonNames = ["worker", "ctl"] };
        await using var server = await Echo.StartAsync(new GrpcServerOptions { Tls = tls });

        Assert.Equal("you said hello", await SayAsync(server, _ours.Issue("worker", "worker")));
        await AssertRefusedAsync(server, _ours.Issue("stranger", "stranger"));
        await AssertRefusedAsync(server, _others.Issue("worker", "worker") with { CaFile = _ours.AuthorityFile });
        await AssertRefusedAsync(server, new GrpcTls { CaFile = _ours.AuthorityFile });
        await AssertRefusedAsync(server, null);
    }

    [Fact]
    public async Task A_client_refuses_a_server_of_another_authority_or_host()
    {
        var tls = _ours.Issue("master", "server") with { CaFile = null };
        await using var server = await Echo.StartAsync(new GrpcServerOptions { Tls = tls });
        Assert.Equal("you said hello", await SayAsync(server, new GrpcTls { CaFile = _ours.AuthorityFile }));
        await AssertRefusedAsync(server, new GrpcTls { CaFile = _others.AuthorityFile });

        using var channel = new GrpcChannel($"localhost:{server.EndPoint.Port}", new GrpcChannelOptions { Tls = new GrpcTls { CaFile = _ours.AuthorityFile } });
        var error = await Assert.ThrowsAsync<GrpcException>(() => channel.CallAsync(Echo.Say, Echo.Text("hello")));
        Assert.Equal(GrpcStatus.Unavailable, error.Status);
    }

    [Fact]
    public async Task Plain_http_over_tls_needs_the_certificate_too()
    {
        var tls = _ours.Issue("master", "server");
        await using var server = await Echo.StartAsync(new GrpcServerOptions { Tls = tls }, server => server.MapHttp("/status", http => http.Response.WriteAsync(http.Request.Protocol)));
        Assert.Equal("HTTP/1.1", await GetAsync(_ours.Issue("worker", "worker")));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(null));

        async Task<string> GetAsync(GrpcTls? own)
        {
            using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
            if (own is not null)
                handler.ClientCertificates.Add(System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(own.CertificateFile!, own.KeyFile));
            using var http = new HttpClient(handler);
            return await http.GetStringAsync($"https://127.0.0.1:{server.EndPoint.Port}/status");
        }
    }

    [Fact]
    public async Task Renewed_certificates_are_used_without_a_restart_and_broken_ones_are_not()
    {
        var tls = _ours.Issue("first", "server");
        await using var server = await Echo.StartAsync(new GrpcServerOptions { Tls = tls });
        var client = _ours.Issue("worker", "worker");
        using var early = server.Channel(new GrpcChannelOptions { Tls = client });
        await early.CallAsync(Echo.Say, Echo.Text("hello"));
        Assert.Equal("CN=first", await SubjectAsync(server));

        _ours.Issue("second", "server");
        Assert.Equal("CN=second", await SubjectAsync(server));
        File.WriteAllText(tls.KeyFile!, "broken");
        Assert.Equal("CN=second", await SubjectAsync(server));
        await early.CallAsync(Echo.Say, Echo.Text("the old connection goes on"));
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_named()
    {
        var error = Assert.Throws<TiFerryException>(() => new GrpcChannel("127.0.0.1:1", new GrpcChannelOptions { Tls = new GrpcTls { CaFile = "/nowhere/ca.pem" } }));
        Assert.Contains("/nowhere/ca.pem", error.Message);
        error = await Assert.ThrowsAsync<TiFerryException>(() => Echo.StartAsync(new GrpcServerOptions { Tls = new GrpcTls { CaFile = _ours.AuthorityFile } }));
        Assert.Contains("ssl-cert", error.Message);
    }

    private static async Task<string> SayAsync(GrpcServer server, GrpcTls? tls)
    {
        using var channel = server.Channel(new GrpcChannelOptions { Tls = tls });
        return (await channel.CallAsync(Echo.Say, Echo.Text("hello"), new GrpcCallOptions { Timeout = TimeSpan.FromSeconds(20) })).Value;
    }

    private static async Task AssertRefusedAsync(GrpcServer server, GrpcTls? tls)
    {
        var error = await Assert.ThrowsAsync<GrpcException>(() => SayAsync(server, tls));
        Assert.Equal(GrpcStatus.Unavailable, error.Status);
    }

    private async Task<string> SubjectAsync(GrpcServer server)
    {
        var own = _ours.Issue("worker", "worker");
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(server.EndPoint);
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPemFile(own.CertificateFile!, own.KeyFile);
        await using var stream = new System.Net.Security.SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new System.Net.Security.SslClientAuthenticationOptions { TargetHost = "127.0.0.1", ClientCertificates = [certificate] });
        return stream.RemoteCertificate!.Subject;
    }
}
