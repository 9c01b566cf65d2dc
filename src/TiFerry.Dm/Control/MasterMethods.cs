using Google.Protobuf.WellKnownTypes;
using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Control;

/// <summary>The methods of <c>pb.Master</c> that dmctl calls.</summary>
internal static class MasterMethods
{
    private const string Service = "pb.Master";

    public static readonly GrpcMethod<StartTaskRequest, StartTaskResponse> StartTask = new(Service, nameof(StartTask));

    public static readonly GrpcMethod<OperateTaskRequest, OperateTaskResponse> OperateTask = new(Service, nameof(OperateTask));

    public static readonly GrpcMethod<QueryStatusListRequest, QueryStatusListResponse> QueryStatus = new(Service, nameof(QueryStatus));

    public static readonly GrpcMethod<ShowDDLLocksRequest, ShowDDLLocksResponse> ShowDDLLocks = new(Service, nameof(ShowDDLLocks));

    public static readonly GrpcMethod<UnlockDDLLockRequest, UnlockDDLLockResponse> UnlockDDLLock = new(Service, nameof(UnlockDDLLock));

    public static readonly GrpcMethod<OperateWorkerRelayRequest, OperateWorkerRelayResponse> OperateWorkerRelayTask = new(Service, nameof(OperateWorkerRelayTask));

    public static readonly GrpcMethod<PurgeWorkerRelayRequest, PurgeWorkerRelayResponse> PurgeWorkerRelay = new(Service, nameof(PurgeWorkerRelay));

    public static readonly GrpcMethod<CheckTaskRequest, CheckTaskResponse> CheckTask = new(Service, nameof(CheckTask));

    public static readonly GrpcMethod<OperateSourceRequest, OperateSourceResponse> OperateSource = new(Service, nameof(OperateSource));

    public static readonly GrpcMethod<OfflineMemberRequest, OfflineMemberResponse> OfflineMember = new(Service, nameof(OfflineMember));

    public static readonly GrpcMethod<OperateLeaderRequest, OperateLeaderResponse> OperateLeader = new(Service, nameof(OperateLeader));

    public static readonly GrpcMethod<ListMemberRequest, ListMemberResponse> ListMember = new(Service, nameof(ListMember));

    public static readonly GrpcMethod<OperateSchemaRequest, OperateSchemaResponse> OperateSchema = new(Service, nameof(OperateSchema));

    public static readonly GrpcMethod<GetCfgRequest, GetCfgResponse> GetCfg = new(Service, nameof(GetCfg));

    public static readonly GrpcMethod<HandleErrorRequest, HandleErrorResponse> HandleError = new(Service, nameof(HandleError));

    public static readonly GrpcMethod<TransferSourceRequest, TransferSourceResponse> TransferSource = new(Service, nameof(TransferSource));

    public static readonly GrpcMethod<OperateRelayRequest, OperateRelayResponse> OperateRelay = new(Service, nameof(OperateRelay));

    public static readonly GrpcMethod<StartValidationRequest, StartValidationResponse> StartValidation = new(Service, nameof(StartValidation));

    public static readonly GrpcMethod<StopValidationRequest, StopValidationResponse> StopValidation = new(Service, nameof(StopValidation));

    public static readonly GrpcMethod<GetValidationStatusRequest, GetValidationStatusResponse> GetValidationStatus = new(Service, nameof(GetValidationStatus));

    public static readonly GrpcMethod<GetValidationErrorRequest, GetValidationErrorResponse> GetValidationError = new(Service, nameof(GetValidationError));

    public static readonly GrpcMethod<OperateValidationErrorRequest, OperateValidationErrorResponse> OperateValidationError = new(Service, nameof(OperateValidationError));

    public static readonly GrpcMethod<UpdateValidationRequest, UpdateValidationResponse> UpdateValidation = new(Service, nameof(UpdateValidation));

    public static readonly GrpcMethod<EncryptRequest, EncryptResponse> Encrypt = new(Service, nameof(Encrypt));

    public static readonly GrpcMethod<Empty, ListTaskConfigsResponse> ListTaskConfigs = new(Service, nameof(ListTaskConfigs));

    public static readonly GrpcMethod<Empty, ListSourceConfigsResponse> ListSourceConfigs = new(Service, nameof(ListSourceConfigs));

}
