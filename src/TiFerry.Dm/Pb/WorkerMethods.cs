using TiFerry.Grpc;

namespace TiFerry.Dm.Pb;

/// <summary>The methods of the service <c>pb.Worker</c> (proto/dm/dmworker.proto).</summary>
public static class WorkerMethods
{
    private const string Service = "pb.Worker";

    /// <summary><c>QueryStatus</c>.</summary>
    public static readonly GrpcMethod<QueryStatusRequest, QueryStatusResponse> QueryStatus = new(Service, "QueryStatus");

    /// <summary><c>PurgeRelay</c>.</summary>
    public static readonly GrpcMethod<PurgeRelayRequest, CommonWorkerResponse> PurgeRelay = new(Service, "PurgeRelay");

    /// <summary><c>OperateSchema</c>.</summary>
    public static readonly GrpcMethod<OperateWorkerSchemaRequest, CommonWorkerResponse> OperateSchema = new(Service, "OperateSchema");

    /// <summary><c>OperateV1Meta</c>.</summary>
    public static readonly GrpcMethod<OperateV1MetaRequest, OperateV1MetaResponse> OperateV1Meta = new(Service, "OperateV1Meta");

    /// <summary><c>HandleError</c>.</summary>
    public static readonly GrpcMethod<HandleWorkerErrorRequest, CommonWorkerResponse> HandleError = new(Service, "HandleError");

    /// <summary><c>GetWorkerCfg</c>.</summary>
    public static readonly GrpcMethod<GetWorkerCfgRequest, GetWorkerCfgResponse> GetWorkerCfg = new(Service, "GetWorkerCfg");

    /// <summary><c>CheckSubtasksCanUpdate</c>.</summary>
    public static readonly GrpcMethod<CheckSubtasksCanUpdateRequest, CheckSubtasksCanUpdateResponse> CheckSubtasksCanUpdate = new(Service, "CheckSubtasksCanUpdate");

    /// <summary><c>GetWorkerValidatorStatus</c>.</summary>
    public static readonly GrpcMethod<GetValidationStatusRequest, GetValidationStatusResponse> GetWorkerValidatorStatus = new(Service, "GetWorkerValidatorStatus");

    /// <summary><c>GetValidatorError</c>.</summary>
    public static readonly GrpcMethod<GetValidationErrorRequest, GetValidationErrorResponse> GetValidatorError = new(Service, "GetValidatorError");

    /// <summary><c>OperateValidatorError</c>.</summary>
    public static readonly GrpcMethod<OperateValidationErrorRequest, OperateValidationErrorResponse> OperateValidatorError = new(Service, "OperateValidatorError");

    /// <summary><c>UpdateValidator</c>.</summary>
    public static readonly GrpcMethod<UpdateValidationWorkerRequest, CommonWorkerResponse> UpdateValidator = new(Service, "UpdateValidator");
}
