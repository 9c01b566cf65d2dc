using System.Text.Json;
using TiFerry.Core.Errors;
using TiFerry.Core.Filters;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Sources;
using TiFerry.Dm.Worker.Subtasks;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Tables;
using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Worker.Services;

/// <summary><c>OperateSchema</c>: <c>dmctl binlog-schema list|update|delete</c>.</summary>
internal static class SchemaOperations
{
    /// <summary>Carries a request out.</summary>
    /// <returns>What was asked for: a CREATE TABLE statement, or names as JSON; else nothing.</returns>
    /// <exception cref="TiFerryException">There is no such subtask, it is in another stage or unit, or the definition can't be used.</exception>
    public static async Task<string> RunAsync(SourceWorker source, OperateWorkerSchemaRequest request, CancellationToken ct)
    {
        var subTask = source.Find(request.Task) ?? throw WorkerErrors.NoSubTask(request.Task);
        if (subTask.Work is not MigrationWork work)
            throw WorkerErrors.NotSyncing(request.Task, subTask.Work.Unit);
        if (subTask.Stage != Stage.Paused && (request.Op != SchemaOp.ListMigrateTargets || subTask.Stage != Stage.Running))
            throw WorkerErrors.NotPaused($"task {request.Task}", subTask.Stage);
        await work.FindUnitAsync(ct);
        if (work.Unit != UnitType.Sync)
            throw WorkerErrors.NotSyncing(request.Task, work.Unit);

        var schemas = work.Schemas();
        var table = new TableName(request.Database, request.Table);
        switch (request.Op)
        {
            case SchemaOp.GetSchema:
                return await schemas.GetAsync(table, ct) ?? await OnTargetAsync(work, table, ct);
            case SchemaOp.SetSchema:
                await SetAsync(schemas, request, table, ct);
                return "";
            case SchemaOp.RemoveSchema:
                await schemas.RemoveAsync(table, ct);
                return "";
            case SchemaOp.ListSchema:
                return Json((await schemas.ListAsync(ct)).Select(static t => t.Schema).Distinct(StringComparer.Ordinal));
            case SchemaOp.ListTable:
                return Json((await schemas.ListAsync(ct)).Where(t => t.Schema == request.Database).Select(static t => t.Name));
            case SchemaOp.ListMigrateTargets:
                return await ListTargetsAsync(work, request, ct);
            default:
                throw WorkerErrors.NotYet($"the operation {request.Op}");
        }
    }

    private static async ValueTask SetAsync(TrackedSchemas schemas, OperateWorkerSchemaRequest request, TableName table, CancellationToken ct)
    {
        if (request.FromSource)
            await schemas.SetFromSourceAsync(table, ct);
        else if (request.FromTarget)
            await schemas.SetFromTargetAsync(table, ct);
        else
            await schemas.SetAsync(table, request.Schema, ct);
    }

    // As in DM: what is not kept is shown as the target has it, under the source's name.
    private static async ValueTask<string> OnTargetAsync(MigrationWork work, TableName table, CancellationToken ct)
    {
        await using var target = await Session.OpenForReadingAsync(work.Options.Target, ct);
        var routed = work.Options.Router().Route(table.Schema, table.Name);
        var name = new TableName(routed.Schema, routed.Table);
        try
        {
            var text = (await target.QueryRowsAsync($"SHOW CREATE TABLE {name}", ct))[0][1]!;
            var head = $"CREATE TABLE {TableName.Quote(name.Name)}";
            return text.StartsWith(head, StringComparison.Ordinal) ? $"CREATE TABLE {TableName.Quote(table.Name)}{text[head.Length..]}" : text;
        }
        catch (MySqlServerException error)
        {
            throw new TiFerryException(SchemaErrors.CannotReadTable, ErrorScope.Downstream, $"no definition of table {table} is kept, and the one of {name} on the target can't be read", "check the name", error);
        }
    }

    private static async ValueTask<string> ListTargetsAsync(MigrationWork work, OperateWorkerSchemaRequest request, CancellationToken ct)
    {
        var options = work.Options;
        var selection = options.Selection();
        var router = options.Router();
        var schemaPattern = request.Schema.Length > 0 ? GoRegex.Compile(request.Schema, caseSensitive: true) : null;
        var tablePattern = request.Table.Length > 0 ? GoRegex.Compile(request.Table, caseSensitive: true) : null;
        await using var source = await Session.OpenForReadingAsync(options.Source, ct);
        var targets = new List<Dictionary<string, string>>();
        foreach (var row in await source.QueryRowsAsync("SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE = 'BASE TABLE' ORDER BY 1, 2", ct))
        {
            var (schema, table) = (row[0]!, row[1]!);
            if (!selection.MatchTable(schema, table) || schemaPattern?.IsMatch(schema) == false || tablePattern?.IsMatch(table) == false)
                continue;
            var routed = router.Route(schema, table);
            targets.Add(new Dictionary<string, string> { ["source_schema"] = schema, ["source_table"] = table, ["target_schema"] = routed.Schema, ["target_table"] = routed.Table });
        }
        return JsonSerializer.Serialize(targets);
    }

    private static string Json(IEnumerable<string> names) => JsonSerializer.Serialize(names);
}
