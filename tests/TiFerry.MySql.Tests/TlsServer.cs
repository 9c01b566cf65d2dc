using TiFerry.TestServers;

namespace TiFerry.MySql.Tests;

/// <summary>A MariaDB with TLS, for the tests of one class.</summary>
public sealed class TlsServer : IAsyncLifetime, IDisposable
{
    public TestCertificates Certificates { get; } = new();

    public TestServer Server { get; private set; } = null!;

    /// <summary>What makes any server offer TLS with these certificates.</summary>
    public string[] ServerOptions =>
        [$"--ssl-ca={Certificates.AuthorityFile}", $"--ssl-cert={Certificates.CertificateFile("server")}", $"--ssl-key={Certificates.KeyFile("server")}"];

    public async Task InitializeAsync() => Server = await TestServer.StartAsync(ServerKind.MariaDb, ServerOptions);

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose() => Certificates.Dispose();
}
