using TiFerry.Core.Errors;
using TiFerry.Migration.Meta;
using TiFerry.MySql;
using TiFerry.MySql.Sessions;

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
        BinlogCheck.RunAsync,
    ];

    private static readonly Func<CheckContext, CancellationToken, IAsyncEnumerable<CheckResult>>[] OfNewTask =
    [
        RouteCheck.RunAsync,
        BinlogStartCheck.RunAsync,
        SourcePrivilegeCheck.RunAsync,
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
        TargetTableCheck.RunAsync,
        TargetTriggerCheck.RunAsync,
    ];

    /// <summary>Runs all checks. A server that can't be reached is a result, not an exception.</summary>
    /// <param name="options">The migration.</param>
    /// <param name="ct">Stops the checks.</param>
    /// <exception cref="TiFerryException">A filter pattern or a rule is wrong.</exception>
    public static async Task<PrecheckReport> RunAsync(MigrationOptions options, CancellationToken ct)
    {
        var filter = options.DataTables();
        var results = new List<CheckResult>();
        await using var source = await OpenAsync("source", Session.OpenForReadingAsync, options.Source, results, ct);
        await using var target = await OpenAsync("target", Session.OpenForWritingAsync, options.Target, results, ct);
        if (source is null || target is null)
            return new PrecheckReport(IsNewTask: true, results);

        var task = await FindTaskAsync(options, target, ct);
        var context = new CheckContext(options, filter, source, target);
        var checks = task is null ? OfEveryRun.Concat(OfNewTask) : OfEveryRun;
        try
        {
            foreach (var check in checks)
                await RunAsync(check, context, results, ct);
        }
        // Without names on the target there is nothing more to check.
        catch (TiFerryException error) when (error.Code == ConfigErrors.BadRoute)
        {
            results.Add(CheckResult.Error(RouteCheck.Name, error.Summary, error.Workaround ?? "correct the routes"));
        }
        if (task is not null)
            results.Add(CheckResult.Pass("task", $"task '{options.TaskName}' began earlier; its work goes on where it stopped"));
        return new PrecheckReport(task is null, results);
    }

    private static async ValueTask RunAsync(
        Func<CheckContext, CancellationToken, IAsyncEnumerable<CheckResult>> check, CheckContext context, List<CheckResult> results, CancellationToken ct)
    {
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
    }

    private static async ValueTask<MySqlConnection?> OpenAsync(
        string side, Func<MySqlConnectionOptions, CancellationToken, ValueTask<MySqlConnection>> open, MySqlConnectionOptions options, List<CheckResult> results, CancellationToken ct)
    {
        try
        {
            return await open(options, ct);
        }
        catch (Exception error) when (error is MySqlServerException or MySqlConnectionLostException or TiFerryException)
        {
            var (message, wayOut) = ConnectionFailure.Explain(options, error);
            results.Add(CheckResult.Error($"{side} connection", message, wayOut));
            return null;
        }
    }

    private static async ValueTask<TaskRecord?> FindTaskAsync(MigrationOptions options, MySqlConnection target, CancellationToken ct)
    {
        try
        {
            return await new MetaStore(options.MetaSchema, options.TaskName, options.CheckpointId).ReadTaskAsync(target, ct);
        }
        catch (MySqlServerException error) when (error.Code is NoSuchTable or UnknownDatabase or SelectDenied or DatabaseDenied)
        {
            return null;
        }
    }
}
