using TiFerry.Core.Errors;
using TiFerry.Dm.Checks;
using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Dm.Master.Databases;
using TiFerry.Dm.Master.Scheduling;

namespace TiFerry.Dm.Master.Services;

/// <summary>A task file that a user gave, read for the sources of this cluster.</summary>
internal sealed class TaskPlan
{
    private readonly IReadOnlyDictionary<string, SourceConfig> _sources;
    private readonly IReadOnlyList<SubTaskConfig> _subTasks;
    private readonly TaskCliArgs _arguments;

    private TaskPlan(TaskConfig task, IReadOnlyDictionary<string, SourceConfig> sources, IReadOnlyList<SubTaskConfig> subTasks, TaskCliArgs arguments) =>
        (Task, _sources, _subTasks, _arguments) = (task, sources, subTasks, arguments);

    /// <summary>The file.</summary>
    public TaskConfig Task { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="leader">The cluster.</param>
    /// <param name="text">The file's text.</param>
    /// <param name="startTime"><c>--start-time</c>; empty for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TiFerryException">It can't be used.</exception>
    public static async Task<TaskPlan> ReadAsync(LeaderContext leader, string text, string startTime, CancellationToken cancellationToken)
    {
        var arguments = new TaskCliArgs { StartTime = startTime };
        arguments.Verify();
        var task = TaskConfig.Parse("task", text);
        if (startTime.Length > 0 && task.Mode != TaskMode.Incremental)
        {
            throw new TiFerryException(
                ConfigErrors.BadOption, ErrorScope.Internal, $"a start time was given, and task {task.Name} has task-mode {task.Mode.Text()}: what was changed before it would be left out",
                "leave --start-time out: the task goes on where it stopped; or give the task 'task-mode: incremental'");
        }
        var sources = leader.State.Sources.Values.ToDictionary(s => s.Id, SourceService.ReadKept, StringComparer.Ordinal);
        var subTasks = task.SubTasks(sources).ToList();
        for (var i = 0; i < subTasks.Count; i++)
        {
            if (task.Mode == TaskMode.Incremental && subTasks[i].Meta is null && startTime.Length == 0)
            {
                // A task that only follows, and is not told from where, begins at the source's present end, as in DM.
                subTasks[i] = subTasks[i] with { Meta = await leader.Databases.EndOfBinlog(sources[subTasks[i].SourceId], cancellationToken) };
            }
        }
        return new TaskPlan(task, sources, subTasks, arguments);
    }

    /// <summary>Those of some sources that the task is not about.</summary>
    public IReadOnlyList<string> UnknownAmong(IEnumerable<string> sources) => [.. sources.Except(_subTasks.Select(s => s.SourceId), StringComparer.Ordinal)];

    /// <summary>The task for some of its sources, all where none is named, as it is kept.</summary>
    public NewTask Select(LeaderContext leader, IReadOnlyCollection<string> sources) => new(
        Task.Name, Task.WithProtectedPassword(leader.Cipher).ToYaml(),
        _subTasks.Where(s => sources.Count == 0 || sources.Contains(s.SourceId)).ToDictionary(s => s.SourceId, s => s.WithProtectedPasswords(leader.Cipher).ToJson(), StringComparer.Ordinal),
        _arguments.StartTime.Length == 0 ? null : _arguments.ToJson());

    /// <summary>The configurations of a task's subtasks, by source.</summary>
    public IEnumerable<(string Source, SubTaskConfig SubTask)> SubTasksOf(NewTask task) => _subTasks.Where(s => task.SubTasks.ContainsKey(s.SourceId)).Select(s => (s.SourceId, s));

    /// <summary>What stands in the task's way.</summary>
    /// <param name="leader">The cluster.</param>
    /// <param name="removesMeta">Whether its progress is forgotten first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<TaskCheckReport> CheckAsync(LeaderContext leader, bool removesMeta, CancellationToken cancellationToken) =>
        leader.Databases.CheckTask(new TaskStart(Task, _arguments, removesMeta), [.. _subTasks.Select(s => (s, SourceOf(leader, s)))], cancellationToken);

    /// <summary>Takes away what the task has left in the target's meta schema.</summary>
    public async Task RemoveMetaAsync(LeaderContext leader, CancellationToken cancellationToken)
    {
        foreach (var subTask in _subTasks)
            await leader.Databases.RemoveMeta(subTask, cancellationToken);
    }

    // A relay log keeps what the source has purged, also where only some workers pull it by order.
    private SourceConfig SourceOf(LeaderContext leader, SubTaskConfig subTask)
    {
        var source = _sources[subTask.SourceId];
        return source with { EnableRelay = source.EnableRelay || leader.State.RelayWorkersOf(source.SourceId).Count > 0 };
    }
}
