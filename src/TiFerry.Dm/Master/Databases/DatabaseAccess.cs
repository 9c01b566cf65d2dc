using TiFerry.Core.Secrets;
using TiFerry.Dm.Checks;
using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Config.Tasks;

namespace TiFerry.Dm.Master.Databases;

/// <summary>What a master asks of the databases themselves. All else about them is the workers' business.</summary>
internal sealed record DatabaseAccess
{
    /// <summary>Fills in what a source file leaves open; refuses a source that can't be used.</summary>
    public required Func<SourceConfig, CancellationToken, Task<SourceConfig>> InspectSource { get; init; }

    /// <summary>Where a source's binlog ends.</summary>
    public required Func<SourceConfig, CancellationToken, Task<BinlogMeta>> EndOfBinlog { get; init; }

    /// <summary>What stands in a task's way.</summary>
    public required Func<TaskStart, IReadOnlyList<(SubTaskConfig SubTask, SourceConfig Source)>, CancellationToken, Task<TaskCheckReport>> CheckTask { get; init; }

    /// <summary>Takes away what a task has left in the target's meta schema.</summary>
    public required Func<SubTaskConfig, CancellationToken, Task> RemoveMeta { get; init; }

    /// <summary>Asks the databases.</summary>
    /// <param name="cipher">Decrypts passwords.</param>
    /// <param name="certificateDirectory">Where certificates go that stand in configurations themselves.</param>
    public static DatabaseAccess Direct(PasswordCipher cipher, string certificateDirectory)
    {
        var sources = new SourceInspection(cipher, certificateDirectory);
        var tasks = new TaskInspection(cipher, certificateDirectory);
        return new DatabaseAccess
        {
            InspectSource = sources.CompleteAsync,
            EndOfBinlog = sources.EndOfBinlogAsync,
            CheckTask = tasks.CheckAsync,
            RemoveMeta = tasks.RemoveMetaAsync,
        };
    }
}

/// <summary>How a task is to be started.</summary>
/// <param name="Task">The task.</param>
/// <param name="Arguments">What was given besides.</param>
/// <param name="BeginsAnew">Whether what the target knows of the task is removed first.</param>
internal sealed record TaskStart(TaskConfig Task, TaskCliArgs Arguments, bool BeginsAnew);
