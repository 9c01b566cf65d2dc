using System.Globalization;
using System.Text.Json;
using TiFerry.Binlog;
using TiFerry.Binlog.Relay;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Core.Secrets;
using TiFerry.Dm.Checks;
using TiFerry.Dm.Config.Programs;
using TiFerry.Dm.Config.Sources;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Dm.Worker.Stages;
using TiFerry.Dm.Worker.Subtasks;
using TiFerry.Dump;
using TiFerry.Dump.Layout;
using TiFerry.Import;
using TiFerry.Migration;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;

namespace TiFerry.Dm.Worker.Sources;

/// <summary>Makes of configurations what runs.</summary>
/// <param name="worker">The worker's configuration.</param>
/// <param name="cipher">Decrypts passwords; asked each time, for masters hand out the key when the worker registers.</param>
/// <param name="notes">What subtasks keep beyond the target.</param>
/// <param name="log">The log.</param>
internal sealed class SourceSetups(WorkerConfig worker, Func<PasswordCipher> cipher, ISubTaskNotes notes, Log log)
{
    private const string DefaultRelayDirectory = "relay-dir";

    private string Certificates => Path.Combine(worker.RelayDir.Length > 0 ? worker.RelayDir : ".", $".{worker.Name}-certificates");

    /// <summary>Reads a source's file.</summary>
    /// <exception cref="TiFerryException">Something is wrong with it.</exception>
    public SourceSetup Create(string source, string text)
    {
        var file = SourceConfig.Parse($"source {source}", text);
        var connection = file.From.ToConnectionOptions(cipher(), Certificates);
        var autoResume = new AutoResumeOptions
        {
            Interval = CheckerConfig.CheckInterval,
            Rollback = file.Checker.BackoffRollback,
            Max = file.Checker.BackoffMax,
            Min = CheckerConfig.BackoffMin,
            Factor = CheckerConfig.BackoffFactor,
        };
        return new SourceSetup
        {
            Source = source,
            Connection = connection,
            AutoResume = file.Checker.CheckEnable ? autoResume : null,
            CreateWork = wish => CreateWork(file, wish),
            CreateRelay = owner => new SourceRelay(
                new SourceRelayOptions
                {
                    Source = source,
                    Worker = worker.Name,
                    Connection = connection,
                    Directory = RelayDirectoryOf(file),
                    Start = ct => StartAsync(file, connection, owner, ct),
                    Needed = owner.NeededAsync,
                    Purge = new RelayPurgeOptions { Interval = file.Purge.Interval, Expires = file.Purge.Expires, RemainSpace = file.Purge.RemainSpaceGiB << 30 },
                    AutoResume = autoResume,
                },
                log.With("source", source)),
        };
    }

    // Several workers may share a machine, and a worker may get another source.
    private string RelayDirectoryOf(SourceConfig file) =>
        worker.RelayDir.Length > 0 ? Path.Combine(worker.RelayDir, worker.Name, file.SourceId)
        : file.RelayDir.Length > 0 ? file.RelayDir
        : Path.Combine(DefaultRelayDirectory, worker.Name, file.SourceId);

    // What tasks need may be known by files of another server that was the source before: then they read from the source itself, by GTID.
    private static async ValueTask<BinlogStart?> StartAsync(SourceConfig file, MySqlConnectionOptions connection, SourceWorker owner, CancellationToken ct)
    {
        await using var session = await Session.OpenForReadingAsync(connection, ct);
        if (await owner.NeededAsync(ct) is { } needed && (await session.QueryRowsAsync("SHOW BINARY LOGS", ct)).Exists(f => f[0] == needed.File))
            return BinlogStart.At(needed);
        if (file.RelayBinlogGtid.Length > 0 && (file.EnableGtid || file.RelayBinlogName.Length == 0))
            return new GtidPosition(session.Server.Flavour, file.RelayBinlogGtid).StartAt(new BinlogPosition("", 0));
        return file.RelayBinlogName.Length > 0 ? BinlogStart.At(new BinlogPosition(file.RelayBinlogName, BinlogPosition.FirstEvent)) : null;
    }

    private ISubTaskWork CreateWork(SourceConfig file, SubTaskWish wish)
    {
        var labels = new SubTaskLabels(wish.Order.Task, wish.Source.Source, worker.Name);
        var taskLog = log.With("task", wish.Order.Task).With("source", wish.Source.Source);
        var config = new Lazy<SubTaskConfig>(() => Read(file, wish));
        var engine = new SubTaskEngine(cipher(), Certificates);
        return ModeOf(config) switch
        {
            TaskMode.Dump => new DumpWork(labels, () => Dump(engine, config.Value, wish, taskLog), notes, taskLog),
            TaskMode.Load => new LoadWork(labels, () => Load(engine, config.Value, wish), notes, taskLog),
            _ => new MigrationWork(() => Migration(engine, config.Value, wish), () => StartTimeOf(wish), wish.Relay, labels, taskLog),
        };
    }

    // What is wrong with a configuration is told when the work runs.
    private static TaskMode? ModeOf(Lazy<SubTaskConfig> config)
    {
        try
        {
            return config.Value.Mode;
        }
        catch (TiFerryException)
        {
            return null;
        }
    }

    // As in DM, how to reach the source is what its own file says.
    private static SubTaskConfig Read(SourceConfig file, SubTaskWish wish)
    {
        try
        {
            return SubTaskConfig.FromJson(wish.Order.Config) with { From = file.From, ServerId = file.ServerId, EnableGtid = file.EnableGtid, Flavor = file.Flavor };
        }
        catch (JsonException error)
        {
            throw new TiFerryException(
                ConfigErrors.BadConfig, ErrorScope.Internal, $"the configuration of task {wish.Order.Task} for source {wish.Source.Source} can't be read", "stop the task and start it anew with a master of this version", error);
        }
    }

    // Whether the task has other sources is asked of the target: one may be added at any time.
    private static MigrationOptions Migration(SubTaskEngine engine, SubTaskConfig config, SubTaskWish wish) =>
        engine.Migration(config, ArgumentsOf(wish)) with { FencingToken = (ulong)wish.Source.FencingToken, HasOtherSources = true };

    // Each start-task gives its time anew, if it is the same one.
    private static StartTime? StartTimeOf(SubTaskWish wish) => ArgumentsOf(wish)?.StartTime is { Length: > 0 } text
        ? new StartTime(text, string.Create(CultureInfo.InvariantCulture, $"{text}, revision {wish.Order.ArgumentsRevision}"))
        : null;

    private static TaskCliArgs? ArgumentsOf(SubTaskWish wish)
    {
        try
        {
            return wish.Order.Arguments is { } json ? TaskCliArgs.FromJson(json) : null;
        }
        catch (JsonException error)
        {
            throw new TiFerryException(ConfigErrors.BadConfig, ErrorScope.Internal, $"the arguments of start-task for task {wish.Order.Task} can't be read", "start the task anew with a master of this version", error);
        }
    }

    // A task that is started anew dumps anew, over what it dumped before. The server id, which is mostly by chance, tells clusters apart.
    private static DumpOptions Dump(SubTaskEngine engine, SubTaskConfig config, SubTaskWish wish, Log log)
    {
        var options = engine.Dump(config, log);
        return options with
        {
            Mark = new DumpMark($"task {config.Name}, source {config.SourceId}", $"{wish.Order.ConfigRevision}-{config.ServerId}"),
            Overwrite = true,
            RequiresSpace = options.Where.Length == 0 && !config.IgnoreCheckingItems.Any(item => item is CheckingItems.All or Items.FreeSpace),
        };
    }

    private static LoadSettings Load(SubTaskEngine engine, SubTaskConfig config, SubTaskWish wish)
    {
        var migration = Migration(engine, config, wish);
        var slots = new TargetSlots(migration.Target, migration.MetaSchema, migration.TaskName, migration.CheckpointId, migration.FencingToken);
        var files = new LoadOptions
        {
            Directory = config.DumpDir,
            Task = config.Name,
            SourceId = config.SourceId,
            MetaSchema = config.MetaSchema,
            OpenSession = slots.OpenAsync,
            Tables = migration.Selection(),
            Router = migration.Router(),
            PoolSize = config.Loader.PoolSize,
            OnDuplicate = config.Loader.OnDuplicate switch
            {
                OnDuplicate.Error => DuplicateRows.Error,
                OnDuplicate.Ignore => DuplicateRows.Ignore,
                _ => DuplicateRows.Replace,
            },
        };
        return new LoadSettings(files, slots, config.CleanDumpFile);
    }
}
