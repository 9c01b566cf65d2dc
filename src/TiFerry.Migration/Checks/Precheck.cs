using TiFerry.Core.Errors;
using TiFerry.Migration.Meta;
using TiFerry.MySql;

namespace TiFerry.Migration.Checks;

/// <summary>Says what stands in the way of a migration before anything is touched: it only reads, on both sides.</summary>
public static class Precheck
{
    private const int NoSuchTable = 1146;
    private const int UnknownDatabase = 1049;
    private const int SelectDenied = 1142;
    private const int DatabaseDenied = 1044;

    private static readonly Func<CheckContext, CancellationToken, IAsyncEnumerable<CheckResult>>[] OfEveryRun =
    [
        ServerVersionCheck.RunAsync,
        SameServerCheck.RunAsync,
        BinlogEnabledCheck.RunAsync,
        BinlogFormatCheck.RunAsync,
        RowImageCheck.RunAsync,
        ServerIdCheck.RunAsync,
        BinlogRetentionCheck.RunAsync,
        BinlogFilterCheck.RunAsync,
        ReplicaLogCheck.RunAsync,
        GtidCheck.RunAsync,
    ];

    private static readonly Func<CheckContext, CancellationToken, IAsyncEnumerable<CheckResult>>[] OfKnownTask = [CheckpointReachCheck.RunAsync];

    private static readonly Func<CheckContext, CancellationToken, IAsyncEnumerable<CheckResult>>[] OfNewTask =
    [
        RouteCheck.RunAsync,
        MergedTableCheck.RunAsync,
        BinlogStartCheck.RunAsync,
        ReplicationPrivilegeCheck.RunAsync,
        CopyPrivilegeCheck.RunAsync,
        TargetPrivilegeCheck.RunAsync,
        ScopeCheck.RunAsync,
        OnlineDdlCheck.RunAsync,
        ObjectKindCheck.RunAsync,
        UncarriedCheck.RunAsync,
        TableKeyCheck.RunAsync,
        EngineCheck.RunAsync,
        TypeCheck.RunAsync,
        CollationCheck.RunAsync,
        ForeignKeyCheck.RunAsync,
        TargetSettingsCheck.RunAsync,
        NameCaseCheck.RunAsync,
        TargetRowsCheck.RunAsync,
        TargetTableCheck.RunAsync,
        TargetTriggerCheck.RunAsync,
    ];

    /// <summary>Runs all checks. A server that can't be reached is a result, not an exception.</summary>
    /// <param name="options">The migration.</param>
    /// <param name="ct">Stops the checks.</param>
    /// <exception cref="TiFerryException">A filter pattern or a rule is wrong.</exception>
    public static async Task<PrecheckReport> RunAsync(MigrationOptions options, CancellationToken ct)
    {
        var results = new List<CheckResult>();
        await using var context = await CheckContext.OpenAsync(options, CheckWording.Flags, results, ct);
        if (context is null)
            return new PrecheckReport(IsNewTask: true, results);

        var isNew = await IsNewTaskAsync(context, ct);
        try
        {
            foreach (var check in OfEveryRun.Concat(isNew ? OfNewTask : OfKnownTask))
                results.AddRange(await RunAsync(check, context, ct));
        }
        // Without names on the target there is nothing more to check.
        catch (TiFerryException error) when (error.Code == ConfigErrors.BadRoute)
        {
            results.Add(CheckResult.Error(RouteCheck.Name, error.Summary, error.Workaround ?? "correct the routes"));
        }
        if (!isNew)
            results.Add(CheckResult.Pass("task", $"task '{options.TaskName}' began earlier; its work goes on where it stopped"));
        return new PrecheckReport(isNew, results);
    }

    /// <summary>Runs one check to its end. What the server refuses it is a result, not an exception.</summary>
    /// <param name="check">The check.</param>
    /// <param name="context">The migration.</param>
    /// <param name="ct">Stops the check.</param>
    /// <exception cref="TiFerryException">More than one route fits an object.</exception>
    public static async ValueTask<List<CheckResult>> RunAsync(
        Func<CheckContext, CancellationToken, IAsyncEnumerable<CheckResult>> check, CheckContext context, CancellationToken ct)
    {
        var results = new List<CheckResult>();
        try
        {
            await foreach (var result in check(context, ct))
                results.Add(result);
        }
        catch (MySqlServerException error)
        {
            var name = check.Method.DeclaringType!.Name.Replace("Check", "", StringComparison.Ordinal).ToLowerInvariant();
            results.Add(CheckResult.Error(name, $"this could not be checked: {error.Message}", "grant the account what the server's message asks for"));
        }
        return results;
    }

    /// <summary>Whether the target knows nothing of the task yet.</summary>
    /// <param name="context">The migration.</param>
    /// <param name="ct">Stops the reading.</param>
    public static async ValueTask<bool> IsNewTaskAsync(CheckContext context, CancellationToken ct)
    {
        var options = context.Options;
        try
        {
            return await new MetaStore(options.MetaSchema, options.TaskName, options.CheckpointId).ReadTaskAsync(context.Target, ct) is null;
        }
        catch (MySqlServerException error) when (error.Code is NoSuchTable or UnknownDatabase or SelectDenied or DatabaseDenied)
        {
            return true;
        }
    }
}
