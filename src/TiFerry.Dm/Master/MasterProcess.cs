using System.Net;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Config.Databases;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master;

/// <summary>dm-master as a whole: its etcd member, unless the user has an etcd cluster, and the master in front of it.</summary>
public static class MasterProcess
{
    /// <summary>Runs until it is told to stop.</summary>
    /// <param name="config">The settings.</param>
    /// <param name="log">What it does.</param>
    /// <param name="cancellationToken">Tells it to stop.</param>
    /// <exception cref="TiFerryException">It can't start, or its etcd member can't be kept running.</exception>
    public static async Task RunAsync(MasterConfig config, Log log, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(log);
        var tls = TlsOf(config.Security);
        var cipher = config.OpenCipher();
        await using var member = config.EtcdEndpoints.Length == 0 ? await StartMemberAsync(config, tls, log, cancellationToken) : null;
        await using var master = new MasterServer(OptionsOf(config, tls, cipher, member), log);
        await master.StartAsync(cancellationToken);
        log.Info("listening gRPC API and status request", ("address", config.MasterAddr), ("advertised", config.AdvertiseAddr));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = master.RunAsync(stop.Token);
        if (member is null || await Task.WhenAny(running, member.Completion) == running)
        {
            await running;
            return;
        }
        await stop.CancelAsync();
        await running;
        await member.Completion;
    }

    private static async Task<EtcdMember> StartMemberAsync(MasterConfig config, GrpcTls? tls, Log log, CancellationToken cancellationToken)
    {
        var (initialCluster, state) = await new ClusterJoin(config, tls, log).PrepareAsync(cancellationToken);
        return await EtcdMember.StartAsync(
            new EtcdMemberOptions
            {
                Name = config.Name,
                DataDirectory = config.DataDir,
                PeerUrls = config.PeerUrls.Split(','),
                AdvertisePeerUrls = config.AdvertisePeerUrls.Split(','),
                AdvertiseClientUrls = [$"{(tls is null ? "http" : "https")}://{config.AdvertiseAddr}"],
                InitialCluster = initialCluster,
                InitialClusterState = state,
                PeerTls = tls,
                AutoCompactionMode = config.AutoCompactionMode,
                AutoCompactionRetention = config.AutoCompactionRetention,
                QuotaBackendBytes = config.QuotaBackendBytes,
                MaxTxnOps = config.MaxTxnOps,
                MaxRequestBytes = config.MaxRequestBytes,
                LogLevel = config.LogLevel == LogLevel.Debug ? "debug" : "info",
                Log = log,
            },
            cancellationToken);
    }

    private static MasterOptions OptionsOf(MasterConfig config, GrpcTls? tls, PasswordCipher cipher, EtcdMember? member) => new()
    {
        Self = new MasterIdentity(config.Name, config.AdvertiseAddr),
        Listen = EndPointOf(config.MasterAddr),
        EtcdEndpoints = member is null ? config.EtcdEndpoints.Split(',') : [member.Endpoint],
        HasMember = member is not null,
        Tls = tls,
        EtcdTls = member is null && config.EtcdEndpoints.Contains("https://", StringComparison.Ordinal) ? tls : null,
        Cipher = cipher,
        RpcTimeout = config.RpcTimeout,
        RpcRateLimit = config.RpcRateLimit,
        RpcRateBurst = config.RpcRateBurst,
        CertificateDirectory = Path.Combine(config.DataDir, "certificates"),
        ConfigText = config.ToToml(),
    };

    private static GrpcTls? TlsOf(SecurityConfig security) => security.SslCa.Length == 0 ? null : new GrpcTls
    {
        CaFile = security.SslCa,
        CertificateFile = security.SslCert,
        KeyFile = security.SslKey,
        AllowedCommonNames = security.CertAllowedCn,
    };

    private static IPEndPoint EndPointOf(string address)
    {
        if (!Addresses.TrySplit(address, out var host, out var port))
            throw new TiFerryException(ProgramErrors.MasterBadAddress, ErrorScope.Internal, $"host:port '{address}' not valid", "Please check the `master-addr` config in master configuration file.");
        if (host.Length == 0)
            return new IPEndPoint(IPAddress.IPv6Any, port);
        var ip = IPAddress.TryParse(host, out var given) ? given : Dns.GetHostAddresses(host).FirstOrDefault();
        return ip is not null
            ? new IPEndPoint(ip, port)
            : throw new TiFerryException(ProgramErrors.MasterBadAddress, ErrorScope.Internal, $"the host '{host}' of master-addr is unknown", "Please check the `master-addr` config in master configuration file.");
    }
}
