using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.ExceptionServices;
using TiFerry.Core.Errors;
using TiFerry.Core.Logging;
using TiFerry.Dump.Layout;
using TiFerry.Import.Checkpoint;
using TiFerry.Import.Definitions;
using TiFerry.Import.Rows;
using TiFerry.Import.Source;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Lexing;
using TiFerry.Schema.Tables;

namespace TiFerry.Import;

/// <summary>
/// Loads a dump's SQL files into a target. It can be stopped or killed at any moment; the next run goes on behind the last transaction, in which rows and
/// checkpoint were written together. One object is one run.
/// </summary>
public sealed class LoadTask
{
    private readonly LoadOptions _options;
    private readonly LoadCheckpoint _checkpoint;
    private readonly Log _log;

    /// <summary>Prepares a load.</summary>
    /// <param name="options">What, where to and how.</param>
    /// <param name="log">Told of the stages and of what is left out.</param>
    /// <exception cref="TiFerryException"><see cref="ConfigErrors.BadOption"/>: a number makes no sense.</exception>
    public LoadTask(LoadOptions options, Log log)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(log);
        if (options.PoolSize < 1)
            throw new TiFerryException(ConfigErrors.BadOption, ErrorScope.Internal, $"pool-size is {options.PoolSize}", "give at least 1");
        _options = options;
        _checkpoint = new LoadCheckpoint(options.MetaSchema, options.Task, options.SourceId);
        _log = log;
    }

    /// <summary>How far it is.</summary>
    public LoadProgress Progress { get; } = new();

    /// <summary>Loads what is not on the target yet.</summary>
    /// <param name="ct">Stops the load; another run goes on.</param>
    /// <returns>What the dump says of itself: among others the position from which the binlog goes on.</returns>
    /// <exception cref="TiFerryException">The files make no sense, or the target refuses definitions or rows.</exception>
    /// <exception cref="MySqlServerException">The target can't work now (<see cref="TransientErrors"/>), or refuses the login.</exception>
    /// <exception cref="MySqlConnectionLostException">The target can't be reached any more.</exception>
    public async Task<DumpMetadata> RunAsync(CancellationToken ct)
    {
        var files = DumpedFiles.Read(_options.Directory, _options.Tables, _log);
        Progress.Dump = files.Metadata;
        if (FinishedDump.IsDeleted(_options.Directory))
        {
            await RequireLoadedAsync(files, ct);
            return files.Metadata;
        }
        foreach (var file in files.Data)
            Progress.Begin(file.Table, file.Length);
        var plan = await PrepareAsync(files, ct);
        foreach (var file in files.Data)
            Progress.Add(file.Table, plan.Done[file.Name]);
        await LoadRowsAsync(files, plan, ct);
        await using (var session = await _options.OpenSession("0", ct))
            await (await DefinitionsAsync(session, files, ct)).CreateViewsAsync(files.Views, ct);
        _log.Info("load finished", ("directory", _options.Directory), ("files", files.Data.Count), ("bytes", Progress.TotalBytes));
        return files.Metadata;
    }

    private async ValueTask RequireLoadedAsync(DumpedFiles files, CancellationToken ct)
    {
        await using var session = await _options.OpenSession("0", ct);
        if (await _checkpoint.IsCompleteAsync(session, files, ct))
            return;
        throw new TiFerryException(LoadErrors.BadDataFile, ErrorScope.Internal,
            $"{_options.Directory} had a dump whose files were deleted once they had been loaded, and checkpoint {_checkpoint} knows nothing of it", "dump again");
    }

    // Where the rows of each table go, and how far each file is.
    private sealed record Plan(IReadOnlyDictionary<TableName, LoadTarget> Targets, IReadOnlyDictionary<string, long> Done, long MaxAllowedPacket);

    private async ValueTask<Plan> PrepareAsync(DumpedFiles files, CancellationToken ct)
    {
        await using var session = await _options.OpenSession("0", ct);
        await _checkpoint.CreateAsync(session, ct);
        var done = await _checkpoint.BeginAsync(session, files, ct);
        var definitions = await DefinitionsAsync(session, files, ct);
        await definitions.CreateSchemasAsync(files, ct);
        var columns = new Dictionary<TableName, IReadOnlyList<string>>();
        foreach (var (table, path) in files.Tables)
        {
            var (dumped, isNew) = await definitions.CreateTableAsync(table, path, ct);
            columns.Add(table, dumped);
            if (isNew && files.Data.Any(f => f.Table == table && done[f.Name] != 0))
                throw LostTable(table);
        }
        var targets = new Dictionary<TableName, LoadTarget>();
        foreach (var table in files.Data.Select(f => f.Table).Distinct())
            targets.Add(table, await TargetOfAsync(session, table, columns.GetValueOrDefault(table), ct));
        foreach (var file in files.Data)
            RequireResumable(file, targets[file.Table], done[file.Name]);
        var limit = await session.QueryScalarAsync("SELECT @@max_allowed_packet", ct);
        return new Plan(targets, done, long.Parse(limit!, CultureInfo.InvariantCulture));
    }

    private async ValueTask<DefinitionLoader> DefinitionsAsync(MySqlConnection session, DumpedFiles files, CancellationToken ct)
    {
        var source = _options.SourceServer ?? (files.Metadata.ServerVersion is { } version ? ServerInfo.Parse(version) : session.Server);
        var dialect = await TargetDialect.CreateAsync(source, session, ct);
        return new DefinitionLoader(session, dialect, SqlDialect.Of(source), _options.Router, _log);
    }

    private async ValueTask<LoadTarget> TargetOfAsync(MySqlConnection session, TableName source, IReadOnlyList<string>? columns, CancellationToken ct)
    {
        var route = _options.Router.Route(source.Schema, source.Name);
        var name = new TableName(route.Schema, route.Table);
        var table = await TableReader.ReadAsync(session, name, ErrorScope.Downstream, ct)
            ?? throw new TiFerryException(LoadErrors.BadDataFile, ErrorScope.Internal,
                $"{_options.Directory} has rows of table {source} and no file {new DumpFileName(DumpFileKind.Table, source)}, and the target has no table {name}",
                "dump again, or create the table on the target");
        return new LoadTarget(source, table, columns, route);
    }

    private void RequireResumable(DataFile file, LoadTarget target, long done)
    {
        if (target.CanRepeat(_options.OnDuplicate) || done == 0 || done == file.Length)
            return;
        throw new TiFerryException(LoadErrors.WriteFailed, ErrorScope.Downstream,
            $"the load of table {target.Table.Name} was interrupted, its engine {target.Table.Engine} has no transactions and it has no key, so it is not known which rows are there",
            "start the task with --remove-meta and empty the target's tables first, or give the table an engine with transactions");
    }

    private static TiFerryException LostTable(TableName table) => new(LoadErrors.CheckpointMismatch, ErrorScope.Downstream,
        $"the checkpoint says that rows of table {table} are on the target, and the target had no such table", "start the task with --remove-meta to load anew");

    // The first failure ends all and is thrown.
    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends one session's work ends the others' and is thrown then.")]
    private async Task LoadRowsAsync(DumpedFiles files, Plan plan, CancellationToken ct)
    {
        var queue = new Queue<DataFile>(files.Data.Where(f => plan.Done[f.Name] < f.Length));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Exception? failure = null;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(_options.PoolSize, queue.Count)).Select(Drain));
        ct.ThrowIfCancellationRequested();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);

        async Task Drain(int slot)
        {
            try
            {
                await using var rows = new RowSender(await _options.OpenSession(slot.ToString(CultureInfo.InvariantCulture), stop.Token), plan.MaxAllowedPacket, _options.OnDuplicate);
                await rows.Target.ExecuteAsync($"SET sql_mode = '{Session.WritingSqlMode(relaxed: false)}', foreign_key_checks = 0, unique_checks = 1", stop.Token);
                var loader = new FileLoader(_options, rows, _checkpoint, files.IsDumplings ? "utf8mb4" : null, Progress, _log);
                while (TryTake(out var file))
                    await loader.LoadAsync(file, plan.Targets[file.Table], plan.Done[file.Name], stop.Token);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref failure, error, null);
                await stop.CancelAsync();
            }
        }

        bool TryTake([MaybeNullWhen(false)] out DataFile file)
        {
            lock (queue)
            {
                file = null;
                return !stop.IsCancellationRequested && queue.TryDequeue(out file);
            }
        }
    }
}
