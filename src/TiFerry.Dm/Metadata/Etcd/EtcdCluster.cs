using TiFerry.Dm.Metadata.Etcd.Pb;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>A member of the etcd cluster.</summary>
/// <param name="Id">Its id, as etcdctl shows it in hex.</param>
/// <param name="Name">Its name; empty while it has been added and never started.</param>
/// <param name="PeerUrls">Where other members reach it.</param>
/// <param name="ClientUrls">Where clients reach it: its master's address.</param>
/// <param name="IsLearner">Whether it has no vote yet.</param>
public sealed record EtcdMemberInfo(ulong Id, string Name, IReadOnlyList<string> PeerUrls, IReadOnlyList<string> ClientUrls, bool IsLearner);

/// <summary>The members of the etcd cluster.</summary>
public sealed class EtcdCluster
{
    private readonly EtcdClient _client;

    internal EtcdCluster(EtcdClient client) => _client = client;

    /// <summary>All members. Needs no leader; what a cut-off server says may be old.</summary>
    /// <exception cref="Core.Errors.TiFerryException">No server answered in time.</exception>
    public async Task<IReadOnlyList<EtcdMemberInfo>> ListAsync(CancellationToken ct = default) =>
        Infos((await _client.CallAsync(EtcdMethods.MemberList, new MemberListRequest(), repeatable: true, "member list", ct, needsLeader: false)).Members);

    /// <summary>Adds a member that is started afterwards, and returns all members.</summary>
    /// <param name="peerUrls">Where other members will reach it.</param>
    /// <param name="asLearner">Whether it gets no vote before it is promoted.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="Core.Errors.TiFerryException">It failed; the member may have been added all the same.</exception>
    public async Task<IReadOnlyList<EtcdMemberInfo>> AddAsync(IEnumerable<string> peerUrls, bool asLearner = false, CancellationToken ct = default)
    {
        var request = new MemberAddRequest { IsLearner = asLearner };
        request.PeerURLs.AddRange(peerUrls);
        return Infos((await _client.CallAsync(EtcdMethods.MemberAdd, request, repeatable: false, $"add member {string.Join(", ", request.PeerURLs)}", ct)).Members);
    }

    /// <summary>Gives a learner its vote.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It failed; it may have been done all the same.</exception>
    public Task PromoteAsync(ulong id, CancellationToken ct = default) =>
        _client.CallAsync(EtcdMethods.MemberPromote, new MemberPromoteRequest { ID = id }, repeatable: false, $"promote member {id:x}", ct);

    /// <summary>Removes a member for good.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It failed; it may have been removed all the same.</exception>
    public Task RemoveAsync(ulong id, CancellationToken ct = default) =>
        _client.CallAsync(EtcdMethods.MemberRemove, new MemberRemoveRequest { ID = id }, repeatable: false, $"remove member {id:x}", ct);

    /// <summary>Changes where other members reach a member.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It failed; it may have been changed all the same.</exception>
    public Task UpdateAsync(ulong id, IEnumerable<string> peerUrls, CancellationToken ct = default)
    {
        var request = new MemberUpdateRequest { ID = id };
        request.PeerURLs.AddRange(peerUrls);
        return _client.CallAsync(EtcdMethods.MemberUpdate, request, repeatable: true, $"update member {id:x}", ct);
    }

    /// <summary>Hands the leadership within etcd to another member. Only the leader itself can be asked to.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It failed.</exception>
    public Task MoveLeaderAsync(ulong to, CancellationToken ct = default) =>
        _client.CallAsync(EtcdMethods.MoveLeader, new MoveLeaderRequest { TargetID = to }, repeatable: false, $"move leader to {to:x}", ct);

    /// <summary>Gives freed space in the file of the server that happens to be asked back; it doesn't serve meanwhile.</summary>
    /// <exception cref="Core.Errors.TiFerryException">It failed.</exception>
    public Task DefragmentAsync(CancellationToken ct = default) =>
        _client.CallAsync(EtcdMethods.Defragment, new DefragmentRequest(), repeatable: false, "defragment", ct, needsLeader: false);

    private static List<EtcdMemberInfo> Infos(IEnumerable<Member> members) =>
        [.. members.Select(member => new EtcdMemberInfo(member.ID, member.Name, [.. member.PeerURLs], [.. member.ClientURLs], member.IsLearner))];
}
