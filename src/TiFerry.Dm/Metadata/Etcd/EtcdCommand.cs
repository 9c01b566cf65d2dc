using System.Security.Cryptography;
using TiFerry.Core.Errors;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>The command line of an etcd member (etcd 3.4's flags).</summary>
internal static class EtcdCommand
{
    // A Unix socket is only for this account, where a port on 127.0.0.1 would be for everyone on the machine, certificates or not. etcd wants the name to look like host:port.
    public const string SocketName = "client:0";

    public static string DataFolder(EtcdMemberOptions options) => Path.Combine(Path.GetFullPath(options.DataDirectory), "etcd");

    /// <exception cref="TiFerryException">The program is missing, or settings can't be expressed.</exception>
    public static IReadOnlyList<string> Of(EtcdMemberOptions options)
    {
        var advertised = options.AdvertisePeerUrls.Count > 0 ? options.AdvertisePeerUrls : options.PeerUrls;
        List<string> command =
        [
            FindProgram(options.Program),
            $"--name={options.Name}",
            $"--data-dir={DataFolder(options)}",
            $"--listen-peer-urls={string.Join(',', options.PeerUrls)}",
            $"--initial-advertise-peer-urls={string.Join(',', advertised)}",
            $"--listen-client-urls=unix://{SocketName}",
            $"--advertise-client-urls={string.Join(',', options.AdvertiseClientUrls)}",
            $"--initial-cluster={options.InitialCluster ?? string.Join(',', advertised.Select(url => $"{options.Name}={url}"))}",
            $"--initial-cluster-state={options.InitialClusterState}",
            $"--initial-cluster-token={options.ClusterToken}",
            $"--auto-compaction-mode={options.AutoCompactionMode}",
            $"--auto-compaction-retention={options.AutoCompactionRetention}",
            $"--quota-backend-bytes={options.QuotaBackendBytes}",
            $"--max-txn-ops={options.MaxTxnOps}",
            $"--max-request-bytes={options.MaxRequestBytes}",
            "--strict-reconfig-check=true",
            "--logger=zap",
            "--log-outputs=stderr",
            $"--log-level={options.LogLevel}",
        ];
        if (options.PeerTls is { } tls)
            AddTls(command, tls, options);
        return command;
    }

    private static void AddTls(List<string> command, Grpc.GrpcTls tls, EtcdMemberOptions options)
    {
        if (tls is not { CaFile: { } authority, CertificateFile: { } certificate })
            throw new TiFerryException(EtcdErrors.BadMemberSettings, ErrorScope.NotSet, "TLS among masters needs ssl-ca, ssl-cert and ssl-key", "Set all three or none.");
        command.Add($"--peer-trusted-ca-file={Path.GetFullPath(authority)}");
        command.Add($"--peer-cert-file={Path.GetFullPath(certificate)}");
        command.Add($"--peer-key-file={Path.GetFullPath(tls.KeyFile ?? certificate)}");
        command.Add("--peer-client-cert-auth=true");
        switch (tls.AllowedCommonNames.Count)
        {
            case 0:
                break;
            case 1:
                command.Add($"--peer-cert-allowed-cn={tls.AllowedCommonNames[0]}");
                break;
            default:
                AddOwnCommonName(command, certificate, tls.AllowedCommonNames, options);
                break;
        }
    }

    /// <summary>etcd knows one common name for its peers: that of this master's own certificate, where masters share one.</summary>
    private static void AddOwnCommonName(List<string> command, string certificate, IReadOnlyList<string> allowed, EtcdMemberOptions options)
    {
        try
        {
            using var own = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(File.ReadAllText(certificate));
            var name = own.GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: false);
            if (!allowed.Contains(name, StringComparer.Ordinal))
                throw new TiFerryException(EtcdErrors.BadMemberSettings, ErrorScope.NotSet, $"the common name '{name}' of {certificate} is not in cert-allowed-cn", "Add it: masters are each other's clients.");
            command.Add($"--peer-cert-allowed-cn={name}");
            options.Log.Info("etcd lets in peers of one common name only, that of this master's certificate", ("name", name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new TiFerryException(ConfigErrors.CannotReadFile, ErrorScope.NotSet, $"the certificate {certificate} can't be used", "Check ssl-cert.", e);
        }
    }

    private static string FindProgram(string program)
    {
        var places = program.Contains('/', StringComparison.Ordinal)
            ? [Path.GetFullPath(program)]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin").Select(folder => Path.Combine(folder, program));
        return places.FirstOrDefault(File.Exists) ?? throw new TiFerryException(EtcdErrors.MemberFailed, ErrorScope.NotSet, $"the program {program} is not on this machine",
            "Install it (Debian: apt-get install etcd-server), or point etcd-endpoints at an etcd cluster of your own.");
    }
}
