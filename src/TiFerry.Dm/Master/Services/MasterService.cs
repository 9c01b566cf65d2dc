using TiFerry.Dm.Pb;
using TiFerry.Grpc;

namespace TiFerry.Dm.Master.Services;

/// <summary>The service <c>pb.Master</c>: which call is served by what.</summary>
internal static class MasterService
{
    /// <summary>Adds all calls that the leader serves.</summary>
    public static void AddTo(MasterCalls calls, GrpcServer server)
    {
        calls.Add(server, MasterMethods.StartTask, TaskService.StartAsync);
        calls.Add(server, MasterMethods.OperateTask, TaskService.OperateAsync);
        calls.Add(server, MasterMethods.UpdateTask, TaskService.UpdateAsync);
        calls.Add(server, MasterMethods.CheckTask, TaskService.CheckAsync);
        calls.Add(server, MasterMethods.QueryStatus, StatusService.QueryAsync);
        calls.Add(server, MasterMethods.OperateSource, SourceService.OperateAsync);
        calls.Add(server, MasterMethods.TransferSource, SourceService.TransferAsync);
        calls.Add(server, MasterMethods.OperateRelay, RelayService.OperateAsync);
        calls.Add(server, MasterMethods.OperateWorkerRelayTask, RelayService.OrderAsync);
        calls.Add(server, MasterMethods.PurgeWorkerRelay, RelayService.PurgeAsync);
        calls.Add(server, MasterMethods.RegisterWorker, MemberService.RegisterAsync);
        calls.Add(server, MasterMethods.OfflineMember, MemberService.OfflineAsync);
        calls.Add(server, MasterMethods.ListMember, MemberService.ListAsync);
        calls.Add(server, MasterMethods.OperateSchema, SubTaskService.OperateSchemaAsync);
        calls.Add(server, MasterMethods.HandleError, SubTaskService.HandleErrorAsync);
        calls.Add(server, MasterMethods.GetCfg, ConfigService.GetAsync);
        calls.Add(server, MasterMethods.GetSubTaskCfg, (leader, request, _) => Task.FromResult(ConfigService.GetSubTasks(leader, request)));
        calls.Add(server, MasterMethods.ListTaskConfigs, (leader, _, _) => Task.FromResult(ConfigService.ListTasks(leader)));
        calls.Add(server, MasterMethods.ListSourceConfigs, (leader, _, _) => Task.FromResult(SourceService.ListConfigs(leader)));
        calls.Add(server, MasterMethods.Encrypt, (leader, request, _) => Task.FromResult(ConfigService.Encrypt(leader, request)));
        AddLater(calls, server);
    }

    private static void AddLater(MasterCalls calls, GrpcServer server)
    {
        calls.Add(server, MasterMethods.ShowDDLLocks, (_, _, _) => Task.FromResult(LaterService.ShowLocks()));
        calls.Add(server, MasterMethods.UnlockDDLLock, (_, request, _) => Task.FromException<UnlockDDLLockResponse>(LaterService.NoLock(request)));
        calls.Add(server, MasterMethods.StartValidation, (_, _, _) => Task.FromException<StartValidationResponse>(LaterService.NoValidation()));
        calls.Add(server, MasterMethods.StopValidation, (_, _, _) => Task.FromException<StopValidationResponse>(LaterService.NoValidation()));
        calls.Add(server, MasterMethods.UpdateValidation, (_, _, _) => Task.FromException<UpdateValidationResponse>(LaterService.NoValidation()));
        calls.Add(server, MasterMethods.GetValidationStatus, (_, _, _) => Task.FromException<GetValidationStatusResponse>(LaterService.NoValidation()));
        calls.Add(server, MasterMethods.GetValidationError, (_, _, _) => Task.FromException<GetValidationErrorResponse>(LaterService.NoValidation()));
        calls.Add(server, MasterMethods.OperateValidationError, (_, _, _) => Task.FromException<OperateValidationErrorResponse>(LaterService.NoValidation()));
    }
}
