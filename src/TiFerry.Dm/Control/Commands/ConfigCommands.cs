using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>config task, source, master, worker, task-template, export, import; and the old spelling get-config.</summary>
internal static class ConfigCommands
{
    private const string GetTaskConfig = "get-task-config";

    // The unbalanced quote is DM's.
    private static readonly Flag Path = new("path", 'p', FlagKind.Text, "specify the file path to export/import`") { Operand = Operand.File };

    private static readonly Flag Directory = new("dir", 'd', FlagKind.Text, "specify the configs directory, default is `./configs`") { Hidden = true, Operand = Operand.File };

    public static readonly Command Command = new("config <command>", "manage config operations")
    {
        SharedFlags = [Path],
        Subcommands =
        [
            Show("task [task-name]", "manage or show task configs", CfgType.TaskType, Operand.Task, "dmctl config task shop", "dmctl config task shop --path shop.yaml") with { Subcommands = [ComesLater("task")] },
            Show("source [source-name]", "manage or show source config", CfgType.SourceType, Operand.Source, "dmctl config source mysql-01") with { Subcommands = [ComesLater("source")] },
            Show("master [master-name]", "manage or show master configs", CfgType.MasterType, Operand.Master, "dmctl config master master1"),
            Show("worker [worker-name]", "manage or show worker configs", CfgType.WorkerType, Operand.Worker, "dmctl config worker worker1"),
            Show("task-template [task-name]", "show task template which is created by WebUI with task config format", CfgType.TaskTemplateType, Operand.Any, "dmctl config task-template shop"),
            new("export", "Export the configurations of sources and tasks")
            {
                Flags = [Directory],
                Examples = ["dmctl config export", "dmctl config export --path /backup/dm-configs"],
                Run = run => ConfigExport.RunAsync(run, DirectoryOf(run)),
            },
            new("import", "Import the configurations of sources and tasks")
            {
                Flags = [Directory],
                Examples = ["dmctl config import", "dmctl config import --path /backup/dm-configs"],
                Run = run => ConfigImport.RunAsync(run, DirectoryOf(run)),
            },
        ],
    };

    public static readonly Command GetConfig = new("get-config <task | master | worker | source> <name> [--file filename]", "Gets the configuration")
    {
        Hidden = true,
        Aliases = [GetTaskConfig],
        Flags = [new("file", 'f', FlagKind.Text, "write config to file") { Operand = Operand.File }],
        Operands = [Operand.OneOf("task", "master", "worker", "source"), Operand.Any],
        Examples = ["dmctl get-config task shop", "dmctl get-config source mysql-01 --file mysql-01.yaml"],
        Run = GetConfigAsync,
    };

    private static Command Show(string use, string summary, CfgType type, Operand operand, params string[] examples) => new(use, summary)
    {
        Operands = [operand],
        Examples = examples,
        Run = run => run.Operands.Count != 1 ? run.ShowHelp() : GetAsync(run, type, run.Operands[0], run.Line.Text("path")),
    };

    private static Command ComesLater(string what) => new("update <command>", $"update config {what}")
    {
        Hidden = true,
        Run = _ => throw new ControlException("this function will be supported later"),
    };

    private static string DirectoryOf(CommandRun run) => new[] { run.Line.Text("path"), run.Line.Text("dir"), "configs" }.First(path => path.Length > 0);

    private static Task GetConfigAsync(CommandRun run)
    {
        var operands = run.Line.CalledAs == GetTaskConfig ? ["task", .. run.Operands] : run.Operands;
        if (operands.Count != 2)
            throw run.WrongUsage();
        var type = operands[0] switch
        {
            "task" => CfgType.TaskType,
            "master" => CfgType.MasterType,
            "worker" => CfgType.WorkerType,
            "source" => CfgType.SourceType,
            var other => throw run.Refuse($"invalid config type '{other}'"),
        };
        return GetAsync(run, type, operands[1], run.Line.Text("file"));
    }

    private static async Task GetAsync(CommandRun run, CfgType type, string name, string path)
    {
        GetCfgResponse answer;
        try
        {
            answer = await run.CallAsync(MasterMethods.GetCfg, new GetCfgRequest { Type = type, Name = name });
        }
        catch (MasterCallException)
        {
            run.Print($"can not get {type} config of {name}");
            throw;
        }

        if (answer.Result && path.Length > 0)
        {
            try
            {
                PrivateFile.Write(path, FileMode.Create, answer.Cfg);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                run.Print($"can not write config to file {path}");
                throw new ControlException(e.Message, e);
            }
            answer = new GetCfgResponse { Result = true, Msg = $"write config to file {path} succeed" };
        }
        run.Print(answer);
    }
}
