using TiFerry.Core.Errors;
using TiFerry.Dm.Metadata;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Master.Scheduling;

/// <summary>What a task is to be started with.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Text">Its file's text, passwords encrypted.</param>
/// <param name="SubTasks">The configuration (JSON, passwords encrypted) of each subtask to start, by source.</param>
/// <param name="Arguments">The arguments of <c>start-task</c> (JSON); null for none.</param>
internal sealed record NewTask(string Name, string Text, IReadOnlyDictionary<string, string> SubTasks, string? Arguments);

/// <summary>Changes of the list of tasks and of their wanted stages.</summary>
internal static class TaskChanges
{
    /// <summary>Starts the subtasks that don't exist yet.</summary>
    /// <exception cref="TiFerryException">All exist, or a source has no worker.</exception>
    public static ClusterChange Add(ClusterState state, NewTask task)
    {
        var ids = task.SubTasks.Keys.Select(source => new SubTaskId(task.Name, source)).ToList();
        var added = ids.FindAll(id => !state.SubTasks.ContainsKey(id));
        if (added.Count == 0)
            throw SchedulerErrors.SubTasksExist(task.Name, task.SubTasks.Keys.Order(StringComparer.Ordinal));
        var unbound = added.FindAll(id => state.WorkerOf(id.Source) is null);
        if (unbound.Count > 0)
            throw SchedulerErrors.SourcesUnbound(unbound.Select(id => id.Source));

        var change = new ClusterChange(state).PutTask(task.Name, task.Text);
        foreach (var id in added)
            change.PutSubTask(id, task.SubTasks[id.Source]).PutSubTaskStage(id, Stage.Running).PutTaskArguments(id, task.Arguments).RelyOnSource(id.Source);
        return change;
    }

    /// <summary>Changes subtasks that do not run.</summary>
    /// <exception cref="TiFerryException">A subtask doesn't exist, or runs.</exception>
    public static ClusterChange Update(ClusterState state, NewTask task)
    {
        if (!state.Tasks.ContainsKey(task.Name))
            throw SchedulerErrors.NoSuchTask(task.Name);
        var missing = task.SubTasks.Keys.Where(source => !state.SubTasks.ContainsKey(new SubTaskId(task.Name, source))).ToList();
        if (missing.Count > 0)
            throw SchedulerErrors.SubTasksMissing(task.Name, missing);
        var running = task.SubTasks.Keys.FirstOrDefault(source => state.SubTaskStages.GetValueOrDefault(new SubTaskId(task.Name, source))?.Expect == Stage.Running);
        if (running is not null)
            throw SchedulerErrors.CannotUpdate(task.Name, running, "it is running");

        var change = new ClusterChange(state).PutTask(task.Name, task.Text);
        foreach (var (source, config) in task.SubTasks)
            change.PutSubTask(new SubTaskId(task.Name, source), config);
        return change;
    }

    /// <summary>Stops subtasks for good; what they have carried stays.</summary>
    /// <exception cref="TiFerryException">The task doesn't exist, or has nothing to do with a source.</exception>
    public static ClusterChange Remove(ClusterState state, string task, IReadOnlyCollection<string> sources)
    {
        RequireSubTasks(state, task, sources);
        var change = new ClusterChange(state);
        foreach (var source in sources)
            change.DeleteSubTask(new SubTaskId(task, source));
        return state.SourcesOf(task).All(sources.Contains) ? change.DeleteTask(task) : change;
    }

    /// <summary>Subtasks are to pause or to go on. The same order may be given again.</summary>
    /// <exception cref="TiFerryException">The task doesn't exist, or has nothing to do with a source, or the stage is none that can be ordered.</exception>
    public static ClusterChange Order(ClusterState state, Stage stage, string task, IReadOnlyCollection<string> sources)
    {
        if (stage is not (Stage.Running or Stage.Paused or Stage.Stopped))
            throw SchedulerErrors.InvalidSubTaskStage(stage);
        RequireSubTasks(state, task, sources);
        var change = new ClusterChange(state);
        foreach (var source in sources)
            change.PutSubTaskStage(new SubTaskId(task, source), stage);
        return change;
    }

    /// <summary>Forgets which workers have dump files of a task that is about to begin anew.</summary>
    public static ClusterChange ForgetDumpFiles(ClusterState state, string task)
    {
        var change = new ClusterChange(state);
        foreach (var id in state.LoadTasks.Keys.Where(id => id.Task == task))
            change.PutLoadTask(id, null);
        return change;
    }

    private static void RequireSubTasks(ClusterState state, string task, IReadOnlyCollection<string> sources)
    {
        if (state.SourcesOf(task).Count == 0)
            throw SchedulerErrors.NoSuchTask(task);
        var missing = sources.Where(source => !state.SubTasks.ContainsKey(new SubTaskId(task, source))).ToList();
        if (missing.Count > 0)
            throw SchedulerErrors.TaskNotOnSources(missing);
    }
}
