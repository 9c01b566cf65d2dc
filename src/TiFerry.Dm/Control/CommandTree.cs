using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Control.Commands;

namespace TiFerry.Dm.Control;

/// <summary>All commands of dmctl.</summary>
internal static class CommandTree
{
    private const string Name = "dmctl";

    private static readonly Flag Source = new("source", 's', FlagKind.List, "MySQL Source ID.") { Operand = Operand.Source };

    private static readonly Command[] Commands =
    [
        TaskCommands.Start,
        OperateTaskCommands.Stop,
        OperateTaskCommands.Pause,
        OperateTaskCommands.Resume,
        TaskCommands.Check,
        QueryStatusCommand.Command,
        LockCommands.Show,
        LockCommands.Unlock,
        RelayCommands.Pause,
        RelayCommands.Resume,
        RelayCommands.Purge,
        SourceCommands.Operate,
        MemberCommands.Offline,
        MemberCommands.Leader,
        MemberCommands.List,
        SchemaCommands.OperateSchema,
        ConfigCommands.GetConfig,
        BinlogCommands.HandleError,
        SourceCommands.Transfer,
        RelayCommands.Start,
        RelayCommands.Stop,
        BinlogCommands.Command,
        LockCommands.Command,
        SchemaCommands.Command,
        ConfigCommands.Command,
        ValidationCommands.Command,
        SecretCommands.Encrypt,
        SecretCommands.Decrypt,
    ];

    /// <summary>The commands as they stand on a shell's command line, with the flags that say how masters are reached.</summary>
    public static readonly Command CommandMode = Root([.. MasterFlags.All, Source], [
        "dmctl --master-addr 10.0.0.1:8261,10.0.0.2:8261 query-status",
        "dmctl --master-addr 10.0.0.1:8261 operate-source create source1.yaml",
        "dmctl --master-addr 10.0.0.1:8261 start-task task.yaml",
        "export DM_MASTER_ADDR=10.0.0.1:8261; dmctl list-member",
        "dmctl --master-addr 10.0.0.1:8261                 (asks for commands)",
    ]);

    /// <summary>The commands as they are typed at the prompt.</summary>
    public static readonly Command Interactive = Root([Source], []);

    private static Command Root(IReadOnlyList<Flag> flags, IReadOnlyList<string> examples)
    {
        var help = new Command("help [command]", "Gets help about any command") { Run = ShowHelpAsync };
        return new Command(Name, "DM control") { SharedFlags = flags, Subcommands = [.. Commands, help], Examples = examples };
    }

    private static Task ShowHelpAsync(CommandRun run)
    {
        var root = new CommandPath([run.Line.Path.Commands[0]]);
        var (path, used) = root.Follow(run.Operands);
        if (used < run.Operands.Count && path.Command.Subcommands.Count > 0)
        {
            run.Print($"Unknown help topic [`{string.Join("` `", run.Operands)}`]");
            run.Console.Output.Write(HelpText.Usage(root));
        }
        else
        {
            run.Console.Output.Write(HelpText.Full(path));
        }
        return Task.CompletedTask;
    }
}
