using TiFerry.Dm.Metadata.Etcd.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Metadata.Etcd;

/// <summary>The methods of etcd's v3 API.</summary>
internal static class EtcdMethods
{
    private const string Kv = "etcdserverpb.KV";
    private const string Lease = "etcdserverpb.Lease";
    private const string Cluster = "etcdserverpb.Cluster";
    private const string Maintenance = "etcdserverpb.Maintenance";

    public static readonly GrpcMethod<RangeRequest, RangeResponse> Range = new(Kv, "Range");
    public static readonly GrpcMethod<PutRequest, PutResponse> Put = new(Kv, "Put");
    public static readonly GrpcMethod<DeleteRangeRequest, DeleteRangeResponse> DeleteRange = new(Kv, "DeleteRange");
    public static readonly GrpcMethod<TxnRequest, TxnResponse> Txn = new(Kv, "Txn");
    public static readonly GrpcMethod<CompactionRequest, CompactionResponse> Compact = new(Kv, "Compact");

    public static readonly GrpcMethod<WatchRequest, WatchResponse> Watch = new("etcdserverpb.Watch", "Watch");

    public static readonly GrpcMethod<LeaseGrantRequest, LeaseGrantResponse> LeaseGrant = new(Lease, "LeaseGrant");
    public static readonly GrpcMethod<LeaseRevokeRequest, LeaseRevokeResponse> LeaseRevoke = new(Lease, "LeaseRevoke");
    public static readonly GrpcMethod<LeaseKeepAliveRequest, LeaseKeepAliveResponse> LeaseKeepAlive = new(Lease, "LeaseKeepAlive");
    public static readonly GrpcMethod<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse> LeaseTimeToLive = new(Lease, "LeaseTimeToLive");
    public static readonly GrpcMethod<LeaseLeasesRequest, LeaseLeasesResponse> LeaseLeases = new(Lease, "LeaseLeases");

    public static readonly GrpcMethod<MemberAddRequest, MemberAddResponse> MemberAdd = new(Cluster, "MemberAdd");
    public static readonly GrpcMethod<MemberRemoveRequest, MemberRemoveResponse> MemberRemove = new(Cluster, "MemberRemove");
    public static readonly GrpcMethod<MemberUpdateRequest, MemberUpdateResponse> MemberUpdate = new(Cluster, "MemberUpdate");
    public static readonly GrpcMethod<MemberListRequest, MemberListResponse> MemberList = new(Cluster, "MemberList");
    public static readonly GrpcMethod<MemberPromoteRequest, MemberPromoteResponse> MemberPromote = new(Cluster, "MemberPromote");

    public static readonly GrpcMethod<StatusRequest, StatusResponse> Status = new(Maintenance, "Status");
    public static readonly GrpcMethod<DefragmentRequest, DefragmentResponse> Defragment = new(Maintenance, "Defragment");
    public static readonly GrpcMethod<MoveLeaderRequest, MoveLeaderResponse> MoveLeader = new(Maintenance, "MoveLeader");
}
