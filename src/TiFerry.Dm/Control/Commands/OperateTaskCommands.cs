using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Control.Output;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>stop-task, pause-task, resume-task: of one task, or of all tasks of a source, a few at a time.</summary>
internal static class OperateTaskCommands
{
    private static readonly Flag BatchSize = new("batch-size", null, FlagKind.Number, "batch size when operating all (sub)tasks bound to a source", "5");

    public static readonly Command Stop = Create("stop-task", "Stops a specified task or all (sub)tasks bound to a source", TaskOp.Delete);

    public static readonly Command Pause = Create("pause-task", "Pauses a specified running task or all (sub)tasks bound to a source", TaskOp.Pause);

    public static readonly Command Resume = Create("resume-task", "Resumes a specified paused task or all (sub)tasks bound to a source", TaskOp.Resume);

    private static Command Create(string name, string summary, TaskOp op) => new($"{name} [-s source ...] [task-name | task-file]", summary)
    {
        Flags = [BatchSize],
        Operands = [Operand.TaskOrFile],
        Examples = [$"dmctl {name} shop", $"dmctl {name} task.yaml", $"dmctl {name} -s mysql-01 shop", $"dmctl {name} -s mysql-01 --batch-size 2"],
        Run = run => OperateAsync(run, op),
    };

    private static Task OperateAsync(CommandRun run, TaskOp op) => run.Operands.Count switch
    {
        0 => OperateSourceAsync(run, op),
        1 => OperateOneAsync(run, op),
        _ => throw run.WrongUsage(),
    };

    private static async Task OperateOneAsync(CommandRun run, TaskOp op)
    {
        var name = UserFile.TaskName(run.Operands[0]);
        try
        {
            await run.CallAndPrintAsync(MasterMethods.OperateTask, new OperateTaskRequest { Op = op, Name = name, Sources = { run.Sources } });
        }
        catch (MasterCallException)
        {
            run.Print($"can not {Verb(op)} task {name}");
            throw;
        }
    }

    private static async Task OperateSourceAsync(CommandRun run, TaskOp op)
    {
        if (run.Sources.Count != 1)
        {
            run.Print($"{(run.Sources.Count == 0 ? "must give one source-name" : "can give only one source-name")} when task-name/task-conf is not specified");
            throw run.WrongUsage();
        }
        if (run.Line.Number("batch-size") is not (> 0 and <= int.MaxValue))
            throw run.Refuse("--batch-size must be 1 or more");

        QueryStatusListResponse status;
        try
        {
            status = await run.CallAsync(MasterMethods.QueryStatus, new QueryStatusListRequest { Sources = { run.Sources } });
        }
        catch (MasterCallException)
        {
            run.Print($"cannot query status of source: [{run.Sources[0]}]");
            throw;
        }
        var isKnown = status.Result && status.Sources.Count > 0;
        var tasks = isKnown ? await OperateAllAsync(run, op, status.Sources[0].SubTaskStatus.Select(subtask => subtask.Name)) : [];
        run.Print(GoJson.Format(new JsonObject { ["result"] = isKnown, ["msg"] = isKnown ? "" : status.Msg, ["tasks"] = tasks }));
    }

    private static async Task<JsonArray> OperateAllAsync(CommandRun run, TaskOp op, IEnumerable<string> names)
    {
        var results = new ConcurrentBag<(string Name, JsonObject Result)>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = (int)run.Line.Number("batch-size"), CancellationToken = run.Stop };
        await Parallel.ForEachAsync(names, limits, async (name, _) => results.Add((name, await OperateAsync(run, op, name))));
        return [.. results.OrderBy(result => result.Name, StringComparer.Ordinal).Select(result => result.Result)];
    }

    private static async Task<JsonObject> OperateAsync(CommandRun run, TaskOp op, string name)
    {
        try
        {
            var answer = await run.CallAsync(MasterMethods.OperateTask, new OperateTaskRequest { Op = op, Name = name, Sources = { run.Sources } });
            return Result(answer.Result, answer.Msg, [.. answer.Sources.Select(Describe)]);
        }
        catch (MasterCallException e)
        {
            return Result(false, e.Message, null);
        }

        JsonObject Result(bool result, string message, JsonArray? sources) =>
            new() { ["task"] = name, ["op"] = op.ToString(), ["result"] = result, ["msg"] = message, ["sources"] = sources is { Count: > 0 } ? sources : null };
    }

    // In this list, unlike in the master's answers, empty fields are left out.
    private static JsonObject Describe(CommonWorkerResponse response)
    {
        var map = new JsonObject();
        if (response.Result)
            map["result"] = true;
        foreach (var (name, value) in new[] { ("msg", response.Msg), ("source", response.Source), ("worker", response.Worker) })
        {
            if (value.Length > 0)
                map[name] = value;
        }
        return map;
    }

    private static string Verb(TaskOp op) => op.ToString().ToLowerInvariant();
}
