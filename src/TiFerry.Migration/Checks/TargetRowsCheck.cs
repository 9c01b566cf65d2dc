using System.Runtime.CompilerServices;
using TiFerry.Migration.Meta;
using TiFerry.Migration.Routes;
using TiFerry.MySql;
using TiFerry.Schema.Tables;

namespace TiFerry.Migration.Checks;

/// <summary>Whether the target's tables are empty where the copy puts its rows.</summary>
public static class TargetRowsCheck
{
    private const int NoSuchTable = 1146;
    private const int UnknownDatabase = 1049;
    private const int SelectDenied = 1142;
    private const int DatabaseDenied = 1044;

    /// <summary>Runs the check.</summary>
    public static async IAsyncEnumerable<CheckResult> RunAsync(CheckContext context, [EnumeratorCancellation] CancellationToken ct)
    {
        if (context.Options.Mode == MigrationMode.Incremental)
            yield break;
        var existing = await context.TargetObjectsAsync(ct);
        var filled = new List<TableName>();
        foreach (var source in (await context.ObjectsAsync(ct)).Where(o => o.IsTable))
        {
            var part = new TargetPart(context.Names.Of(source.Name), context.Names.ExtractedFrom(source.Name));
            if (existing.GetValueOrDefault(part.Table) == "BASE TABLE" && !filled.Contains(part.Table)
                && await HasColumnsAsync(context, part, ct) && await HoldsRowsAsync(context, part, ct) && !await IsSharedAsync(context, part, ct))
                filled.Add(part.Table);
        }
        if (filled.Count > 0)
        {
            yield return CheckResult.Error("target tables", filled, list => $"these already hold rows: {list}",
                $"empty or drop them on the target, leave them out with {context.Wording.Filter}, or follow only with {context.Wording.ModeIncremental} if they hold the source's data already{context.Wording.KeepRows}");
        }
    }

    // Extracted columns that the target lacks are what the check of the tables tells.
    private static async ValueTask<bool> HasColumnsAsync(CheckContext context, TargetPart part, CancellationToken ct)
    {
        if (part.IsWholeTable)
            return true;
        var columns = await context.Target.QueryRowsAsync(
            $"SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = {SqlText.Literal(part.Table.Schema)} AND TABLE_NAME = {SqlText.Literal(part.Table.Name)}", ct);
        return part.Extracted.All(e => columns.Exists(c => e.Name.Equals(c[0], StringComparison.OrdinalIgnoreCase)));
    }

    private static async ValueTask<bool> HoldsRowsAsync(CheckContext context, TargetPart part, CancellationToken ct) =>
        await context.Target.QueryScalarAsync($"SELECT 1 FROM {part.Table}{(part.IsWholeTable ? "" : $" WHERE {part.Condition}")} LIMIT 1", ct) is not null;

    // What another source of the task has copied there is no stranger's, unless the whole task begins anew.
    private static async ValueTask<bool> IsSharedAsync(CheckContext context, TargetPart part, CancellationToken ct)
    {
        if (context.BeginsAnew)
            return false;
        var options = context.Options;
        try
        {
            return (await new MetaStore(options.MetaSchema, options.TaskName, options.CheckpointId).OtherSourcesAsync(context.Target, part.Table, part.Condition, ct)).Count > 0;
        }
        catch (MySqlServerException error) when (error.Code is NoSuchTable or UnknownDatabase or SelectDenied or DatabaseDenied)
        {
            return false;
        }
    }
}
