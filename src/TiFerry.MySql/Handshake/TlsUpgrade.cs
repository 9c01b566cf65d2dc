using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TiFerry.MySql.Transport;

namespace TiFerry.MySql.Handshake;

/// <summary>Puts TLS on a connection as the options ask.</summary>
internal static class TlsUpgrade
{
    /// <exception cref="AuthenticationException">The TLS handshake or the verification failed.</exception>
    /// <exception cref="Core.Errors.TiFerryException">A certificate or key file cannot be used.</exception>
    public static async ValueTask<ByteTransport> StartAsync(SocketTransport socket, MySqlConnectionOptions options, CancellationToken ct)
    {
        var authentication = new SslClientAuthenticationOptions
        {
            TargetHost = options.Host,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ClientCertificates = ReadClientCertificate(options),
        };
        var tolerated = Tolerated(options.Tls);
        authentication.RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~tolerated) == SslPolicyErrors.None;
        if (options.Tls >= TlsMode.VerifyCa)
        {
            var authorities = ReadAuthorities(options);
            if (authorities.Count > 0)
            {
                authentication.CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                };
                authentication.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            }
        }

        var stream = new SslStream(new NetworkStream(socket.Socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsClientAsync(authentication, ct).ConfigureAwait(false);
            return new TlsTransport(stream);
        }
        catch (IOException cause)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new AuthenticationException($"the server broke the handshake off: {cause.Message}", cause);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static SslPolicyErrors Tolerated(TlsMode mode) => mode switch
    {
        TlsMode.VerifyIdentity => SslPolicyErrors.None,
        TlsMode.VerifyCa => SslPolicyErrors.RemoteCertificateNameMismatch,
        _ => SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNotAvailable,
    };

    private static X509Certificate2Collection ReadAuthorities(MySqlConnectionOptions options)
    {
        var authorities = new X509Certificate2Collection();
        if (options.SslCa is null)
            return authorities;
        try
        {
            authorities.ImportFromPemFile(options.SslCa);
        }
        catch (Exception cause) when (cause is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw MySqlErrors.Create(MySqlErrors.Tls, $"cannot read the certificate authorities in {options.SslCa}", "give a PEM file with ssl-ca", cause);
        }

        return authorities.Count > 0
            ? authorities
            : throw MySqlErrors.Create(MySqlErrors.Tls, $"there is no certificate in {options.SslCa}", "give a PEM file with ssl-ca");
    }

    private static X509CertificateCollection? ReadClientCertificate(MySqlConnectionOptions options)
    {
        if (options.SslCert is null)
            return null;
        try
        {
            return [X509Certificate2.CreateFromPemFile(options.SslCert, options.SslKey)];
        }
        catch (Exception cause) when (cause is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw MySqlErrors.Create(
                MySqlErrors.Tls,
                $"cannot use the client certificate {options.SslCert} with the key {options.SslKey ?? options.SslCert}",
                "give PEM files that belong together with ssl-cert and ssl-key; the key must not be encrypted",
                cause);
        }
    }
}
