using System.Globalization;
using System.Text.RegularExpressions;
using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>validation start, stop, update, status, show-error, ignore-error, resolve-error, clear-error. The master says whether it can validate.</summary>
internal static partial class ValidationCommands
{
    private const string StartTimeFormats =
        "'2006-01-02 15:04:05', '2006-01-02T15:04:05', '2006-01-02 15:04:05+08:00', '2006-01-02T15:04:05+08:00', '2006-01-02 15:04:05+0800', or '2006-01-02T15:04:05+0800'";

    private static readonly Flag AllTasks = new("all-task", null, FlagKind.Switch, "whether applied to all tasks");

    private static readonly Flag AllErrors = new("all", null, FlagKind.Switch, "all errors");

    public static readonly Command Command = new("validation", "operate or query validation task")
    {
        Subcommands =
        [
            new("start [--all-task] [task-name]", "start to validate the completeness of the data")
            {
                Flags =
                [
                    AllTasks,
                    new("mode", null, FlagKind.Text,
                        "specify the mode of validation: full (default), fast; this flag will be ignored if the validation task has been ever enabled but currently paused", "full") { Operand = Operand.OneOf("full", "fast") },
                    new("start-time", null, FlagKind.Text,
                        "specify the start time of binlog for validation, e.g. '2021-10-21 00:01:00', '2021-10-21T00:01:00', or '2021-10-21T00:01:00+08:00'"),
                ],
                Operands = [Operand.Task],
                Examples = ["dmctl validation start shop", "dmctl validation start --mode fast --all-task"],
                Run = StartAsync,
            },
            new("stop [--all-task] [task-name]", "stop validating the completeness of the data")
            {
                Flags = [AllTasks],
                Operands = [Operand.Task],
                Examples = ["dmctl validation stop shop"],
                Run = StopAsync,
            },
            new("update [task-name]", "update validation config of the completeness of the data")
            {
                Flags =
                [
                    new("cutover-binlog-pos", null, FlagKind.Text,
                        "specify the cutover binlog name for validation, should include binlog name and pos in brackets, e.g. '(mysql-bin.000001, 5989)'"),
                    new("cutover-binlog-gtid", null, FlagKind.Text,
                        "specify the cutover binlog gtid for validation, only valid when source config's gtid is enabled, e.g. '1642618e-cf65-11ec-9e3d-0242ac110002:1-30'"),
                ],
                Operands = [Operand.Task],
                Examples = ["dmctl validation update shop --cutover-binlog-pos '(mysql-bin.000001, 5989)'"],
                Run = UpdateAsync,
            },
            new("status [--table-stage stage] <task-name>", "query validation status of a task")
            {
                Flags = [new("table-stage", null, FlagKind.Text, "filter validation tables by stage: running/stopped") { Operand = Operand.OneOf("running", "stopped") }],
                Operands = [Operand.Task],
                Examples = ["dmctl validation status shop", "dmctl validation status --table-stage stopped shop"],
                Run = StatusAsync,
            },
            new("show-error [--error error-state] <task-name>", "show validation error row change")
            {
                Flags = [new("error", null, FlagKind.Text, "filtering type of error: all, ignored, or unprocessed", "unprocessed") { Operand = Operand.OneOf("all", "ignored", "unprocessed") }],
                Operands = [Operand.Task],
                Examples = ["dmctl validation show-error --error all shop"],
                Run = ShowErrorAsync,
            },
            OperateError("ignore-error", "ignore validation error row change", ValidationErrOp.IgnoreErrOp),
            OperateError("resolve-error", "resolve validation error row change", ValidationErrOp.ResolveErrOp),
            OperateError("clear-error", "clear validation error row change", ValidationErrOp.ClearErrOp),
        ],
    };

    private static Command OperateError(string name, string summary, ValidationErrOp op) => new($"{name} <task-name> <error-id|--all>", summary)
    {
        Flags = [AllErrors],
        Operands = [Operand.Task, Operand.Any],
        Examples = [$"dmctl validation {name} shop 1", $"dmctl validation {name} shop --all"],
        Run = run => OperateErrorAsync(run, op),
    };

    private static Task StartAsync(CommandRun run)
    {
        var request = new StartValidationRequest { Sources = { run.Sources } };
        if (run.Line.IsGiven("mode"))
        {
            request.ModeValue = run.Line.Text("mode") is "full" or "fast"
                ? run.Line.Text("mode")
                : throw run.WrongUsage($"mode should be either `full` or `fast`, current is `{run.Line.Text("mode")}`");
        }
        if (run.Line.IsGiven("start-time"))
        {
            request.StartTimeValue = StartTime().IsMatch(run.Line.Text("start-time"))
                ? run.Line.Text("start-time")
                : throw run.WrongUsage($"start-time should be in the format like {StartTimeFormats}");
        }
        request.TaskName = TaskOrAll(run);
        return run.CallAndPrintAsync(MasterMethods.StartValidation, request);
    }

    private static Task StopAsync(CommandRun run) =>
        run.CallAndPrintAsync(MasterMethods.StopValidation, new StopValidationRequest { TaskName = TaskOrAll(run), Sources = { run.Sources } });

    // An empty name stands for all tasks.
    private static string TaskOrAll(CommandRun run)
    {
        if (run.Operands.Count > 1)
            throw run.WrongUsage("too many arguments are specified");
        return run.Line.IsOn("all-task") == (run.Operands.Count == 1) ? throw run.WrongUsage("either `task-name` or `all-task` should be set") : run.Operand(0);
    }

    private static Task UpdateAsync(CommandRun run)
    {
        var (position, gtid) = (run.Line.Text("cutover-binlog-pos"), run.Line.Text("cutover-binlog-gtid"));
        if (position.Length > 0 && !BinlogPosition().IsMatch(position))
            throw run.WrongUsage($"invalid binlog pos, should be like (mysql-bin.000001, 2345), got {position}");
        if (position.Length > 0 && gtid.Length > 0)
            throw run.WrongUsage("you must specify either one of '--cutover-binlog-pos' or '--cutover-binlog-gtid'");
        if (run.Operands.Count > 1)
            throw run.WrongUsage("should specify only one `task-name`");
        if (run.Operand(0).Length == 0)
            throw run.WrongUsage("`task-name` should be set");
        return run.CallAndPrintAsync(MasterMethods.UpdateValidation, new UpdateValidationRequest { TaskName = run.Operands[0], Sources = { run.Sources }, BinlogPos = position, BinlogGTID = gtid });
    }

    private static Task StatusAsync(CommandRun run)
    {
        if (run.Operands.Count != 1)
            throw run.WrongUsage("task name should be specified");
        var stage = run.Line.Text("table-stage") switch
        {
            "" => Stage.InvalidStage,
            "running" => Stage.Running,
            "stopped" => Stage.Stopped,
            _ => throw run.WrongUsage("stage should be either `running` or `stopped`"),
        };
        return run.CallAndPrintAsync(MasterMethods.GetValidationStatus, new GetValidationStatusRequest { TaskName = run.Operands[0], FilterStatus = stage });
    }

    private static Task ShowErrorAsync(CommandRun run)
    {
        if (run.Operands.Count != 1)
            throw new ControlException("task name should be specified");
        var state = run.Line.Text("error") switch
        {
            "all" => ValidateErrorState.InvalidErr,
            "ignored" => ValidateErrorState.IgnoredErr,
            "unprocessed" => ValidateErrorState.NewErr,
            _ => throw run.WrongUsage("error flag should be either `all`, `ignored`, or `unprocessed`"),
        };
        return run.CallAndPrintAsync(MasterMethods.GetValidationError, new GetValidationErrorRequest { ErrState = state, TaskName = run.Operands[0] });
    }

    private static Task OperateErrorAsync(CommandRun run, ValidationErrOp op)
    {
        if (run.Operands.Count == 0)
            throw run.WrongUsage("task name should be specified");
        if (run.Operands.Count > 2)
            throw run.WrongUsage("too many arguments are specified");
        var id = run.Operand(1);
        var all = run.Line.IsOn("all");
        if (all == id.Length > 0)
            throw run.WrongUsage("either `--all` or `error-id` should be set");
        ulong number = 0;
        if (!all && !ulong.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            throw run.WrongUsage("`error-id` should be integer when `--all` is not set");
        return run.CallAndPrintAsync(MasterMethods.OperateValidationError, new OperateValidationErrorRequest { Op = op, TaskName = run.Operands[0], IsAllError = all, ErrId = number });
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:?\d{2})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex StartTime();

    [GeneratedRegex(@"^\(?[^,]+, \d+\)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex BinlogPosition();
}
