using System.Globalization;
using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>binlog skip, replace, revert, inject, list; and their old spelling handle-error.</summary>
internal static class BinlogCommands
{
    private static readonly Flag Position = new("binlog-pos", 'b', FlagKind.Text,
        "position used to match binlog event if matched the binlog operation will be applied. The format like \"mysql-bin|000001.000003:3270\"");

    public static readonly Command Command = new("binlog <command>", "manage or show binlog operations")
    {
        SharedFlags = [Position],
        Subcommands =
        [
            new("skip <task-name>", "skip the current error event or a specific binlog position (binlog-pos) event")
            {
                Operands = [Operand.TaskOrFile],
                Examples = ["dmctl binlog skip shop", "dmctl binlog skip shop -s mysql-01 -b mysql-bin.000003:3270"],
                Run = run => run.Operands.Count != 1 ? run.ShowHelp() : SendAsync(run, ErrorOp.Skip),
            },
            new("replace <task-name> <replace-sql1> <replace-sql2>...", "replace the current error event or a specific binlog position (binlog-pos) with some ddls")
            {
                Operands = [Operand.TaskOrFile, Operand.Any],
                Examples = ["dmctl binlog replace shop 'ALTER TABLE `db`.`t` ADD COLUMN `c` INT; ALTER TABLE `db`.`t` ADD UNIQUE (`c`)'"],
                Run = run => run.Operands.Count <= 1 ? run.ShowHelp() : SendAsync(run, ErrorOp.Replace, StatementList.Parse(run.Operands.Skip(1))),
            },
            new("revert <task-name>", "revert the current binlog operation or a specific binlog position (binlog-pos) operation")
            {
                Operands = [Operand.TaskOrFile],
                Examples = ["dmctl binlog revert shop", "dmctl binlog revert shop -b mysql-bin.000003:3270"],
                Run = run => run.Operands.Count == 0 ? run.ShowHelp() : SendAsync(run, ErrorOp.Revert),
            },
            new("inject <task-name> <inject-sql1> <inject-sql2>...", "inject the current error event or a specific binlog position (binlog-pos) with some ddls")
            {
                Operands = [Operand.TaskOrFile, Operand.Any],
                Examples = ["dmctl binlog inject shop -b mysql-bin.000003:3270 'ALTER TABLE `db`.`t` ADD COLUMN `c` INT'"],
                Run = run => run.Operands.Count <= 1 ? run.ShowHelp() : SendAsync(run, ErrorOp.Inject, StatementList.Parse(run.Operands.Skip(1))),
            },
            new("list <task-name>", "list error handle command at binlog position (binlog-pos) or after binlog position (binlog-pos)")
            {
                Operands = [Operand.TaskOrFile],
                Examples = ["dmctl binlog list shop", "dmctl binlog list shop -b mysql-bin.000003:4"],
                Run = run => run.Operands.Count != 1 ? run.ShowHelp() : SendAsync(run, ErrorOp.List),
            },
        ],
    };

    public static readonly Command HandleError = new("handle-error <task-name | task-file> [-s source ...] [-b binlog-pos] <skip/replace/revert> [replace-sql1;replace-sql2;]",
        "`skip`/`replace`/`revert` the current error event or a specific binlog position (binlog-pos) event")
    {
        Hidden = true,
        Flags = [Position],
        Operands = [Operand.TaskOrFile, Operand.OneOf("skip", "replace", "revert"), Operand.Any],
        Examples = ["dmctl handle-error shop skip", "dmctl handle-error shop replace 'ALTER TABLE `db`.`t` ADD COLUMN `c` INT'"],
        Run = HandleErrorAsync,
    };

    private static Task HandleErrorAsync(CommandRun run)
    {
        if (run.Operands.Count < 2)
            throw run.WrongUsage();
        var sqls = run.Operands.Skip(2).ToList();
        return run.Operands[1] switch
        {
            "skip" or "revert" when sqls.Count > 0 => throw run.Refuse("replace-sqls can not be used for 'skip/revert' operation"),
            "skip" => SendAsync(run, ErrorOp.Skip),
            "revert" => SendAsync(run, ErrorOp.Revert),
            "replace" when sqls.Count == 0 => throw run.Refuse("must specify the replace-sqls for replace operation"),
            "replace" => SendAsync(run, ErrorOp.Replace, StatementList.Parse(sqls)),
            var other => throw run.Refuse($"invalid operation '{other}', please use `skip`, `replace` or `revert`"),
        };
    }

    private static Task SendAsync(CommandRun run, ErrorOp op, IReadOnlyList<string>? sqls = null)
    {
        var position = run.Line.Text("binlog-pos");
        CheckPosition(position);
        return run.CallAndPrintAsync(MasterMethods.HandleError, new HandleErrorRequest
        {
            Op = op,
            Task = UserFile.TaskName(run.Operands[0]),
            Sources = { run.Sources },
            BinlogPos = position,
            Sqls = { sqls ?? [] },
        });
    }

    private static void CheckPosition(string position)
    {
        if (position.Length == 0)
            return;
        var parts = position.Split(':');
        if (parts.Length != 2)
            throw new ControlException($"the binlog position '{position}' can't be read: the format should be filename:pos");
        if (!uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            throw new ControlException($"the binlog position '{position}' can't be read: the pos should be digital");
    }
}
