using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TiFerry.Grpc.Tests;

/// <summary>An authority and certificates for 127.0.0.1 signed by it, as PEM files in a throw-away folder.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tiferry-grpc-");
    private readonly DateTimeOffset _from = DateTimeOffset.UtcNow.AddDays(-1);
    private readonly DateTimeOffset _until = DateTimeOffset.UtcNow.AddDays(10);
    private readonly X509Certificate2 _authority;

    public Certificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test Authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _authority = request.CreateSelfSigned(_from, _until);
        File.WriteAllText(AuthorityFile, _authority.ExportCertificatePem());
    }

    public string AuthorityFile => Path.Combine(_folder.FullName, "ca.pem");

    /// <summary>Issues a certificate into the files of that name, over what is there.</summary>
    public GrpcTls Issue(string commonName, string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, _from, _until, Guid.NewGuid().ToByteArray());
        var tls = new GrpcTls { CaFile = AuthorityFile, CertificateFile = Path.Combine(_folder.FullName, $"{file}-cert.pem"), KeyFile = Path.Combine(_folder.FullName, $"{file}-key.pem") };
        File.WriteAllText(tls.CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(tls.KeyFile, key.ExportECPrivateKeyPem());
        // The clock of the file system may be too coarse for two writes to differ.
        File.SetLastWriteTimeUtc(tls.CertificateFile, DateTime.UtcNow.AddMinutes(Random.Shared.Next(-1_000_000, 0)));
        return tls;
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }
}
