using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;

namespace TiFerry.Grpc.Tls;

/// <summary>What the files of a <see cref="GrpcTls"/> hold now. Files that can't be used keep the former certificates in force.</summary>
internal sealed class TlsCertificates
{
    private readonly GrpcTls _settings;
    private readonly Log _log;
    private readonly Lock _lock = new();
    private string _stamp;
    private Loaded _loaded;

    /// <exception cref="TiFerryException">A file is missing or can't be used.</exception>
    public TlsCertificates(GrpcTls settings, Log log)
    {
        _settings = settings;
        _log = log;
        _stamp = Stamp();
        try
        {
            _loaded = Load();
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new TiFerryException(ConfigErrors.CannotReadFile, ErrorScope.NotSet, $"the certificates of {Files} can't be used",
                "Check ssl-ca, ssl-cert and ssl-key: PEM files that this account may read, the key without a passphrase and belonging to the certificate.", e);
        }
    }

    private sealed record Loaded(X509Certificate2Collection? Authorities, SslStreamCertificateContext? Own);

    private string Files => string.Join(", ", new[] { _settings.CaFile, _settings.CertificateFile, _settings.KeyFile }.OfType<string>());

    /// <summary>The settings of one connection to <paramref name="host"/>.</summary>
    public SslClientAuthenticationOptions ForClient(string host)
    {
        var now = Current();
        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            ClientCertificateContext = now.Own,
            CertificateChainPolicy = ChainPolicy(now.Authorities),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowTlsResume = false,
        };
    }

    /// <summary>The settings of one connection from a client.</summary>
    public SslServerAuthenticationOptions ForServer()
    {
        var now = Current();
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = now.Own,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            ClientCertificateRequired = now.Authorities is not null,
            CertificateChainPolicy = ChainPolicy(now.Authorities),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            // A resumed session would not show its certificate again.
            AllowTlsResume = false,
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => now.Authorities is null || MayCall(certificate, errors),
        };
    }

    private bool MayCall(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (errors != SslPolicyErrors.None || certificate is not X509Certificate2 client)
        {
            _log.Warn("a client without a right certificate was refused", ("subject", certificate?.Subject), ("errors", errors));
            return false;
        }

        var name = client.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        if (_settings.AllowedCommonNames.Count == 0 || _settings.AllowedCommonNames.Contains(name, StringComparer.Ordinal))
            return true;
        _log.Warn("a client whose certificate has a common name that is not allowed was refused", ("name", name));
        return false;
    }

    private static X509ChainPolicy? ChainPolicy(X509Certificate2Collection? authorities)
    {
        if (authorities is null)
            return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }

    private Loaded Current()
    {
        lock (_lock)
        {
            var stamp = Stamp();
            if (stamp == _stamp)
                return _loaded;
            try
            {
                _loaded = Load();
                _stamp = stamp;
                _log.Info("renewed certificates are in use", ("files", Files));
            }
            catch (Exception e) when (IsUnusable(e))
            {
                // Perhaps only one of two files is written yet: the next connection looks again.
                _log.Warn("changed certificates can't be used, the former ones stay", ("files", Files), ("error", e.Message));
            }

            return _loaded;
        }
    }

    private static bool IsUnusable(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private string Stamp() => string.Join('|', new[] { _settings.CaFile, _settings.CertificateFile, _settings.KeyFile }.Select(path =>
    {
        if (path is null)
            return "";
        var file = new FileInfo(path);
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}:{file.Length}" : "missing";
    }));

    private Loaded Load() => new(LoadAuthorities(), LoadOwn());

    private X509Certificate2Collection? LoadAuthorities()
    {
        if (_settings.CaFile is not { } file)
            return null;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException($"{file} holds no certificate");
    }

    private SslStreamCertificateContext? LoadOwn()
    {
        if (_settings.CertificateFile is not { } file)
            return null;
        var certificate = X509Certificate2.CreateFromPemFile(file, _settings.KeyFile ?? file);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(file);
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }
}
