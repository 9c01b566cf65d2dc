using TiFerry.Core.Errors;
using TiFerry.MySql.Authentication;
using TiFerry.TestServers;

namespace TiFerry.MySql.Tests;

[Collection(Servers.Name)]
public sealed class AuthenticationTests(ServerFixture servers)
{
    private const string Password = "pä'ss wörd";
    private static readonly CancellationToken None = CancellationToken.None;
    private static int _users;

    [SkippableTheory]
    [InlineData(ServerKind.MariaDb)]
    [InlineData(ServerKind.MySql56)]
    public async Task Native_password(ServerKind kind)
    {
        var server = await servers.TargetAsync(kind);
        var options = await CreateUserAsync(server, $"IDENTIFIED BY '{Escaped(Password)}'");

        await AssertLogsInAsync(options);
        await AssertRefusedAsync(options with { Password = "wrong" });
        await AssertRefusedAsync(options with { Password = "" });
    }

    [SkippableFact]
    public async Task Caching_sha2_goes_the_full_way_with_the_servers_key_first_and_the_short_way_after()
    {
        var server = await servers.TargetAsync(ServerKind.MySql97);
        var options = await CreateUserAsync(server, $"IDENTIFIED WITH caching_sha2_password BY '{Escaped(Password)}'");

        var refused = await Assert.ThrowsAsync<TiFerryException>(() => LogInAsync(options with { AllowPublicKeyRetrieval = false }));
        Assert.Contains("allow-public-key-retrieval", refused.Message, StringComparison.Ordinal);
        await AssertRefusedAsync(options with { Password = "wrong" });
        await AssertLogsInAsync(options);
        // Now the server has the password's hash at hand and needs no key.
        await AssertLogsInAsync(options with { AllowPublicKeyRetrieval = false });
        await AssertRefusedAsync(options with { Password = "wrong" });
    }

    [SkippableFact]
    public async Task Caching_sha2_goes_the_full_way_over_tls_and_over_a_unix_socket()
    {
        var server = await servers.TargetAsync(ServerKind.MySql97);
        var overTls = await CreateUserAsync(server, $"IDENTIFIED WITH caching_sha2_password BY '{Escaped(Password)}'");
        await AssertLogsInAsync(overTls with { Tls = TlsMode.Required, AllowPublicKeyRetrieval = false });

        var overSocket = await CreateUserAsync(server, $"IDENTIFIED WITH caching_sha2_password BY '{Escaped(Password)}'");
        await AssertLogsInAsync(overSocket with { UnixSocket = server.SocketPath, AllowPublicKeyRetrieval = false });
    }

    [SkippableTheory]
    [InlineData(TlsMode.Disabled)]
    [InlineData(TlsMode.Required)]
    public async Task Sha256_password(TlsMode tls)
    {
        var server = await servers.TargetAsync(ServerKind.MySql97);
        var options = await CreateUserAsync(server, $"IDENTIFIED WITH sha256_password BY '{Escaped(Password)}'") with { Tls = tls };

        await AssertLogsInAsync(options);
        await AssertRefusedAsync(options with { Password = "wrong" });
    }

    [SkippableTheory]
    [InlineData("caching_sha2_password")]
    [InlineData("sha256_password")]
    public async Task Empty_passwords_are_passwords_too(string plugin)
    {
        var server = await servers.TargetAsync(ServerKind.MySql97);
        var options = await CreateUserAsync(server, $"IDENTIFIED WITH {plugin} BY ''") with { Password = "" };

        await AssertLogsInAsync(options);
        await AssertRefusedAsync(options with { Password = "wrong" });
    }

    [Fact]
    public async Task MariaDbs_ed25519()
    {
        await using var server = await TestServer.StartAsync(ServerKind.MariaDb, ["--plugin-load-add=auth_ed25519"]);
        var options = await CreateUserAsync(server, $"IDENTIFIED VIA ed25519 USING PASSWORD('{Escaped(Password)}')");

        await AssertLogsInAsync(options);
        await AssertRefusedAsync(options with { Password = "wrong" });
        for (var i = 0; i < 8; i++)
            await AssertLogsInAsync(await CreateUserAsync(server, $"IDENTIFIED VIA ed25519 USING PASSWORD('p{i}')") with { Password = $"p{i}" });
    }

    [Theory]
    [InlineData(20, 21)] // as mysql_native_password sends it, with a zero byte behind
    [InlineData(32, 32)] // as ed25519 sends it, here with a random zero byte at its end
    public async Task A_scramble_is_taken_whole(int length, int sent)
    {
        byte[]? answer = null;
        var nonce = Enumerable.Range(1, length).Select(i => (byte)(i == 32 ? 0 : i)).ToArray();
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.ReadAsync();
            await peer.SendAsync([0xFE, .. length == 32 ? "client_ed25519\0"u8 : "mysql_native_password\0"u8, .. nonce, .. new byte[sent - length]]);
            answer = await peer.ReadAsync();
            await peer.SendOkAsync();
            await peer.ReadAsync();
        });

        await LogInAsync(server.Options with { Password = Password });

        var password = System.Text.Encoding.UTF8.GetBytes(Password);
        Assert.Equal(length == 32 ? Ed25519.Sign(password, nonce) : Scrambles.Native(password, nonce), answer);
    }

    [Theory]
    [InlineData( // RFC 8032, 7.1, test 1
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData( // RFC 8032, 7.1, test 2
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    public void Ed25519_signs_as_the_standard_says(string secret, string message, string signature) =>
        Assert.Equal(signature, Convert.ToHexStringLower(Ed25519.Sign(Convert.FromHexString(secret), Convert.FromHexString(message))));

    [Fact]
    public async Task An_unknown_plugin_is_named_with_the_supported_ones()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.ReadAsync();
            await peer.SendAsync([0xFE, .. "authentication_kerberos\0data\0"u8]);
            await peer.ReadAsync();
        });

        var error = await Assert.ThrowsAsync<TiFerryException>(() => LogInAsync(server.Options with { Password = "secret" }));
        Assert.Contains("authentication_kerberos", error.Message, StringComparison.Ordinal);
        Assert.Contains("caching_sha2_password", error.Workaround, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_password_hashes_are_refused()
    {
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync();
            await peer.ReadAsync();
            await peer.SendAsync([0xFE]);
            await peer.ReadAsync();
        });

        var error = await Assert.ThrowsAsync<TiFerryException>(() => LogInAsync(server.Options));
        Assert.Contains("mysql_old_password", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, true, "without TLS")]
    [InlineData(true, false, "enable-cleartext-plugin")]
    [InlineData(true, true, null)]
    public async Task A_clear_text_password_travels_only_over_tls_and_only_if_allowed(bool tls, bool allowed, string? refusal)
    {
        byte[]? received = null;
        using var certificates = new TestCertificates();
        await using var server = new FakeServer(async peer =>
        {
            await peer.GreetAsync(tls ? 0x0800u : 0);
            if (tls)
            {
                await peer.ReadAsync();
                await peer.StartTlsAsync(certificates.Server);
            }

            await peer.ReadAsync();
            await peer.SendAsync([0xFE, .. "mysql_clear_password\0"u8]);
            received = await peer.ReadAsync();
            await peer.SendOkAsync();
            await peer.ReadAsync();
        });
        var options = server.Options with { Password = "secret", Tls = tls ? TlsMode.Required : TlsMode.Disabled, AllowCleartextPassword = allowed };

        if (refusal is null)
        {
            await LogInAsync(options);
            Assert.Equal("secret\0"u8.ToArray(), received);
            return;
        }

        var error = await Assert.ThrowsAsync<TiFerryException>(() => LogInAsync(options));
        Assert.Contains(refusal, error.Message, StringComparison.Ordinal);
        await server.EndedAsync();
        Assert.Null(received);
    }

    [Fact]
    public async Task A_server_that_has_no_room_says_so()
    {
        await using var server = new FakeServer(peer => peer.SendAsync([0xFF, 0x10, 0x04, .. "Too many connections"u8]));

        var error = await Assert.ThrowsAsync<MySqlServerException>(() => LogInAsync(server.Options));
        Assert.Equal((1040, "Too many connections"), (error.Code, error.ServerMessage));
    }

    private static async Task LogInAsync(MySqlConnectionOptions options) => await (await MySqlConnection.ConnectAsync(options, None)).DisposeAsync();

    private static async Task AssertLogsInAsync(MySqlConnectionOptions options)
    {
        await using var connection = await MySqlConnection.ConnectAsync(options, None);
        Assert.StartsWith(options.User + "@", await connection.QueryScalarAsync("SELECT USER()", None), StringComparison.Ordinal);
        await connection.ResetAsync(None);
        await connection.PingAsync(None);
    }

    private static async Task AssertRefusedAsync(MySqlConnectionOptions options)
    {
        var error = await Assert.ThrowsAsync<MySqlServerException>(() => LogInAsync(options));
        Assert.Equal(1045, error.Code);
    }

    private static async Task<MySqlConnectionOptions> CreateUserAsync(TestServer server, string identification)
    {
        var user = $"user{Interlocked.Increment(ref _users)}";
        await using var root = await MySqlConnection.ConnectAsync(Servers.OptionsFor(server), None);
        await root.ExecuteAsync($"CREATE USER {user}@'%' {identification}", None);
        return Servers.OptionsFor(server) with { User = user, Password = Password };
    }

    private static string Escaped(string text) => text.Replace("'", "''", StringComparison.Ordinal);
}
