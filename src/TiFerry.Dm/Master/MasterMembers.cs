using Google.Protobuf;
using TiFerry.Core.Errors;
using TiFerry.Dm.Master.Services;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Metadata.Etcd;
using TiFerry.Dm.Metadata.Etcd.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master;

/// <summary>The masters of the cluster. With etcd members of their own they are these; else those that stand for election.</summary>
/// <param name="self">This master.</param>
/// <param name="etcd">The way to etcd.</param>
/// <param name="replica">The cluster's state.</param>
/// <param name="options">How to connect.</param>
/// <param name="haveMembers">Whether each master has an etcd member of its own.</param>
internal sealed class MasterMembers(MasterIdentity self, EtcdClient etcd, ClusterReplica replica, GrpcChannelOptions options, bool haveMembers)
{
    private static readonly TimeSpan AliveTimeout = TimeSpan.FromSeconds(1);

    /// <summary>This master.</summary>
    public MasterIdentity Self => self;

    /// <summary>All masters.</summary>
    /// <exception cref="TiFerryException">etcd can't be reached.</exception>
    public async Task<IReadOnlyList<EtcdMemberInfo>> ListAsync(CancellationToken cancellationToken) => haveMembers
        ? await etcd.Cluster.ListAsync(cancellationToken)
        : [.. replica.Current.Candidates.Values.Select(c => new EtcdMemberInfo((ulong)c.CreateRevision, c.Name, [], [$"http://{c.Address}"], false))];

    /// <summary>Whether a master answers.</summary>
    public async Task<bool> IsAliveAsync(EtcdMemberInfo member, CancellationToken cancellationToken)
    {
        if (member.ClientUrls.Count == 0)
            return false;
        try
        {
            using var channel = new GrpcChannel(member.ClientUrls, options);
            await channel.CallAsync(EtcdMethods.Status, new StatusRequest(), new GrpcCallOptions { Timeout = AliveTimeout }, cancellationToken);
            return true;
        }
        catch (GrpcException)
        {
            return false;
        }
    }

    /// <summary>Takes a master that is down out of the cluster.</summary>
    /// <exception cref="TiFerryException">There is none of the name, or it is this one; or etcd refuses it.</exception>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        var member = (await ListAsync(cancellationToken)).FirstOrDefault(m => m.Name == name) ?? throw ServiceErrors.NoSuchMaster(name);
        if (name == self.Name)
            throw ServiceErrors.Refused($"dm-master {name} leads and can't take itself out of the cluster, stop it first");
        foreach (var (key, candidate) in replica.Current.Candidates)
        {
            if (candidate.Name == name)
                await etcd.DeleteAsync(key, cancellationToken);
        }
        if (haveMembers)
            await etcd.Cluster.RemoveAsync(member.Id, cancellationToken);
    }

    /// <summary>Calls a master.</summary>
    /// <exception cref="GrpcException">The call didn't succeed.</exception>
    /// <exception cref="RefusedException">There is none of the name.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(string name, GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var member = (await ListAsync(cancellationToken)).FirstOrDefault(m => m.Name == name && m.ClientUrls.Count > 0) ?? throw ServiceErrors.Refused("master not found");
        using var channel = new GrpcChannel(member.ClientUrls, options);
        return await channel.CallAsync(method, request, new GrpcCallOptions { Timeout = TimeSpan.FromSeconds(10) }, cancellationToken);
    }
}
