using TiFerry.Binlog;
using TiFerry.Binlog.Stream;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Core.Logging;
using TiFerry.Migration.Meta;
using TiFerry.Migration.Routes;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Ddl;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Source;
using TiFerry.Sync.Target;

namespace TiFerry.Migration.Copy;

/// <summary>
/// Copies databases, tables and views while the source goes on. No lock is held and no read is from the same moment as another: every object notes the
/// position its copy began at, and what the binlog holds from there to the end of the copy is applied afterwards.
/// </summary>
internal sealed class FullCopy : IAsyncDisposable
{
    /// <summary>Smaller tables get their indexes at once: the extra statement would cost more than it saves.</summary>
    private const int DeferIndexesFrom = 10_000;

    private readonly FullCopyOptions _options;
    private readonly TaskRecord _task;
    private readonly CopyProgress _progress;
    private readonly Log _log;
    private readonly MySqlConnection _source;
    private readonly MySqlConnection _target;
    private readonly DefinitionCopier _definitions;
    private readonly ChunkQueue _queue = new();
    private readonly SortedDictionary<TableName, CopyObject> _objects = [];
    private readonly Dictionary<TableName, CopyTable> _tables = [];
    private readonly Dictionary<TableName, SortedSet<TableName>> _byTarget = [];
    private readonly SemaphoreSlim _changed = new(0);
    private readonly DdlWatch? _watch;
    private readonly bool _isOneSnapshot;
    private List<Task> _workers = [];

    private FullCopy(FullCopyOptions options, TaskRecord task, CopyProgress progress, Log log, MySqlConnection source, MySqlConnection target, TargetDialect dialect)
    {
        _options = options;
        _task = task;
        _progress = progress;
        _log = log;
        _source = source;
        _target = target;
        // The changes of partial row images can't be applied over rows of another moment.
        _isOneSnapshot = task.IsInOrder;
        _definitions = new DefinitionCopier(source, target, dialect, options.Names, log);
        _watch = task.Start is { } start
            ? new DdlWatch(ct => OpenBinlogAsync(options, new GtidPosition(source.Server.Flavour, start.Gtid).StartAt(start.Position), log, ct), options.Filter, source.Server)
            : null;
    }

    private static async ValueTask<IEventStream> OpenBinlogAsync(FullCopyOptions options, BinlogStart start, Log log, CancellationToken ct) =>
        options.Events is { } relay
            ? await relay.OpenAsync(start, ct)
            : await BinlogStream.OpenAsync(new BinlogStreamOptions { Connection = options.Source, Log = log, ServerId = options.ServerId, Start = start, ReconnectLimit = options.Patience }, ct);

    /// <summary>Copies all that is not copied yet.</summary>
    /// <param name="options">What to copy and how.</param>
    /// <param name="task">The task.</param>
    /// <param name="progress">Told of what is done.</param>
    /// <param name="log">The log.</param>
    /// <param name="stop">Asks to stop; what is not committed is rolled back.</param>
    /// <returns>A position of the source that is behind everything that was read; null where the source writes no binlog.</returns>
    public static async Task<BinlogPosition?> RunAsync(FullCopyOptions options, TaskRecord task, CopyProgress progress, Log log, CancellationToken stop)
    {
        var source = await Session.OpenForReadingAsync(options.Source, stop);
        var target = await options.Slots.OpenAsync(TargetSlots.Copy, stop);
        var dialect = await TargetDialect.CreateAsync(source.Server, target, stop);
        await using var copy = new FullCopy(options, task, progress, log, source, target, dialect);
        return await copy.RunAsync(stop);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
            await _watch.DisposeAsync();
        await _source.DisposeAsync();
        await _target.DisposeAsync();
        _changed.Dispose();
    }

    private async Task<BinlogPosition?> RunAsync(CancellationToken stop)
    {
        foreach (var known in await _options.Meta.ReadObjectsAsync(_target, stop))
            Know(known);
        await ListAsync(stop);
        await _options.Meta.EndClearingAsync(_target, stop);
        await _options.Shared.TellAsync(_target, _objects.Keys, stop);
        foreach (var schema in Objects(ObjectKind.Schema, CopyState.Planned))
            await PrepareSchemaAsync(schema, stop);
        foreach (var name in _objects.Keys.ToList())
        {
            // One that shares its target with another may have begun again with it.
            if (_objects[name] is { Kind: ObjectKind.Table, State: CopyState.Planned or CopyState.Created } table && !_tables.ContainsKey(name))
                await PrepareTableAsync(table, stop);
        }

        using var work = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _workers = Enumerable.Range(0, _options.Threads).Select(slot => Task.Run(() => new CopyWorker(_options, _queue, _changed, _watch, _log).RunAsync(slot, work.Token), CancellationToken.None)).ToList();
        try
        {
            return await CoordinateAsync(stop);
        }
        finally
        {
            await work.CancelAsync();
            await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<BinlogPosition?> CoordinateAsync(CancellationToken stop)
    {
        var viewsDone = false;
        while (true)
        {
            await ThrowIfFailedAsync();
            while (_watch is not null && _watch.Notices.TryRead(out var notice))
                viewsDone &= !await HandleAsync(notice, stop);
            foreach (var table in _tables.Values.Where(t => t.IsFinished && _objects[t.Name].State == CopyState.Created).ToList())
                await FinishAsync(table, stop);
            if (_objects.Values.Any(o => o.Kind == ObjectKind.Table && o.State is CopyState.Planned or CopyState.Created))
            {
                await _changed.WaitAsync(TimeSpan.FromMilliseconds(200), stop);
                continue;
            }
            if (!viewsDone)
            {
                await CopyViewsAsync(stop);
                viewsDone = true;
            }
            if (_watch is null)
                return null;
            var end = (await SourcePosition.ReadAsync(_source, stop)).Position;
            await _watch.WaitUntilAsync(end, stop);
            if (_watch.Notices.Count == 0)
                return end;
        }
    }

    private async ValueTask ThrowIfFailedAsync()
    {
        if (_workers.Find(w => w.IsFaulted) is { } failed)
            await failed;
        if (_watch is { Reading.IsFaulted: true })
            await _watch.Reading;
    }

    // Adds what the source has and the task does not know yet.
    private async ValueTask ListAsync(CancellationToken ct)
    {
        using var sql = new SqlBuffer();
        foreach (var row in await _source.QueryRowsAsync("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY SCHEMA_NAME", ct))
        {
            var schema = row[0]!;
            if (SystemSchemas.Contains(schema) || schema == _options.MetaSchema || !_options.Filter.MatchSchema(schema))
                continue;
            var rows = await _source.QueryRowsAsync(
                $"SELECT TABLE_NAME, TABLE_TYPE, TABLE_ROWS, DATA_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA = {SqlText.Literal(schema)} ORDER BY TABLE_NAME", ct);
            var carried = rows.Where(r => _options.Filter.MatchTable(schema, r[0]!)).ToList();
            Add(sql, new CopyObject(new TableName(schema, ""), ObjectKind.Schema, CopyState.Planned, null, 0, 0, 0, []));
            foreach (var table in carried)
            {
                var name = new TableName(schema, table[0]!);
                Add(sql, new CopyObject(name, KindOf(name, table[1]!), CopyState.Planned, null, Number(table[2]), Number(table[3]), 0, []));
            }
        }
        if (sql.Length > 0)
            await _target.ExecuteAsync(sql, ct);
    }

    private void Add(SqlBuffer sql, CopyObject copy)
    {
        if (_objects.ContainsKey(copy.Name))
            return;
        Know(copy);
        _options.Meta.AppendObject(sql, copy);
    }

    private void Know(CopyObject copy)
    {
        Keep(copy);
        if (copy.Name.Name.Length == 0)
            return;
        var target = _options.Names.Of(copy.Name);
        if (!_byTarget.TryGetValue(target, out var sources))
            _byTarget.Add(target, sources = []);
        sources.Add(copy.Name);
        if (sources.Count > 1 && copy.Kind == ObjectKind.Table)
            RequireSameColumns(copy.Name, sources.First(s => s != copy.Name));
    }

    private void Keep(CopyObject copy)
    {
        _objects[copy.Name] = copy;
        _progress.Know(copy);
    }

    // Parts of a table that are told apart by different columns could overlap.
    private void RequireSameColumns(TableName one, TableName other)
    {
        var columns = _options.Names.ExtractedFrom(one).Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (columns.SetEquals(_options.Names.ExtractedFrom(other).Select(c => c.Name)))
            return;
        throw new TiFerryException(ConfigErrors.BadRoute, ErrorScope.NotSet,
            $"tables {one} and {other} go to one table, and their routes don't extract the same columns", "let the routes extract the same columns, so that the rows of each source table can be told apart");
    }

    private TargetPart PartOf(TableName name) => new(_options.Names.Of(name), _options.Names.ExtractedFrom(name));

    // The tables whose rows share a part of a target table: what begins again does so for all of them.
    private List<TableName> SharersOf(TableName name)
    {
        if (name.Name.Length == 0 || !_byTarget.TryGetValue(_options.Names.Of(name), out var sources) || sources.Count == 1)
            return [name];
        var part = PartOf(name);
        return [.. sources.Where(s => s == name || (_objects[s].Kind == ObjectKind.Table && PartOf(s).Equals(part)))];
    }

    private async ValueTask PrepareSchemaAsync(CopyObject schema, CancellationToken ct)
    {
        var copiedAt = _task.Start is null ? default(BinlogPosition?) : (await SourcePosition.ReadAsync(_source, ct)).Position;
        var exists = await _definitions.CreateSchemaAsync(schema.Name.Schema, _options.Names.Of(schema.Name).Schema, ct);
        await WriteAsync(schema with { State = exists ? CopyState.Copied : CopyState.Gone, CopiedAt = copiedAt }, ct);
    }

    // Notes the position first, then reads the definition: a change in between is in the definition and, harmlessly, begins the table again.
    private async ValueTask PrepareTableAsync(CopyObject record, CancellationToken ct)
    {
        var name = record.Name;
        var targetName = _options.Names.Of(name);
        var part = PartOf(name);
        var existed = await _definitions.ExistsOnTargetAsync(targetName, ct);
        var isNew = record.State == CopyState.Planned || !existed;
        if (isNew)
            record = record with { State = CopyState.Created, CopiedAt = _task.Start is null ? null : await CopyPoint.ReadAsync(_source, name, ct), Rows = 0, DeferredIndexes = [] };
        if (await DescribeAsync(name, ct) is not var (sourceTable, definition))
        {
            var isView = isNew && await FindAsync(name, ct) is { Kind: ObjectKind.View };
            await WriteAsync(isView ? record with { Kind = ObjectKind.View, State = CopyState.Planned, CopiedAt = null } : record with { State = CopyState.Gone }, ct);
            return;
        }
        await _options.Shared.TellAsync(_target, [name], ct);
        var others = await _options.Shared.OthersAsync(_target, part, ct);
        var isShared = (_byTarget.TryGetValue(targetName, out var sources) && sources.Count > 1) || others.Count > 0;
        var defer = isNew && !existed && !isShared && !_isOneSnapshot && sourceTable is { RowKey: not null, IsTransactional: true, EstimatedRows: >= DeferIndexesFrom } && _target.Server.Flavour != ServerFlavour.TiDb;
        var creation = _definitions.Plan(name, definition, defer);
        if (!existed && !part.IsWholeTable)
            throw NoTableToExtractTo(name, part);
        // A table that somebody made beforehand is refused before it counts as this task's own.
        if (isNew && existed && await TableReader.ReadAsync(_target, targetName, ErrorScope.Downstream, ct) is { } found)
        {
            var plan = new TablePlan(sourceTable, found, part.Extracted, _isOneSnapshot);
            var isOthers = others.Count > 0 || sources?.Any(s => s != name && _objects[s].State is CopyState.Created or CopyState.Copied) == true;
            record = record with { KeepsTable = record.KeepsTable || (plan.HasExtraColumns && !isOthers), KeepsRows = !isOthers && await HoldsRowsAsync(part, ct) };
            if (record.KeepsRows && plan.Key.Length == 0)
                throw RowsInTheWay(part, $"{name} can only be copied as a whole ({WhyWhole})");
        }
        if (isNew)
        {
            record = record with { DeferredIndexes = creation.Indexes.Definitions };
            using var sql = new SqlBuffer();
            _options.Meta.AppendForgetChunks(sql, name);
            _options.Meta.AppendObject(sql, record);
            await _target.ExecuteAsync(sql, ct);
        }
        else if ((_isOneSnapshot || sourceTable.RowKey is null) && part.IsWholeTable && !isShared && !record.KeepsTable)
        {
            // Nothing of it can be resumed, and its definition may have changed meanwhile.
            await _options.Shared.ClearAsync(_target, part, $"the copy of table {name} can't go on in the middle", async () => await _target.ExecuteAsync($"DROP TABLE {targetName}", ct), ct);
        }
        await _definitions.RequireSchemaAsync(name, targetName, ct);
        if (!await _definitions.CreateTableAsync(targetName, creation, ct) && record.DeferredIndexes.Count > 0 && isNew)
        {
            // Another source's table, with its indexes.
            record = record with { DeferredIndexes = [] };
            await _options.Meta.WriteObjectAsync(_target, record, ct);
        }
        Keep(record);
        await KeepDefinitionAsync(record, definition, ct);
        var targetTable = await TableReader.ReadAsync(_target, targetName, ErrorScope.Downstream, ct)
            ?? throw new TiFerryException(SyncErrors.TargetTableMissing, ErrorScope.Downstream, $"table {targetName} is a view on the target", "drop the view on the target, or leave the table out with --filter or the block-allow-list");
        if (!isNew && TablePlan.Difference(sourceTable, targetTable, part.Extracted) is not null && part.IsWholeTable && !record.KeepsTable)
        {
            // The source changed it while no process of the task was there to see it.
            await BeginAgainAsync(name, ct);
            return;
        }
        var tablePlan = new TablePlan(sourceTable, targetTable, part.Extracted, _isOneSnapshot);
        if (tablePlan.Key.Length == 0)
            RequireOwnPart(name, part, others);
        var table = new CopyTable(record, tablePlan)
        {
            IsStrict = creation.IsStrict || tablePlan.MayCollide || (isShared && !tablePlan.IsApart),
            IsShared = isShared,
            Part = part,
            Definition = definition,
            MissingIndexes = await DefinitionCopier.MissingIndexesAsync(_target, targetName, record.DeferredIndexes, ct),
        };
        await PlanChunksAsync(table, isNew, ct);
        _tables[name] = table;
        _progress.Add(table);
        _queue.Add(table);
        _changed.Release(_options.Threads);
    }

    // Row events name columns by their place; what the places mean is in the definition.
    private async ValueTask KeepDefinitionAsync(CopyObject table, string definition, CancellationToken ct)
    {
        if (table.CopiedAt is not { } copiedAt)
            return;
        using var sql = new SqlBuffer();
        _options.Checkpoints.AppendTable(sql, table.Name, definition, copiedAt);
        await _target.ExecuteAsync(sql, ct);
    }

    private static TiFerryException NoTableToExtractTo(TableName name, TargetPart part) => new(LoadErrors.ColumnsDiffer, ErrorScope.Downstream,
        $"the route of table {name} extracts columns ({string.Join(", ", part.Extracted.Select(c => TableName.Quote(c.Name)))}) into table {part.Table}, which the target does not have",
        $"create {part.Table} on the target, with the source's columns and these, and with keys that tell the source's tables apart; then run the same command again");

    // What can't be continued in the middle is cleared and read again, which must not take the rows of other tables along.
    private void RequireOwnPart(TableName name, TargetPart part, IReadOnlyList<string> otherSources)
    {
        if (otherSources.Count == 0 && SharersOf(name).Count == 1 && (!part.IsWholeTable || _byTarget[part.Table].Count == 1))
            return;
        throw new TiFerryException(LoadErrors.ColumnsDiffer, ErrorScope.NotSet,
            $"tables {string.Join(", ", _byTarget[part.Table].Take(5))}{(otherSources.Count > 0 ? $" and those of sources {string.Join(", ", otherSources.Take(5))}" : "")} go to one table {part.Table}, and {name} has no key to copy it by in parts ({WhyWhole}), so its rows could not be told from the others'",
            "let the routes extract columns that tell the source's tables apart (extract-table, extract-schema), give the tables a primary key, or route them to tables of their own");
    }

    private string WhyWhole => _isOneSnapshot ? "the source's binlog_row_image is not FULL" : "neither a primary key nor a unique key of NOT NULL columns on both sides";

    private async ValueTask<bool> HoldsRowsAsync(TargetPart part, CancellationToken ct) =>
        await _target.QueryScalarAsync($"SELECT 1 FROM {part.Table}{(part.IsWholeTable ? "" : $" WHERE {part.Condition}")} LIMIT 1", ct) is not null;

    private static TiFerryException RowsInTheWay(TargetPart part, string why) => new(LoadErrors.ColumnsDiffer, ErrorScope.Downstream,
        $"{part.Table} on the target held rows before the copy began, and {why}, which would take them away",
        $"move the rows of {part.Table} elsewhere, empty it, and begin anew: with --remove-meta (start-task), or with another --task (migrate); or leave the table out");

    // The two are read one after the other, and count only if no change came in between.
    private async ValueTask<(Table Table, string Definition)?> DescribeAsync(TableName name, CancellationToken ct)
    {
        var definition = await _definitions.DefinitionOfAsync(name, ct);
        while (definition is not null)
        {
            var table = await TableReader.ReadAsync(_source, name, ErrorScope.Upstream, ct);
            var again = await _definitions.DefinitionOfAsync(name, ct);
            if (DefinitionCopier.DefineTheSame(again, definition))
                return table is null ? null : (table, definition); // what is no table is a view now
            definition = again;
        }
        return null;
    }

    private async ValueTask PlanChunksAsync(CopyTable table, bool isNew, CancellationToken ct)
    {
        if (table.Plan.Key.Length == 0)
        {
            table.Waiting.Enqueue(new CopyChunk(0, null, null, null, false));
            return;
        }
        var chunks = isNew ? [] : await _options.Meta.ReadChunksAsync(_target, table.Name, ct);
        if (chunks.Count == 0)
        {
            chunks = await ChunkPlanner.PlanAsync(_source, table.Plan, _options.ChunkRows, ct);
            using var sql = new SqlBuffer();
            _options.Meta.AppendNewChunks(sql, table.Name, chunks);
            await _target.ExecuteAsync(sql, ct);
        }
        else
        {
            table.Add(await _options.Meta.ReadCopiedRowsAsync(_target, table.Name, ct), 0);
        }
        foreach (var chunk in chunks.Where(c => !c.Done))
            table.Waiting.Enqueue(chunk);
    }

    private async ValueTask FinishAsync(CopyTable table, CancellationToken ct)
    {
        table.Record = table.Record with { State = CopyState.Copied, Rows = table.Rows };
        await WriteAsync(table.Record, ct);
        _log.Info("table copied", ("table", table.Name), ("rows", table.Rows));
    }

    private async ValueTask CopyViewsAsync(CancellationToken ct)
    {
        var views = Objects(ObjectKind.View, CopyState.Planned);
        if (views.Count == 0)
            return;
        var copiedAt = _task.Start is null ? default(BinlogPosition?) : (await SourcePosition.ReadAsync(_source, ct)).Position;
        var existing = new List<TableName>();
        foreach (var view in views)
        {
            if (await _source.QueryScalarAsync($"SELECT 1 FROM information_schema.VIEWS WHERE TABLE_SCHEMA = {SqlText.Literal(view.Name.Schema)} AND TABLE_NAME = {SqlText.Literal(view.Name.Name)}", ct) is not null)
                existing.Add(view.Name);
        }
        await _definitions.CreateViewsAsync(existing, ct);
        foreach (var view in views)
            await WriteAsync(view with { State = existing.Contains(view.Name) ? CopyState.Copied : CopyState.Gone, CopiedAt = copiedAt }, ct);
    }

    // Begins again with what a schema change touched; true where that may concern views.
    private async ValueTask<bool> HandleAsync(DdlNotice notice, CancellationToken ct)
    {
        var touched = notice.Object.Name.Length == 0
            ? _objects.Keys.Where(k => k.Schema == notice.Object.Schema).ToList()
            : [notice.Object];
        if (!_objects.ContainsKey(notice.Object))
            touched.Add(notice.Object);
        await AddReferencingAsync(touched, ct);
        foreach (var name in touched.Distinct())
        {
            if (_objects.TryGetValue(name, out var known) && known.CopiedAt is { } at && at.CompareTo(notice.Position) >= 0)
                continue;
            _log.Info("definition changed on the source, copying again", ("object", name), ("position", notice.Position));
            await BeginAgainAsync(name, ct);
        }
        return true;
    }

    // What a cascade did to the rows of a referencing table is told only by the parent's rows in the binlog: once those up to a
    // later position count as copied, so must the child's. Parents come before children.
    private async ValueTask AddReferencingAsync(List<TableName> tables, CancellationToken ct)
    {
        for (var i = 0; i < tables.Count; i++)
        {
            tables.AddRange(SharersOf(tables[i]).Where(sharer => !tables.Contains(sharer)));
            var rows = await _source.QueryRowsAsync(
                $"SELECT DISTINCT TABLE_SCHEMA, TABLE_NAME FROM information_schema.KEY_COLUMN_USAGE WHERE REFERENCED_TABLE_SCHEMA = {SqlText.Literal(tables[i].Schema)} AND REFERENCED_TABLE_NAME = {SqlText.Literal(tables[i].Name)}", ct);
            tables.AddRange(rows.Select(r => new TableName(r[0]!, r[1]!)).Where(child => _objects.ContainsKey(child) && !tables.Contains(child)));
        }
    }

    private async ValueTask BeginAgainAsync(TableName name, CancellationToken ct)
    {
        if (name.Name.Length == 0)
        {
            await BeginSchemaAgainAsync(name, ct);
            return;
        }
        var sharers = SharersOf(name);
        foreach (var sharer in sharers)
            await EndWorkAsync(sharer, ct);
        var planned = new List<CopyObject>();
        foreach (var sharer in sharers)
        {
            var before = _objects.GetValueOrDefault(sharer);
            var found = await FindAsync(sharer, ct);
            if (before is { KeepsRows: true } && found is { Kind: ObjectKind.Table })
                throw RowsInTheWay(PartOf(name), $"the definition of {sharer} changed on the source while it was copied, so that its copy has to begin again");
            found ??= new CopyObject(sharer, before?.Kind ?? ObjectKind.Table, CopyState.Planned, null, 0, 0, 0, []);
            planned.Add(found with { KeepsTable = before is { KeepsTable: true } });
        }
        // Emptied first: should the process end here, the binlog tells the next one of the same change again.
        await _options.Shared.TellAsync(_target, sharers, ct);
        await _options.Shared.ClearAsync(
            _target, PartOf(name), $"the definition of {name} changed on the source while it was copied, and its copy has to begin again",
            () => new PartCleaner(_target).BeginAgainAsync(PartOf(name), keepsTable: planned.Exists(p => p.KeepsTable) && planned.Exists(p => p.Kind == ObjectKind.Table), ct), ct);
        using var sql = new SqlBuffer();
        sql.Append("BEGIN;"u8);
        foreach (var one in planned)
        {
            _options.Meta.AppendForgetChunks(sql, one.Name);
            _options.Meta.AppendObject(sql, one);
            _options.Checkpoints.AppendForgetTable(sql, one.Name);
        }
        sql.Append("COMMIT;"u8);
        await _target.ExecuteAsync(sql, ct);
        planned.ForEach(Know);
        foreach (var table in planned.Where(p => p.Kind == ObjectKind.Table))
            await PrepareTableAsync(table, ct);
    }

    private async ValueTask EndWorkAsync(TableName name, CancellationToken ct)
    {
        if (!_tables.Remove(name, out var running))
            return;
        _progress.Remove(running);
        var isActive = _queue.Remove(running);
        while (isActive)
        {
            await ThrowIfFailedAsync();
            await _changed.WaitAsync(TimeSpan.FromMilliseconds(50), ct);
            isActive = _queue.Remove(running);
        }
    }

    private async ValueTask BeginSchemaAgainAsync(TableName schema, CancellationToken ct)
    {
        await PrepareSchemaAsync(new CopyObject(schema, ObjectKind.Schema, CopyState.Planned, null, 0, 0, 0, []), ct);
        if (_objects[schema].State != CopyState.Gone)
            return;
        var target = _options.Names.Of(schema);
        // A database of another name may hold more than what came from this one.
        var isOwn = target == schema && !_objects.Keys.Any(k => k.Schema != schema.Schema && _options.Names.Of(k).Schema == target.Schema);
        if (!isOwn && await _target.QueryScalarAsync($"SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = {SqlText.Literal(target.Schema)} LIMIT 1", ct) is not null)
            return;
        await _options.Shared.ClearAsync(
            _target, new TargetPart(target, []), $"database {schema.Schema} was dropped on the source while it was copied", async () => await _target.ExecuteAsync($"DROP DATABASE IF EXISTS {target}", ct), ct);
        _definitions.ForgetSchema(target.Schema);
    }

    // The table or view of that name on the source.
    private async ValueTask<CopyObject?> FindAsync(TableName name, CancellationToken ct)
    {
        var rows = await _source.QueryRowsAsync(
            $"SELECT TABLE_TYPE, TABLE_ROWS, DATA_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA = {SqlText.Literal(name.Schema)} AND TABLE_NAME = {SqlText.Literal(name.Name)}", ct);
        return rows.Count == 0
            ? null
            : new CopyObject(name, KindOf(name, rows[0][0]!), CopyState.Planned, null, Number(rows[0][1]), Number(rows[0][2]), 0, []);
    }

    private List<CopyObject> Objects(ObjectKind kind, CopyState state) => [.. _objects.Values.Where(o => o.Kind == kind && o.State == state)];

    private async ValueTask WriteAsync(CopyObject copy, CancellationToken ct)
    {
        Keep(copy);
        await _options.Meta.WriteObjectAsync(_target, copy, ct);
    }

    private static ObjectKind KindOf(TableName name, string tableType) => tableType switch
    {
        "BASE TABLE" => ObjectKind.Table,
        "VIEW" => ObjectKind.View,
        _ => throw new TiFerryException(LoadErrors.CreateFailed, ErrorScope.Upstream,
            $"{name} is of kind {tableType}, which can't be carried", $"leave it out with --filter '!{name.Schema}.{name.Name}' or the block-allow-list"),
    };

    private static long Number(string? text) => ulong.TryParse(text, out var value) ? (long)Math.Min(value, long.MaxValue) : 0;
}
