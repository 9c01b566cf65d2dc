using TiFerry.Core.Errors;
using TiFerry.Dm.Master.Scheduling;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master.Services;

/// <summary>Workers that register, list-member, offline-member.</summary>
internal static class MemberService
{
    public static async Task<RegisterWorkerResponse> RegisterAsync(LeaderContext leader, RegisterWorkerRequest request, CancellationToken cancellationToken)
    {
        await leader.Scheduler.ChangeAsync(state => WorkerChanges.Register(state, request.Name, request.Address), cancellationToken);
        return new RegisterWorkerResponse { Result = true, SecretKey = Google.Protobuf.ByteString.CopyFrom(leader.Cipher.Key) };
    }

    public static async Task<OfflineMemberResponse> OfflineAsync(LeaderContext leader, OfflineMemberRequest request, CancellationToken cancellationToken)
    {
        if (request.Type == "worker")
            await leader.Scheduler.ChangeAsync(state => WorkerChanges.Forget(state, request.Name), cancellationToken);
        else if (request.Type == "master")
            await leader.Masters.RemoveAsync(request.Name, cancellationToken);
        else
            throw ServiceErrors.InvalidMemberType(request.Type);
        return new OfflineMemberResponse { Result = true };
    }

    public static async Task<ListMemberResponse> ListAsync(LeaderContext leader, ListMemberRequest request, CancellationToken cancellationToken)
    {
        var all = !request.Leader && !request.Master && !request.Worker;
        bool Asked(string name) => request.Names.Count == 0 || request.Names.Contains(name);
        var response = new ListMemberResponse { Result = true };
        if (all || request.Leader)
        {
            var self = leader.Masters.Self;
            response.Members.Add(new Members { Leader = Asked(self.Name) ? new ListLeaderMember { Name = self.Name, Addr = self.Address } : new ListLeaderMember() });
        }
        if (all || request.Master)
            response.Members.Add(new Members { Master = await ListMastersAsync(leader, Asked, cancellationToken) });
        if (all || request.Worker)
            response.Members.Add(new Members { Worker = ListWorkers(leader, Asked) });
        return response;
    }

    private static async Task<ListMasterMember> ListMastersAsync(LeaderContext leader, Func<string, bool> asked, CancellationToken cancellationToken)
    {
        try
        {
            var members = await leader.Masters.ListAsync(cancellationToken);
            var masters = await Task.WhenAll(members.Where(m => asked(m.Name)).OrderBy(m => m.Name, StringComparer.Ordinal).Select(async member => new MasterInfo
            {
                Name = member.Name,
                MemberID = member.Id,
                Alive = await leader.Masters.IsAliveAsync(member, cancellationToken),
                PeerURLs = { member.PeerUrls },
                ClientURLs = { member.ClientUrls },
            }));
            return new ListMasterMember { Masters = { masters } };
        }
        catch (Exception e) when (e is TiFerryException or GrpcException)
        {
            return new ListMasterMember { Msg = e.Message };
        }
    }

    private static ListWorkerMember ListWorkers(LeaderContext leader, Func<string, bool> asked)
    {
        var state = leader.State;
        return new ListWorkerMember
        {
            Workers =
            {
                state.Workers.Values.Where(w => asked(w.Name)).Select(w => new WorkerInfo
                {
                    Name = w.Name,
                    Addr = w.Address,
                    Stage = state.StageOf(w.Name).Text(),
                    Source = state.StageOf(w.Name) == WorkerStage.Bound ? state.SourceOf(w.Name)! : "",
                }),
            },
        };
    }
}
