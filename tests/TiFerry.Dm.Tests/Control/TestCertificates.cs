using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TiFerry.Dm.Tests.Control;

/// <summary>PEM files: an authority, certificates that it signed for the server 127.0.0.1 and for two clients.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly TemporaryFiles _files = new();
    private readonly X509Certificate2 _authority;
    private readonly DateTimeOffset _from = DateTimeOffset.UtcNow.AddDays(-1);
    private readonly DateTimeOffset _until = DateTimeOffset.UtcNow.AddDays(10);

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test Authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _authority = request.CreateSelfSigned(_from, _until);
        AuthorityFile = _files.Write("ca.pem", _authority.ExportCertificatePem());
        foreach (var name in new[] { "server", "client", "stranger" })
            Issue(name);
    }

    public string AuthorityFile { get; }

    public string CertificateFile(string name) => _files.Path($"{name}-cert.pem");

    public string KeyFile(string name) => _files.Path($"{name}-key.pem");

    public void Dispose()
    {
        _authority.Dispose();
        _files.Dispose();
    }

    private void Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, _from, _until, Guid.NewGuid().ToByteArray());
        _files.Write($"{name}-cert.pem", certificate.ExportCertificatePem());
        _files.Write($"{name}-key.pem", key.ExportPkcs8PrivateKeyPem());
    }
}
