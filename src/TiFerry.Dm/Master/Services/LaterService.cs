using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Services;

/// <summary>What clients of today may ask for and this version has nothing of: shard DDL locks and continuous validation.</summary>
internal static class LaterService
{
    public static ShowDDLLocksResponse ShowLocks() => new() { Result = true, Msg = "no DDL lock exists" };

    public static Exception NoLock(UnlockDDLLockRequest request) => new Core.Errors.TiFerryException(
        new Core.Errors.ErrorCode(38019, "dm-master", "high"), Core.Errors.ErrorScope.Internal, $"lock with ID {request.ID} not found", "Please use show-ddl-locks command to see lock id.");

    public static Exception NoValidation() => ServiceErrors.NotYet("continuous data validation");
}
