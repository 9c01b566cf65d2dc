using TiFerry.Core.Errors;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Worker;

/// <summary>What a worker refuses. Numbers are DM's (class <c>dm-worker</c>, 40000 to 40999), in TiFerry's own range where DM has none.</summary>
internal static class WorkerErrors
{
    private const string Class = "dm-worker";

    private static readonly ErrorCode RelayStage = new(40039, Class, "high");
    private static readonly ErrorCode RelayOperation = new(40040, Class, "high");
    private static readonly ErrorCode NotRunningStage = new(40050, Class, "high");
    private static readonly ErrorCode NotPausedStage = new(40051, Class, "high");
    private static readonly ErrorCode SubTaskNotFound = new(40054, Class, "high");
    private static readonly ErrorCode SyncUnitOnly = new(40056, Class, "high");
    private static readonly ErrorCode NoSource = new(40070, Class, "high");
    private static readonly ErrorCode SourceMismatch = new(40072, Class, "high");
    private static readonly ErrorCode JoinFailed = new(40077, Class, "high");
    private static readonly ErrorCode CannotUpdate = new(40081, Class, "high");
    private static readonly ErrorCode PurgeRequest = new(30039, "relay-unit", "high");
    private static readonly ErrorCode Unavailable = new(90401, Class, "high");

    public static TiFerryException NotRunning(string name, Stage stage) =>
        new(NotRunningStage, ErrorScope.Internal, $"{name} is in stage {stage} and not running, so it can't be paused");

    public static TiFerryException NotPaused(string name, Stage stage) =>
        new(NotPausedStage, ErrorScope.Internal, $"{name} is in stage {stage} and not paused", stage == Stage.Running ? "pause it first (pause-task)" : "start it anew (start-task)");

    public static TiFerryException RelayNotValid(Stage stage, Stage required, RelayOp operation) =>
        new(RelayStage, ErrorScope.Internal, $"the relay log is in stage {stage}, and {operation} needs stage {required}");

    public static TiFerryException RelayDisabled(string source) =>
        new(RelayOperation, ErrorScope.Internal, $"this worker pulls no relay log of source {source}", "start it with start-relay, or with enable-relay in the source's file");

    public static TiFerryException NothingToPurge() =>
        new(PurgeRequest, ErrorScope.Internal, "the request does not say what to purge", "give --inactive, --time or --filename, with --sub-dir where it is not in the newest sub-directory");

    public static TiFerryException NoSubTask(string task) =>
        new(SubTaskNotFound, ErrorScope.Internal, $"there is no subtask of task {task} on this worker", "look at query-status for the tasks of this source");

    public static TiFerryException NotSyncing(string task, UnitType unit) =>
        new(SyncUnitOnly, ErrorScope.Internal, $"task {task} is in unit {unit}, and this can be done in unit Sync only", "wait until the copy is done");

    public static TiFerryException Unbound() =>
        new(NoSource, ErrorScope.Internal, "this worker is bound to no source", "bind one with transfer-source, or ask the worker that has the source (list-member)");

    public static TiFerryException OtherSource(string asked, string here) =>
        new(SourceMismatch, ErrorScope.Internal, $"the request is for source {asked}, and this worker has source {here}", "ask again: the source was bound to another worker");

    public static TiFerryException CannotJoin(string masters, string why) =>
        new(JoinFailed, ErrorScope.Internal, $"none of the masters {masters} took this worker in: {why}", "see that a master runs at one of the addresses of --join, and that no other worker has this name");

    public static TiFerryException NotUpdatable(string task, string what) =>
        new(CannotUpdate, ErrorScope.Internal, $"task {task} can't take the change: {what}", "only filters, expression-filter, syncers and the target's session may change, and only in unit Sync; for all else stop the task and start it anew");

    public static TiFerryException NotYet(string what) =>
        new(Unavailable, ErrorScope.Internal, $"{what} is not available in this version");
}
