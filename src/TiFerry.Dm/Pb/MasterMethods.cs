using Google.Protobuf.WellKnownTypes;
using TiFerry.Grpc;

namespace TiFerry.Dm.Pb;

/// <summary>The methods of the service <c>pb.Master</c> (proto/dm/dmmaster.proto).</summary>
public static class MasterMethods
{
    private const string Service = "pb.Master";

    /// <summary><c>StartTask</c>.</summary>
    public static readonly GrpcMethod<StartTaskRequest, StartTaskResponse> StartTask = new(Service, "StartTask");

    /// <summary><c>OperateTask</c>.</summary>
    public static readonly GrpcMethod<OperateTaskRequest, OperateTaskResponse> OperateTask = new(Service, "OperateTask");

    /// <summary><c>UpdateTask</c>.</summary>
    public static readonly GrpcMethod<UpdateTaskRequest, UpdateTaskResponse> UpdateTask = new(Service, "UpdateTask");

    /// <summary><c>QueryStatus</c>.</summary>
    public static readonly GrpcMethod<QueryStatusListRequest, QueryStatusListResponse> QueryStatus = new(Service, "QueryStatus");

    /// <summary><c>ShowDDLLocks</c>.</summary>
    public static readonly GrpcMethod<ShowDDLLocksRequest, ShowDDLLocksResponse> ShowDDLLocks = new(Service, "ShowDDLLocks");

    /// <summary><c>UnlockDDLLock</c>.</summary>
    public static readonly GrpcMethod<UnlockDDLLockRequest, UnlockDDLLockResponse> UnlockDDLLock = new(Service, "UnlockDDLLock");

    /// <summary><c>OperateWorkerRelayTask</c>.</summary>
    public static readonly GrpcMethod<OperateWorkerRelayRequest, OperateWorkerRelayResponse> OperateWorkerRelayTask = new(Service, "OperateWorkerRelayTask");

    /// <summary><c>PurgeWorkerRelay</c>.</summary>
    public static readonly GrpcMethod<PurgeWorkerRelayRequest, PurgeWorkerRelayResponse> PurgeWorkerRelay = new(Service, "PurgeWorkerRelay");

    /// <summary><c>CheckTask</c>.</summary>
    public static readonly GrpcMethod<CheckTaskRequest, CheckTaskResponse> CheckTask = new(Service, "CheckTask");

    /// <summary><c>OperateSource</c>.</summary>
    public static readonly GrpcMethod<OperateSourceRequest, OperateSourceResponse> OperateSource = new(Service, "OperateSource");

    /// <summary><c>RegisterWorker</c>.</summary>
    public static readonly GrpcMethod<RegisterWorkerRequest, RegisterWorkerResponse> RegisterWorker = new(Service, "RegisterWorker");

    /// <summary><c>OfflineMember</c>.</summary>
    public static readonly GrpcMethod<OfflineMemberRequest, OfflineMemberResponse> OfflineMember = new(Service, "OfflineMember");

    /// <summary><c>OperateLeader</c>.</summary>
    public static readonly GrpcMethod<OperateLeaderRequest, OperateLeaderResponse> OperateLeader = new(Service, "OperateLeader");

    /// <summary><c>ListMember</c>.</summary>
    public static readonly GrpcMethod<ListMemberRequest, ListMemberResponse> ListMember = new(Service, "ListMember");

    /// <summary><c>OperateSchema</c>.</summary>
    public static readonly GrpcMethod<OperateSchemaRequest, OperateSchemaResponse> OperateSchema = new(Service, "OperateSchema");

    /// <summary><c>GetSubTaskCfg</c>.</summary>
    public static readonly GrpcMethod<GetSubTaskCfgRequest, GetSubTaskCfgResponse> GetSubTaskCfg = new(Service, "GetSubTaskCfg");

    /// <summary><c>GetCfg</c>.</summary>
    public static readonly GrpcMethod<GetCfgRequest, GetCfgResponse> GetCfg = new(Service, "GetCfg");

    /// <summary><c>HandleError</c>.</summary>
    public static readonly GrpcMethod<HandleErrorRequest, HandleErrorResponse> HandleError = new(Service, "HandleError");

    /// <summary><c>GetMasterCfg</c>.</summary>
    public static readonly GrpcMethod<GetMasterCfgRequest, GetMasterCfgResponse> GetMasterCfg = new(Service, "GetMasterCfg");

    /// <summary><c>TransferSource</c>.</summary>
    public static readonly GrpcMethod<TransferSourceRequest, TransferSourceResponse> TransferSource = new(Service, "TransferSource");

    /// <summary><c>OperateRelay</c>.</summary>
    public static readonly GrpcMethod<OperateRelayRequest, OperateRelayResponse> OperateRelay = new(Service, "OperateRelay");

    /// <summary><c>StartValidation</c>.</summary>
    public static readonly GrpcMethod<StartValidationRequest, StartValidationResponse> StartValidation = new(Service, "StartValidation");

    /// <summary><c>StopValidation</c>.</summary>
    public static readonly GrpcMethod<StopValidationRequest, StopValidationResponse> StopValidation = new(Service, "StopValidation");

    /// <summary><c>GetValidationStatus</c>.</summary>
    public static readonly GrpcMethod<GetValidationStatusRequest, GetValidationStatusResponse> GetValidationStatus = new(Service, "GetValidationStatus");

    /// <summary><c>GetValidationError</c>.</summary>
    public static readonly GrpcMethod<GetValidationErrorRequest, GetValidationErrorResponse> GetValidationError = new(Service, "GetValidationError");

    /// <summary><c>OperateValidationError</c>.</summary>
    public static readonly GrpcMethod<OperateValidationErrorRequest, OperateValidationErrorResponse> OperateValidationError = new(Service, "OperateValidationError");

    /// <summary><c>UpdateValidation</c>.</summary>
    public static readonly GrpcMethod<UpdateValidationRequest, UpdateValidationResponse> UpdateValidation = new(Service, "UpdateValidation");

    /// <summary><c>Encrypt</c>.</summary>
    public static readonly GrpcMethod<EncryptRequest, EncryptResponse> Encrypt = new(Service, "Encrypt");

    /// <summary><c>ListTaskConfigs</c>.</summary>
    public static readonly GrpcMethod<Empty, ListTaskConfigsResponse> ListTaskConfigs = new(Service, "ListTaskConfigs");

    /// <summary><c>ListSourceConfigs</c>.</summary>
    public static readonly GrpcMethod<Empty, ListSourceConfigsResponse> ListSourceConfigs = new(Service, "ListSourceConfigs");
}
