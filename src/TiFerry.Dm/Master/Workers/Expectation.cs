using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Workers;

/// <summary>What a worker's status says about an order.</summary>
/// <param name="Done">Whether the order is carried out.</param>
/// <param name="Message">The errors that the worker tells of; empty for none.</param>
internal readonly record struct Verdict(bool Done, string Message)
{
    /// <summary>The order is carried out, and nothing is wrong.</summary>
    public static readonly Verdict Success = new(true, "");
}

/// <summary>
/// When an order counts as carried out. Each looks at a worker's status and gives a verdict, or null where it is to be asked again (DM, <c>waitOperationOk</c>: a worker that tells of errors is
/// not asked again, for it won't get there by itself).
/// </summary>
internal static class Expectation
{
    /// <summary>The worker has taken the source.</summary>
    public static Func<QueryStatusResponse, Verdict?> SourceTaken(string source) =>
        status => status.SourceStatus?.Source == source ? new Verdict(true, WorkerErrorText.Of(status.SourceStatus.Result)) : null;

    /// <summary>The worker has let go of the source.</summary>
    public static Func<QueryStatusResponse, Verdict?> SourceReleased(string source) =>
        status => status.SourceStatus?.Source == source ? null : Verdict.Success;

    /// <summary>The subtask is in the stage. One that was to run may have finished already.</summary>
    public static Func<QueryStatusResponse, Verdict?> SubTaskIn(string task, Stage stage) => status =>
    {
        if (status.SubTaskStatus.FirstOrDefault(s => s.Name == task) is not { } subTask)
            return null;
        var done = subTask.Stage == stage || (stage == Stage.Running && subTask.Stage == Stage.Finished);
        return WhenClear(done, WorkerErrorText.Of(subTask.Result));
    };

    /// <summary>The worker doesn't know the subtask any more.</summary>
    public static Func<QueryStatusResponse, Verdict?> SubTaskGone(string task) => status =>
        status.SubTaskStatus.Any(s => s.Name == task && s.StatusCase != SubTaskStatus.StatusOneofCase.Msg) ? null : Verdict.Success;

    /// <summary>The relay is in the stage.</summary>
    public static Func<QueryStatusResponse, Verdict?> RelayIn(Stage stage) => status =>
    {
        if (status.SourceStatus is not { } source)
            return null;
        return source.RelayStatus is { } relay
            ? WhenClear(relay.Stage == stage, WorkerErrorText.Of(relay.Result))
            : new Verdict(false, WorkerErrorText.Of("relay is disabled for this source"));
    };

    /// <summary>The worker has begun to pull the relay log.</summary>
    public static Func<QueryStatusResponse, Verdict?> RelayStarted() => status =>
        status.SourceStatus?.RelayStatus is { } relay ? WhenClear(relay.Stage == Stage.Running, WorkerErrorText.Of(relay.Result)) : null;

    /// <summary>The worker pulls no relay log any more.</summary>
    public static Func<QueryStatusResponse, Verdict?> RelayStopped() => status =>
        status.SourceStatus?.RelayStatus is { } relay && relay.Stage != Stage.Stopped ? null : Verdict.Success;

    private static Verdict? WhenClear(bool done, string message) => done || message.Length > 0 ? new Verdict(done, message) : null;
}
