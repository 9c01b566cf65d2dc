using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Control.Output;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>start-task and check-task: commands that take a task file.</summary>
internal static class TaskCommands
{
    private const string DefaultCount = "10";

    private static readonly Flag StartTime = new("start-time", null, FlagKind.Text,
        "specify the start time of binlog replication, e.g. '2021-10-21 00:01:00', '2021-10-21T00:01:00', or '2021-10-21T00:01:00+08:00'");

    public static readonly Command Start = new("start-task [-s source ...] [--remove-meta] <config-file>", "Starts a task as defined in the configuration file")
    {
        Flags = [new("remove-meta", null, FlagKind.Switch, "whether to remove task's meta data"), StartTime],
        Operands = [Operand.File],
        Examples =
        [
            "dmctl start-task task.yaml",
            "dmctl start-task -s mysql-01 task.yaml",
            "dmctl start-task --remove-meta task.yaml",
            "dmctl start-task --start-time '2026-01-31 00:00:00' task.yaml",
        ],
        Run = StartAsync,
    };

    public static readonly Command Check = new("check-task <config-file> [--error count] [--warn count]", "Checks the configuration file of the task")
    {
        Flags =
        [
            new("error", 'e', FlagKind.Number, "max count of errors to display", DefaultCount),
            new("warn", 'w', FlagKind.Number, "max count of warns to display", DefaultCount),
            StartTime,
        ],
        Operands = [Operand.File],
        Examples = ["dmctl check-task task.yaml", "dmctl check-task task.yaml -e 100 -w 100"],
        Run = CheckAsync,
    };

    private static async Task StartAsync(CommandRun run)
    {
        if (run.Operands.Count != 1)
            throw run.WrongUsage();
        var file = TaskFile.Read(run.Operands[0], run);
        var answer = await run.CallAsync(MasterMethods.StartTask, new StartTaskRequest
        {
            Task = file.WithCertificates(run),
            Sources = { run.Sources },
            RemoveMeta = run.Line.IsOn("remove-meta"),
            StartTime = run.Line.Text("start-time"),
        });
        run.Print(CheckReport.Format(answer, answer.CheckResult, (copy, text) => copy.CheckResult = text));
    }

    private static async Task CheckAsync(CommandRun run)
    {
        if (run.Operands.Count != 1)
            throw run.WrongUsage();
        var file = TaskFile.Read(run.Operands[0], run);
        var answer = await run.CallAsync(MasterMethods.CheckTask, new CheckTaskRequest
        {
            Task = file.WithCertificates(run),
            ErrCnt = run.Line.Number("error"),
            WarnCnt = run.Line.Number("warn"),
            StartTime = run.Line.Text("start-time"),
        });
        run.Print(CheckReport.Format(answer, answer.Msg, (copy, text) => copy.Msg = text));
    }
}
