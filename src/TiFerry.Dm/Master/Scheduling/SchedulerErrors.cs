using TiFerry.Core.Errors;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Scheduling;

/// <summary>Why an order about workers, sources, relays or tasks is refused. DM's classes <c>scheduler</c> and <c>dm-master</c> (46001 to 46999).</summary>
internal static class SchedulerErrors
{
    public static TiFerryException WorkerExists(string name, string address) =>
        Medium(46003, $"dm-worker with name {name} already exists, at address {address}", "Please give the worker another name, or use `offline-member` for the old one once it is down.");

    public static TiFerryException NoWorker(IEnumerable<string> names) => Medium(46004, $"dm-worker with name {string.Join(", ", names)} not exists", "Please use `list-member --worker` to see workers.");

    public static TiFerryException WorkerOnline(string name) => Medium(46005, $"dm-worker with name {name} is still online", "Please shut it down first.");

    public static TiFerryException InvalidTransition(string worker, WorkerStage from, WorkerStage to) =>
        Medium(46006, $"invalid stage transformation for dm-worker {worker}, from {from.Text()} to {to.Text()}", "Please choose a worker that is free, see `list-member --worker`.");

    public static TiFerryException SourceExists(string source) => Medium(46007, $"source config with ID {source} already exists", "Please use `operate-source show` to see sources.");

    public static TiFerryException NoSource(string source) => Medium(46008, $"source config with ID {source} not exists", "Please use `operate-source show` to see sources.");

    public static TiFerryException SourcesUnbound(IEnumerable<string> sources) =>
        Medium(46009, $"sources {List(sources)} have not bound", "Please start more dm-workers, and use `list-member --worker` to see which are free.");

    public static TiFerryException SourceHasTasks(string source, IEnumerable<string> tasks) => Medium(46010, $"source with name {source} need to operate has existing tasks {List(tasks)}", "Please `stop-task` first.");

    public static TiFerryException InvalidRelayStage(Stage stage) => Medium(46011, $"invalid new expectant relay stage {stage}", null);

    public static TiFerryException RelaySourcesMissing(IEnumerable<string> sources) => Medium(46012, $"sources {List(sources)} need to update expectant relay stage not exist", "Please use `operate-source show` to see sources.");

    public static TiFerryException SubTasksExist(string task, IEnumerable<string> sources) =>
        Medium(46014, $"subtasks with name {task} for sources {List(sources)} already exist", "Please use `query-status` command to see tasks.");

    public static TiFerryException InvalidSubTaskStage(Stage stage) => Medium(46015, $"invalid new expectant subtask stage {stage}", null);

    public static TiFerryException NoSuchTask(string task) => Medium(46016, $"subtasks with name {task} need to be operate not exist", "Please use `query-status` command to see tasks.");

    public static TiFerryException TaskNotOnSources(IEnumerable<string> sources) => Medium(46017, $"sources {List(sources)} need to be operate not exist", "Please use `query-status` command to see the task's sources.");

    public static TiFerryException NotInSyncUnit(IEnumerable<string> tasks, string source) =>
        High(46019, $"running tasks {List(tasks)} to be transferred on source {source} should in sync unit", "Please use `pause-task [-s source ...] task` to pause them first.");

    public static TiFerryException RelayWorkersBusy(IEnumerable<string> workers, IEnumerable<string> sources) =>
        High(46020, $"these workers {List(workers)} have started relay for sources {List(sources)} respectively", "Please use `stop-relay` to stop them, or change your topology.");

    public static TiFerryException RelayWorkersBound(IEnumerable<string> workers, IEnumerable<string> sources) =>
        High(46021, $"these workers {List(workers)} have bound for another sources {List(sources)} respectively", "Please `start-relay` on free or same source workers.");

    public static TiFerryException RelayOfOthers(IEnumerable<string> workers, IEnumerable<string> sources) =>
        High(46022, $"these workers {List(workers)} have started relay for another sources {List(sources)} respectively", "Please correct sources in `stop-relay`.");

    public static TiFerryException SourceHasRelay(string source, IEnumerable<string> workers) =>
        High(46023, $"source with name {source} need to operate has existing relay workers {List(workers)}", "Please `stop-relay` first.");

    public static TiFerryException InUse(string operation, string task) => Low(46024, $"when {operation}, resource {task} is in use by other client", "Please try again later");

    public static TiFerryException SourceNotIdle(string source) => Low(46025, $"source {source} can only be updated when relay is disabled and no tasks are running for now", "Please `pause-task` and `stop-relay` first.");

    public static TiFerryException RelayElsewhere(string worker, string source, string relaySource) =>
        Medium(46027, $"require DM worker [{worker}] to be bound to source [{source}], but it has been started relay for source [{relaySource}]", "If you intend to bind the source with worker, you can stop-relay for current source.");

    public static TiFerryException StartRelayOnNamed(IEnumerable<string> workers) =>
        Low(46028, $"the source has `start-relay` with worker name for workers {List(workers)}, so it can't `start-relay` without worker name now", "Please stop all relay workers first, or specify worker name for `start-relay`.");

    public static TiFerryException StopRelayOnNamed(IEnumerable<string> workers) =>
        Low(46029, $"the source has `start-relay` with worker name for workers {List(workers)}, so it can't `stop-relay` without worker name now", "Please specify worker names for `stop-relay`.");

    public static TiFerryException StartRelayOnBound() =>
        Low(46030, "the source has `start-relay` automatically for bound worker, so it can't `start-relay` with worker name now", "Please stop relay by `stop-relay` without worker name first.");

    public static TiFerryException StopRelayOnBound() =>
        Low(46031, "the source has `start-relay` automatically for bound worker, so it can't `stop-relay` with worker name now", "Please use `stop-relay` without worker name.");

    public static TiFerryException CannotPause(IEnumerable<string> tasks) => Low(46032, $"failed to auto pause tasks {List(tasks)} when transfer-source", "Please pause task by `dmctl pause-task`.");

    public static TiFerryException WorkerNotFree(string worker) => Low(46033, $"dm-worker with name {worker} not free", "Please choose a worker that is free, see `list-member --worker`.");

    public static TiFerryException SubTasksMissing(string task, IEnumerable<string> sources) =>
        Medium(46034, $"subtasks with name {task} for sources {List(sources)} not exist", "Please create this subtask first.");

    public static TiFerryException CannotUpdate(string task, string source, string why) => Low(46035, $"subtask with name {task} source name {source} can't be updated: {why}", "Please `pause-task` first.");

    /// <summary>A list as DM prints it: <c>[a b]</c>.</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(' ', items)}]";

    private static TiFerryException Low(int number, string message, string? workaround) => Error(number, "low", message, workaround);

    private static TiFerryException Medium(int number, string message, string? workaround) => Error(number, "medium", message, workaround);

    private static TiFerryException High(int number, string message, string? workaround) => Error(number, "high", message, workaround);

    private static TiFerryException Error(int number, string level, string message, string? workaround) => new(new ErrorCode(number, number is 46009 or 46010 or 46015 or 46016 or 46017 ? "dm-master" : "scheduler", level), ErrorScope.Internal, message, workaround);
}
