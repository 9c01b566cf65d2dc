using System.Text.Json.Nodes;
using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Control.Output;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>query-status: the overview of all tasks, or everything about some.</summary>
internal static class QueryStatusCommand
{
    private const string Error = "Error";

    public static readonly Command Command = new("query-status [-s source ...] [task-name | task-file] [--more]", "Queries task status")
    {
        Flags = [new("more", null, FlagKind.Switch, "whether to print the detailed task information")],
        Operands = [Operand.TaskOrFile],
        Examples = ["dmctl query-status", "dmctl query-status shop", "dmctl query-status -s mysql-01", "dmctl query-status --more"],
        Run = RunAsync,
    };

    private static async Task RunAsync(CommandRun run)
    {
        if (run.Operands.Count > 1)
            throw run.WrongUsage();
        var task = UserFile.TaskName(run.Operand(0));
        QueryStatusListResponse answer;
        try
        {
            answer = await run.CallAsync(MasterMethods.QueryStatus, new QueryStatusListRequest { Name = task, Sources = { run.Sources } });
        }
        catch (MasterCallException)
        {
            run.Print($"can not query {task} task's status(in sources [{string.Join(' ', run.Sources)}])");
            throw;
        }

        // Where a source could not answer, the overview would hide it.
        var isOverview = task.Length == 0 && run.Sources.Count == 0 && !run.Line.IsOn("more") && answer.Result && answer.Sources.All(source => source.Result);
        if (isOverview)
            run.Print(GoJson.Format(Overview(answer)));
        else
            run.Print(answer);
    }

    /// <summary>One entry for each task with the sources it has and its status.</summary>
    internal static JsonObject Overview(QueryStatusListResponse answer)
    {
        var subtasks = answer.Sources.SelectMany(source => source.SubTaskStatus.Select(subtask => (Source: source.SourceStatus, Subtask: subtask)));
        var tasks = new JsonArray();
        foreach (var task in subtasks.GroupBy(pair => pair.Subtask.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var entry = new JsonObject();
            if (task.Key.Length > 0)
                entry["taskName"] = task.Key;
            entry["taskStatus"] = Status(task.Key, [.. task]);
            entry["sources"] = new JsonArray([.. task.Select(pair => JsonValue.Create(pair.Source?.Source ?? ""))]);
            tasks.Add(entry);
        }
        return new JsonObject { ["result"] = answer.Result, ["msg"] = answer.Msg, ["tasks"] = tasks };
    }

    // An error anywhere comes first, then a pause, then what all agree on; whatever else is mixed is running.
    private static string Status(string task, IReadOnlyList<(SourceStatus Source, SubTaskStatus Subtask)> subtasks)
    {
        var error = subtasks.Select(pair => ErrorOf(pair.Source, pair.Subtask)).FirstOrDefault(text => text is not null);
        if (error is not null)
            return $"{Error} - {error}. Please run `query-status {task}` to get more details.";
        var stages = subtasks.Select(pair => pair.Subtask.Stage).Distinct().ToList();
        if (stages.Contains(Stage.Paused))
            return nameof(Stage.Paused);
        return stages.Count == 1 ? stages[0].ToString() : nameof(Stage.Running);
    }

    private static string? ErrorOf(SourceStatus? source, SubTaskStatus subtask)
    {
        if (subtask.Stage == Stage.Paused && subtask.Result?.Errors.Count > 0)
            return "Some error occurred in subtask";
        var relay = source?.RelayStatus;
        var needsRelay = subtask is { Stage: Stage.Running, Unit: UnitType.Sync } && relay is { Stage: Stage.Paused or Stage.Stopped };
        return needsRelay ? $"Relay status is {(relay!.Result?.Errors.Count > 0 ? Error : relay.Stage.ToString())}" : null;
    }
}
