using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>shard-ddl-lock and shard-ddl-lock unlock; and their old spellings show-ddl-locks and unlock-ddl-lock.</summary>
internal static class LockCommands
{
    private static readonly Flag[] UnlockFlags =
    [
        new("owner", 'o', FlagKind.Text, "source to replace the default owner") { Operand = Operand.Source },
        new("force-remove", 'f', FlagKind.Switch, "force to remove DDL lock"),
        new("action", 'a', FlagKind.Text, "accept skip/exec values which means whether to skip or execute ddls", "skip") { Operand = Operand.OneOf("skip", "exec") },
        new("database", 'd', FlagKind.Text, "database name of the table"),
        new("table", 't', FlagKind.Text, "table name"),
    ];

    public static readonly Command Command = new("shard-ddl-lock [task]", "maintain or show shard-ddl locks information")
    {
        Operands = [Operand.TaskOrFile],
        Examples = ["dmctl shard-ddl-lock", "dmctl shard-ddl-lock shop"],
        Run = ShowAsync,
        Subcommands =
        [
            new("unlock <lock-id>", "Unlock un-resolved DDL locks forcely")
            {
                Flags = UnlockFlags,
                Examples = ["dmctl shard-ddl-lock unlock 'shop-`db`.`t`'"],
                Run = UnlockAsync,
            },
        ],
    };

    public static readonly Command Show = new("show-ddl-locks [-s source ...] [task-name | task-file]", "Shows un-resolved DDL locks")
    {
        Hidden = true,
        Operands = [Operand.TaskOrFile],
        Examples = ["dmctl show-ddl-locks shop"],
        Run = ShowAsync,
    };

    public static readonly Command Unlock = new("unlock-ddl-lock <lock-ID>", "Unlocks DDL lock forcefully")
    {
        Hidden = true,
        Flags = UnlockFlags,
        Examples = ["dmctl unlock-ddl-lock 'shop-`db`.`t`'"],
        Run = UnlockAsync,
    };

    private static async Task ShowAsync(CommandRun run)
    {
        if (run.Operands.Count > 1)
            throw run.WrongUsage();
        var task = UserFile.TaskName(run.Operand(0));
        try
        {
            await run.CallAndPrintAsync(MasterMethods.ShowDDLLocks, new ShowDDLLocksRequest { Task = task, Sources = { run.Sources } });
        }
        catch (MasterCallException)
        {
            run.Print($"can not show DDL locks for task {task} and sources [{string.Join(' ', run.Sources)}]");
            throw;
        }
    }

    private static async Task UnlockAsync(CommandRun run)
    {
        if (run.Operands.Count != 1)
            throw run.WrongUsage();
        var op = run.Line.Text("action") switch
        {
            "exec" => UnlockDDLLockOp.ExecLock,
            "skip" => UnlockDDLLockOp.SkipLock,
            _ => throw new ControlException("please check --action argument, only exec/skip are acceptable"),
        };
        try
        {
            await run.CallAndPrintAsync(MasterMethods.UnlockDDLLock, new UnlockDDLLockRequest
            {
                ID = run.Operands[0],
                ReplaceOwner = run.Line.Text("owner"),
                ForceRemove = run.Line.IsOn("force-remove"),
                Op = op,
                Sources = { run.Sources },
                Database = run.Line.Text("database"),
                Table = run.Line.Text("table"),
            });
        }
        catch (MasterCallException)
        {
            run.Print($"can not unlock DDL lock {run.Operands[0]}");
            throw;
        }
    }
}
