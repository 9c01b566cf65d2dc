using TiFerry.Core.Errors;
using TiFerry.TestServers;

namespace TiFerry.MySql.Tests;

public sealed class TlsTests(TlsServer tls) : IClassFixture<TlsServer>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TestServer _server = tls.Server;
    private readonly TestCertificates _certificates = tls.Certificates;

    private MySqlConnectionOptions Options => Servers.OptionsFor(_server);

    [Fact]
    public async Task Every_mode_does_what_it_says()
    {
        Assert.False(await ConnectsWithTlsAsync(Options));
        Assert.True(await ConnectsWithTlsAsync(Options with { Tls = TlsMode.Preferred }));
        Assert.False(await ConnectsWithTlsAsync(Options with { Tls = TlsMode.Preferred, UnixSocket = _server.SocketPath }));
        Assert.True(await ConnectsWithTlsAsync(Options with { Tls = TlsMode.Required }));
        Assert.True(await ConnectsWithTlsAsync(Options with { Tls = TlsMode.Required, UnixSocket = _server.SocketPath }));
        Assert.True(await ConnectsWithTlsAsync(Options with { Tls = TlsMode.VerifyCa, SslCa = _certificates.AuthorityFile }));
        Assert.True(await ConnectsWithTlsAsync(Options with { Tls = TlsMode.VerifyIdentity, SslCa = _certificates.AuthorityFile }));

        // The certificate names 127.0.0.1 only.
        Assert.True(await ConnectsWithTlsAsync(Options with { Host = "localhost", Tls = TlsMode.VerifyCa, SslCa = _certificates.AuthorityFile }));
        await AssertRefusedAsync(Options with { Host = "localhost", Tls = TlsMode.VerifyIdentity, SslCa = _certificates.AuthorityFile });
    }

    [Fact]
    public async Task A_foreign_authority_is_refused()
    {
        using var foreign = new TestCertificates();
        await AssertRefusedAsync(Options with { Tls = TlsMode.VerifyCa, SslCa = foreign.AuthorityFile });
        await AssertRefusedAsync(Options with { Tls = TlsMode.VerifyIdentity, SslCa = foreign.AuthorityFile });
        await AssertRefusedAsync(Options with { Tls = TlsMode.VerifyCa });
    }

    [Fact]
    public async Task A_client_certificate_is_shown()
    {
        await using (var root = await MySqlConnection.ConnectAsync(Options, None))
            await root.ExecuteAsync("CREATE USER shown@'%' REQUIRE X509", None);
        var options = Options with { User = "shown", Tls = TlsMode.Required };

        Assert.True(await ConnectsWithTlsAsync(options with { SslCert = _certificates.CertificateFile("client"), SslKey = _certificates.KeyFile("client") }));
        var error = await Assert.ThrowsAsync<MySqlServerException>(() => ConnectsWithTlsAsync(options));
        Assert.Equal(1045, error.Code);
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_named()
    {
        var noSuch = await AssertRefusedAsync(Options with { Tls = TlsMode.VerifyCa, SslCa = "/no/such/ca.pem" });
        Assert.Contains("/no/such/ca.pem", noSuch.Message, StringComparison.Ordinal);
        var noCertificate = await AssertRefusedAsync(Options with { Tls = TlsMode.VerifyCa, SslCa = _certificates.KeyFile("client") });
        Assert.Contains("no certificate", noCertificate.Message, StringComparison.Ordinal);
        var mixedUp = await AssertRefusedAsync(Options with { Tls = TlsMode.Required, SslCert = _certificates.CertificateFile("client"), SslKey = _certificates.KeyFile("server") });
        Assert.Contains("ssl-key", mixedUp.Workaround, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_tls_is_refused_where_tls_is_required_and_taken_where_it_is_preferred()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.WelcomeAsync();
            await peer.ReadAsync();
        });

        Assert.False(await ConnectsWithTlsAsync(server.Options with { Tls = TlsMode.Preferred }, asksServer: false));
        await AssertRefusedAsync(server.Options with { Tls = TlsMode.Required });
    }

    [Fact]
    public async Task Preferred_falls_back_where_the_tls_handshake_fails()
    {
        var conversations = 0;
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync(0x0800);
            var first = await peer.ReadAsync();
            Interlocked.Increment(ref conversations);
            if (first.Length == 32)
            {
                await peer.SendRawAsync([0x15, 3, 1, 0, 2, 2, 70]); // TLS alert: protocol version
                return;
            }

            await peer.SendOkAsync();
            await peer.ReadAsync();
        });

        Assert.False(await ConnectsWithTlsAsync(server.Options with { Tls = TlsMode.Preferred }, asksServer: false));
        Assert.Equal(2, conversations);
        await AssertRefusedAsync(server.Options with { Tls = TlsMode.Required });
    }

    [SkippableFact]
    public async Task A_server_with_the_tls_of_its_day_is_reached_where_tls_is_preferred()
    {
        ServerFixture.SkipUnlessInstalled(ServerKind.MySql56);
        await using var old = await TestServer.StartAsync(ServerKind.MySql56, tls.ServerOptions);
        await using (var plain = await MySqlConnection.ConnectAsync(Servers.OptionsFor(old), None))
            Assert.Equal("YES", (await plain.QueryRowsAsync("SHOW VARIABLES LIKE 'have_ssl'", None))[0][1]);

        await ConnectsWithTlsAsync(Servers.OptionsFor(old) with { Tls = TlsMode.Preferred });
    }

    [Fact]
    public async Task Bytes_slipped_in_before_tls_are_noticed()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync(0x0800, slippedIn: [7, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0]);
            await peer.NeverAsync();
        });

        await Assert.ThrowsAsync<MySqlProtocolException>(() => ConnectsWithTlsAsync(server.Options with { Tls = TlsMode.Required }));
    }

    [Fact]
    public async Task Large_results_pass_over_tls_with_and_without_compression()
    {
        foreach (var compress in new[] { false, true })
        {
            await using var connection = await MySqlConnection.ConnectAsync(Options with { Tls = TlsMode.Required, Compress = compress }, None);
            await using var rows = await connection.QueryAsync("SELECT REPEAT('x', 20000000)", None);
            Assert.True(await rows.ReadAsync(None));
            Assert.Equal(20_000_000, rows.GetSpan(0).Length);
            Assert.Equal(-1, rows.GetSpan(0).IndexOfAnyExcept((byte)'x'));
        }
    }

    private static async Task<bool> ConnectsWithTlsAsync(MySqlConnectionOptions options, bool asksServer = true)
    {
        await using var connection = await MySqlConnection.ConnectAsync(options, None);
        if (asksServer)
            Assert.Equal(connection.IsTls, (await connection.QueryRowsAsync("SHOW SESSION STATUS LIKE 'Ssl_cipher'", None))[0][1]!.Length > 0);
        return connection.IsTls;
    }

    private static async Task<TiFerryException> AssertRefusedAsync(MySqlConnectionOptions options)
    {
        var error = await Assert.ThrowsAsync<TiFerryException>(() => ConnectsWithTlsAsync(options));
        Assert.Equal(MySqlErrors.Tls, error.Code);
        return error;
    }
}
