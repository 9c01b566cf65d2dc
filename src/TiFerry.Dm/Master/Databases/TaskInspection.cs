using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Checks;
using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Import.Checkpoint;
using TiFerry.Migration;
using TiFerry.MySql;

namespace TiFerry.Dm.Master.Databases;

/// <summary>Looks at the databases of a task before it starts.</summary>
/// <param name="cipher">Decrypts passwords.</param>
/// <param name="certificateDirectory">Where certificates go that stand in configurations themselves.</param>
internal sealed class TaskInspection(PasswordCipher cipher, string certificateDirectory)
{
    private readonly SubTaskEngine _engine = new(cipher, certificateDirectory);

    /// <summary>What stands in the task's way.</summary>
    /// <exception cref="TiFerryException">A rule of the task can't be used.</exception>
    public Task<TaskCheckReport> CheckAsync(TaskStart start, IReadOnlyList<(SubTaskConfig SubTask, SourceConfig Source)> subTasks, CancellationToken cancellationToken) =>
        TaskChecks.RunAsync([.. subTasks.Select(s => Checked(start, s.SubTask, s.Source))], start.Task.IgnoreCheckingItems, cancellationToken);

    /// <summary>Takes away what a subtask has left in the target's meta schema.</summary>
    /// <exception cref="TiFerryException">The subtask still runs, or the target can't be reached.</exception>
    public async Task RemoveMetaAsync(SubTaskConfig subTask, CancellationToken cancellationToken)
    {
        try
        {
            var options = _engine.Migration(subTask);
            await TaskMetadata.RemoveAsync(options, cancellationToken);
            await using var target = await MySqlConnection.ConnectAsync(options.Target, cancellationToken);
            await new LoadCheckpoint(subTask.MetaSchema, subTask.Name, subTask.SourceId).RemoveAsync(target, cancellationToken);
        }
        catch (Exception e) when (e is MySqlServerException or MySqlConnectionLostException or MySqlProtocolException)
        {
            throw new TiFerryException(
                DatabaseErrors.BadConnection, ErrorScope.Downstream, $"what the task {subTask.Name} has left in the schema {subTask.MetaSchema} can't be removed",
                "check 'target-database' in the task file, and that the target can be reached from dm-master", e);
        }
    }

    private CheckedSubTask Checked(TaskStart start, SubTaskConfig subTask, SourceConfig source)
    {
        var dumps = subTask.Mode == TaskMode.Dump;
        return new CheckedSubTask
        {
            SourceId = subTask.SourceId,
            Options = _engine.Migration(subTask),
            StartTime = start.Arguments.StartTime.Length > 0 ? new StartTime(start.Arguments.StartTime, Id: "") : null,
            BeginsAnew = start.BeginsAnew,
            DumpsFiles = dumps,
            LoadsFiles = subTask.Mode == TaskMode.Load,
            DumpThreads = subTask.Mydumper.Threads,
            LoadThreads = subTask.Mode is TaskMode.All or TaskMode.Full ? subTask.Mydumper.Threads : subTask.Loader.PoolSize,
            Consistency = dumps ? _engine.Dump(subTask, Log.None).Consistency.ToString().ToLowerInvariant() : "auto",
            NeedsGtid = source.EnableGtid,
            UsesRelay = source.EnableRelay,
        };
    }
}
