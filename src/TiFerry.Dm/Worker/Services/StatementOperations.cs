using System.Text.Json;
using System.Text.Json.Serialization;
using TiFerry.Binlog;
using TiFerry.Dm.Pb;
using TiFerry.Dm.Worker.Sources;
using TiFerry.Dm.Worker.Subtasks;
using TiFerry.MySql.Sessions;
using TiFerry.Schema.Lexing;
using TiFerry.Sync.Operations;

namespace TiFerry.Dm.Worker.Services;

/// <summary><c>HandleError</c>: <c>dmctl binlog skip|replace|revert|inject|list</c>.</summary>
internal static partial class StatementOperations
{
    /// <summary>Carries a request out; a subtask that an error paused is resumed.</summary>
    /// <returns>For <c>list</c> the operations as JSON; else nothing.</returns>
    /// <exception cref="Core.Errors.TiFerryException">There is no such subtask, or it is in another unit, or the operation can't be used.</exception>
    public static async Task<string> RunAsync(SourceWorker source, HandleWorkerErrorRequest request, ISubTaskNotes notes, CancellationToken ct)
    {
        var subTask = source.Find(request.Task) ?? throw WorkerErrors.NoSubTask(request.Task);
        if (subTask.Work is not MigrationWork work)
            throw WorkerErrors.NotSyncing(request.Task, subTask.Work.Unit);
        await work.FindUnitAsync(ct);
        if (work.Unit != UnitType.Sync)
            throw WorkerErrors.NotSyncing(request.Task, work.Unit);

        BinlogPosition? position = request.BinlogPos.Length == 0 ? null : BinlogPosition.Parse(request.BinlogPos);
        if (request.Op == ErrorOp.List)
            return List(work, request.Task, position);

        await ChangeAsync(work, request, position, ct);
        await notes.KeepOperationsAsync(request.Task, source.Source, work.Operations.List(), ct);
        await subTask.ResumeAfterErrorAsync();
        return "";
    }

    private static async ValueTask ChangeAsync(MigrationWork work, HandleWorkerErrorRequest request, BinlogPosition? position, CancellationToken ct)
    {
        switch (request.Op)
        {
            case ErrorOp.Skip:
                work.Operations.Skip(position);
                break;
            case ErrorOp.Replace:
                work.Operations.Replace(position, request.Sqls, await DialectAsync(work, ct));
                break;
            case ErrorOp.Inject:
                work.Operations.Inject(position, request.Sqls, await DialectAsync(work, ct));
                break;
            case ErrorOp.Revert:
                work.Operations.Revert(position);
                break;
            default:
                throw WorkerErrors.NotYet($"the operation {request.Op}");
        }
    }

    private static async ValueTask<SqlDialect> DialectAsync(MigrationWork work, CancellationToken ct)
    {
        await using var source = await Session.OpenForReadingAsync(work.Options.Source, ct);
        return SqlDialect.Of(source.Server);
    }

    private static string List(MigrationWork work, string task, BinlogPosition? from) =>
        JsonSerializer.Serialize([.. work.Operations.List(from).Select(o => new Listed(OpOf(o.Kind), task, o.Position.ToString(), o.Statements))], ListedJson.Default.ListedArray);

    private static ErrorOp OpOf(BinlogOperationKind kind) => kind switch
    {
        BinlogOperationKind.Skip => ErrorOp.Skip,
        BinlogOperationKind.Replace => ErrorOp.Replace,
        _ => ErrorOp.Inject,
    };

    // The form of DM's list: the requests that made the operations.
    internal sealed record Listed(
        [property: JsonPropertyName("op")] ErrorOp Op,
        [property: JsonPropertyName("task")] string Task,
        [property: JsonPropertyName("binlogPos")] string BinlogPos,
        [property: JsonPropertyName("sqls")] IReadOnlyList<string> Sqls);

    [JsonSerializable(typeof(Listed[]))]
    private sealed partial class ListedJson : JsonSerializerContext;
}
