using TiFerry.Core.Errors;
using TiFerry.Dm.Config.Tasks;
using TiFerry.Migration.Checks;

namespace TiFerry.Dm.Checks;

/// <summary>
/// Says what stands in the way of a task before it starts, as DM's <c>check-task</c> does: it only reads, at all sources and at the target.
/// A server that can't be reached or refuses a question is an outcome, not an exception.
/// </summary>
public static class TaskChecks
{
    /// <summary>How many sources are looked at side by side.</summary>
    private const int SourcesAtOnce = 8;

    /// <summary>Checks a task.</summary>
    /// <param name="sources">The task's sources; all write to one target.</param>
    /// <param name="ignored">What <c>ignore-checking-items</c> holds.</param>
    /// <param name="ct">Stops the checks.</param>
    /// <param name="additional">Items that are checked only where someone asks for them (<c>primary_key</c>).</param>
    /// <exception cref="TiFerryException">A rule of the task can't be used.</exception>
    public static async Task<TaskCheckReport> RunAsync(
        IReadOnlyList<CheckedSubTask> sources, IReadOnlyCollection<string> ignored, CancellationToken ct, IReadOnlyCollection<string>? additional = null)
    {
        var items = CheckingItems.Without(ignored);
        var checks = TaskCheckList.Checks.Where(c => items.Contains(c.Item)).ToList();
        if (additional?.Contains(Items.PrimaryKey) == true)
            checks.Add(TaskCheckList.PrimaryKey);
        if (checks.Count == 0 || sources.Count == 0)
            return TaskCheckReport.Of([]);

        var opened = new OpenSource[sources.Count];
        try
        {
            await Parallel.ForEachAsync(sources.Index(), new ParallelOptions { MaxDegreeOfParallelism = SourcesAtOnce, CancellationToken = ct },
                async (source, token) => opened[source.Index] = await CheckSourceAsync(source.Item, checks, token));
            var outcomes = opened.SelectMany(o => o.Outcomes).Concat(Joined(checks, opened)).ToList();
            outcomes.AddRange(await AcrossSourcesAsync([.. opened.Select(o => o.Context).OfType<SubTaskContext>()], items, ct));
            return TaskCheckReport.Of(outcomes);
        }
        finally
        {
            foreach (var source in opened)
            {
                if (source?.Context is { } context)
                    await context.Servers.DisposeAsync();
            }
        }
    }

    private sealed record OpenSource(SubTaskContext? Context)
    {
        public List<CheckOutcome> Outcomes { get; } = [];

        /// <summary>What it adds to the outcomes of the whole task.</summary>
        public Dictionary<TaskCheck, List<CheckResult>> OfTask { get; } = [];
    }

    private static async Task<OpenSource> CheckSourceAsync(CheckedSubTask task, List<TaskCheck> checks, CancellationToken ct)
    {
        var failures = new List<CheckResult>();
        var servers = await CheckContext.OpenAsync(task.Options, CheckWording.TaskFile, failures, ct);
        if (servers is null)
        {
            var closed = new OpenSource(Context: null);
            foreach (var failure in failures)
                closed.Outcomes.Add(Outcomes.Of(failure.Name.Replace(' ', '_'), "check whether the server can be reached", [Open(failure)], $"sourceID {task.SourceId}"));
            return closed;
        }
        servers.BeginsAnew = task.BeginsAnew;
        var context = new SubTaskContext(task, servers, IsNew: true);
        var open = new OpenSource(context);
        try
        {
            open = new OpenSource(context = context with { IsNew = task.BeginsAnew || await Precheck.IsNewTaskAsync(servers, ct) });
            foreach (var check in checks.Where(c => c.Applies(context)))
                await CheckAsync(check, open, context, ct);
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
        return open;
    }

    // DM's code for a server that can't be reached.
    private static CheckResult Open(CheckResult failure) => CheckResult.Error(failure.Name, $"[code=26002] {failure.Message}", failure.WayOut ?? "check the server's address and account");

    private static async ValueTask CheckAsync(TaskCheck check, OpenSource source, SubTaskContext context, CancellationToken ct)
    {
        var results = new List<CheckResult>();
        foreach (var rule in check.Rules)
            results.AddRange(await RunAsync(check, rule, context, ct));
        if (check.Place == CheckPlace.Source)
            source.Outcomes.Add(Outcomes.Of(check.Name, check.Description, results, $"address of db instance - {context.Servers.Source.Options.EndPoint}"));
        else
            source.OfTask.Add(check, results);
    }

    private static async ValueTask<List<CheckResult>> RunAsync(TaskCheck check, Rule rule, SubTaskContext context, CancellationToken ct)
    {
        var results = new List<CheckResult>();
        try
        {
            await foreach (var result in rule(context, ct))
                results.Add(result);
        }
        catch (Exception error) when (Outcomes.IsAnswer(error))
        {
            results.Add(Outcomes.Unanswered(check.Name, error));
        }
        return results;
    }

    // With several sources, texts about tables need the source's id before them.
    private static IEnumerable<CheckOutcome> Joined(List<TaskCheck> checks, OpenSource[] sources)
    {
        foreach (var check in checks.Where(c => c.Place == CheckPlace.Task))
        {
            var asked = sources.Where(s => s.OfTask.ContainsKey(check)).ToList();
            if (asked.Count == 0)
                continue;
            var isOfTarget = check.Item is Items.TargetPrivilege or Items.TargetTableEmpty;
            var results = asked.SelectMany(s => asked.Count == 1 || isOfTarget ? s.OfTask[check] : s.OfTask[check].Select(r => Of(s.Context!.SubTask.SourceId, r)));
            yield return Outcomes.Of(check.Name, check.Description, results, extra: null);
        }
    }

    private static CheckResult Of(string sourceId, CheckResult result) => result with { Details = [.. result.Details.Select(d => $"sourceID {sourceId}: {d}")] };

    private static async ValueTask<List<CheckOutcome>> AcrossSourcesAsync(List<SubTaskContext> sources, IReadOnlySet<string> items, CancellationToken ct)
    {
        var outcomes = new List<CheckOutcome>();
        var writing = sources.FindAll(s => s.SubTask.WritesTarget);
        if (writing.Count == 0)
            return outcomes;
        if (items.Contains(Items.ConnNumber))
        {
            outcomes.Add(Outcomes.Of("loader_conn_number_checker", "check if connection concurrency exceeds database's maximum connection limit",
                await ConnectionNumberRule.OfTargetAsync(writing, ct), $"address of db instance - {writing[0].Servers.Target.Options.EndPoint}"));
        }
        if (items.Contains(Items.ShardTableSchema) || items.Contains(Items.ShardAutoIncrement))
            outcomes.AddRange(await ShardTableCheck.RunAsync(writing, items, ct));
        return outcomes;
    }
}
