using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master;

/// <summary>Makes a new master's etcd member a part of the cluster that <c>--join</c> names.</summary>
/// <param name="config">The master's settings.</param>
/// <param name="tls">Certificates for calls to other masters; null for clear text.</param>
/// <param name="log">What it does.</param>
internal sealed class ClusterJoin(MasterConfig config, GrpcTls? tls, Log log)
{
    private static readonly TimeSpan AliveTimeout = TimeSpan.FromSeconds(2);

    private readonly string[] _peerUrls = config.AdvertisePeerUrls.Split(',');

    // Between the addition to the cluster and the member's first start only this file knows that the addition was made.
    private readonly string _noteFile = Path.Combine(config.DataDir, "join");

    /// <summary>The members to start with, <c>name=url,name=url</c>, and the cluster's state; the settings' own where nothing is to be joined.</summary>
    /// <exception cref="TiFerryException">The cluster can't be reached or can't be joined.</exception>
    public async Task<(string InitialCluster, string State)> PrepareAsync(CancellationToken cancellationToken)
    {
        // A member that has data knows its cluster.
        if (config.Join.Length == 0 || EtcdMember.HasData(config.DataDir))
            return (config.InitialCluster, config.InitialClusterState);
        if (File.Exists(_noteFile))
            return ((await File.ReadAllTextAsync(_noteFile, cancellationToken)).Trim(), "existing");

        var endpoints = Addresses.List(config.Join);
        if (endpoints.Contains(config.AdvertiseAddr, StringComparer.Ordinal))
            throw CannotJoin($"join self {config.AdvertiseAddr} is forbidden", "let --join name the addresses of the other masters");
        using var etcd = new EtcdClient(endpoints, new EtcdClientOptions { Tls = tls, Log = log });
        var members = await AddAsync(etcd, cancellationToken);
        var initial = string.Join(',', members.SelectMany(m => m.PeerUrls.Select(url => $"{(IsThis(m) ? config.Name : m.Name)}={url}")));
        Directory.CreateDirectory(config.DataDir);
        await File.WriteAllTextAsync(_noteFile, initial, cancellationToken);
        log.Info("joined the cluster", ("members", initial));
        return (initial, "existing");
    }

    private async Task<IReadOnlyList<EtcdMemberInfo>> AddAsync(EtcdClient etcd, CancellationToken cancellationToken)
    {
        try
        {
            var members = await etcd.Cluster.ListAsync(cancellationToken);
            foreach (var member in members)
            {
                if (member.Name.Length == 0 && !IsThis(member))
                    throw CannotJoin($"there is a member at {string.Join(',', member.PeerUrls)} that has not joined successfully", "continue its join, or remove it with `etcdctl member remove`");
                if (member.Name == config.Name)
                    await RemovePredecessorAsync(etcd, member, cancellationToken);
            }
            // An attempt before this one may have come so far.
            return members.Any(m => m.Name.Length == 0) ? members : await etcd.Cluster.AddAsync(_peerUrls, ct: cancellationToken);
        }
        catch (TiFerryException e) when (e.Code == EtcdErrors.CallFailed)
        {
            throw new TiFerryException(MasterErrors.CannotJoin, ErrorScope.Internal, $"fail to join embed etcd: the cluster of {config.Join} refuses it or can't be reached", "check --join, and that more than half of the masters there are up", e);
        }
    }

    // A master that lost its data comes back as a new member. One that lives must not be thrown out by another of its name.
    private async Task RemovePredecessorAsync(EtcdClient etcd, EtcdMemberInfo member, CancellationToken cancellationToken)
    {
        if (await IsAliveAsync(member, cancellationToken))
            throw CannotJoin($"missing data or joining a duplicate member {member.Name}, which lives at {string.Join(',', member.ClientUrls)}", "give this master another --name");
        log.Warn("the cluster has a member of this master's name that is gone, and is replaced", ("name", member.Name), ("id", $"{member.Id:x}"));
        await etcd.Cluster.RemoveAsync(member.Id, cancellationToken);
    }

    private async Task<bool> IsAliveAsync(EtcdMemberInfo member, CancellationToken cancellationToken)
    {
        if (member.ClientUrls.Count == 0)
            return false;
        using var client = new EtcdClient(member.ClientUrls, new EtcdClientOptions { Tls = tls, RequestTimeout = AliveTimeout, Log = log });
        try
        {
            await client.GetStatusAsync(cancellationToken);
            return true;
        }
        catch (TiFerryException)
        {
            return false;
        }
    }

    private bool IsThis(EtcdMemberInfo member) => member.PeerUrls.Intersect(_peerUrls, StringComparer.Ordinal).Any();

    private static TiFerryException CannotJoin(string why, string wayOut) => new(MasterErrors.CannotJoin, ErrorScope.Internal, $"fail to join embed etcd: {why}", wayOut);
}
