using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TiFerry.MySql.Tests;

/// <summary>An authority, a server's certificate for 127.0.0.1 signed by it, and a client's; as PEM files in a throw-away folder.</summary>
public sealed class TestCertificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tiferry-tls-");
    private readonly DateTimeOffset _from = DateTimeOffset.UtcNow.AddDays(-1);
    private readonly DateTimeOffset _until = DateTimeOffset.UtcNow.AddDays(10);
    private readonly X509Certificate2 _authority;

    public TestCertificates()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=Test Authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _authority = request.CreateSelfSigned(_from, _until);
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
        Server = Issue("server", IPAddress.Loopback);
        Issue("client", address: null).Dispose();
    }

    public X509Certificate2 Server { get; }

    public string AuthorityFile => Path.Combine(_folder.FullName, "ca.pem");

    public string CertificateFile(string name) => Path.Combine(_folder.FullName, $"{name}-cert.pem");

    public string KeyFile(string name) => Path.Combine(_folder.FullName, $"{name}-key.pem");

    public void Dispose()
    {
        _authority.Dispose();
        Server.Dispose();
        _folder.Delete(recursive: true);
    }

    private X509Certificate2 Issue(string name, IPAddress? address)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (address is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(address);
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.Create(_authority, _from, _until, Guid.NewGuid().ToByteArray());
        File.WriteAllText(CertificateFile(name), certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile(name), key.ExportRSAPrivateKeyPem());
        return certificate.CopyWithPrivateKey(key);
    }
}
