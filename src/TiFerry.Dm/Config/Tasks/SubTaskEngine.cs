using TiFerry.Binlog;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Secrets;
using TiFerry.Dump;
using TiFerry.Dump.Arguments;
using TiFerry.Migration;

namespace TiFerry.Dm.Config.Tasks;

/// <summary>What the engines need to know to do a subtask.</summary>
/// <param name="cipher">Decrypts the passwords.</param>
/// <param name="certificates">The directory for certificates that stand in the configuration itself.</param>
public sealed class SubTaskEngine(PasswordCipher cipher, string certificates)
{
    // Longer faults pause the subtask, so that everybody sees them, and its worker resumes it. A stream that has waited so long for its source is begun anew for as long again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The engine that copies and follows. For modes that dump or load files these are the settings that their checks look at.</summary>
    /// <param name="subtask">The subtask.</param>
    /// <param name="arguments">What <c>start-task</c> was given besides; null for nothing. Its start time is the caller's to turn into a position.</param>
    /// <exception cref="TiFerryException">A duration can't be read.</exception>
    public MigrationOptions Migration(SubTaskConfig subtask, TaskCliArgs? arguments = null)
    {
        ArgumentNullException.ThrowIfNull(subtask);
        var (position, gtid) = Start(subtask);
        return new MigrationOptions
        {
            Source = subtask.From.ToConnectionOptions(cipher, certificates),
            Target = subtask.To.ToConnectionOptions(cipher, certificates),
            Mode = subtask.Mode switch
            {
                TaskMode.All => MigrationMode.All,
                TaskMode.Incremental => MigrationMode.Incremental,
                _ => MigrationMode.Full,
            },
            TaskName = subtask.Name,
            CheckpointId = subtask.SourceId,
            SourceId = subtask.SourceId,
            MetaSchema = subtask.MetaSchema,
            Rules = subtask.Rules,
            Threads = subtask.Mydumper.Threads,
            ChunkRows = subtask.Mydumper.Rows > 0 ? (int)Math.Min(subtask.Mydumper.Rows, int.MaxValue) : 20_000,
            StartPosition = position,
            StartGtid = gtid,
            SafeModeDuration = arguments?.SafeModeFor,
            Patience = Patience,
        };
    }

    /// <summary>The export into files.</summary>
    /// <param name="subtask">The subtask.</param>
    /// <param name="log">Told of settings that need not be obeyed.</param>
    /// <exception cref="TiFerryException">A setting of <c>mydumpers</c> can't be obeyed.</exception>
    public DumpOptions Dump(SubTaskConfig subtask, Log log)
    {
        ArgumentNullException.ThrowIfNull(subtask);
        var options = new DumpOptions
        {
            Source = subtask.From.ToConnectionOptions(cipher, certificates),
            Directory = subtask.DumpDir,
            Tables = Migration(subtask).Selection(),
            Threads = subtask.Mydumper.Threads,
            FileBytes = subtask.Mydumper.ChunkFileBytes,
            Rows = (int)Math.Min(subtask.Mydumper.Rows, int.MaxValue),
            Where = subtask.Mydumper.Where,
        };
        if (subtask.Mydumper.StatementSize > 0)
            options = options with { StatementBytes = subtask.Mydumper.StatementSize };
        return ExtraArguments.Apply(options, subtask.Mydumper.ExtraArgs, subtask.Rules.CaseSensitive, log);
    }

    // A set of GTIDs serves whether or not the source file has enable-gtid; where there is a position too, enable-gtid decides.
    private static (BinlogPosition? Position, string? Gtid) Start(SubTaskConfig subtask)
    {
        if (subtask.Mode != TaskMode.Incremental || subtask.Meta is not { } meta)
            return (null, null);
        return meta.BinlogName.Length > 0 && (!subtask.EnableGtid || meta.BinlogGtid.Length == 0)
            ? (new BinlogPosition(meta.BinlogName, Math.Max(meta.BinlogPos, BinlogPosition.FirstEvent)), null)
            : (null, meta.BinlogGtid);
    }
}
