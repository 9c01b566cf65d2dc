using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>list-member, offline-member, operate-leader.</summary>
internal static class MemberCommands
{
    public static readonly Command List = new("list-member [--leader] [--master] [--worker] [--name master-name/worker-name ...]", "Lists member information")
    {
        Flags =
        [
            new("leader", 'l', FlagKind.Switch, "only to list leader information"),
            new("master", 'm', FlagKind.Switch, "only to list master information"),
            new("worker", 'w', FlagKind.Switch, "only to list worker information"),
            new("name", 'n', FlagKind.List, "specify member names in choosing type") { Operand = Operand.Member },
        ],
        Examples = ["dmctl list-member", "dmctl list-member --worker", "dmctl list-member --worker --name worker1,worker2"],
        Run = ListAsync,
    };

    public static readonly Command Offline = new("offline-member <--master/--worker> <--name master-name/worker-name>", "Offlines member which has been closed")
    {
        Flags =
        [
            new("master", 'm', FlagKind.Switch, "to offline a master"),
            new("worker", 'w', FlagKind.Switch, "to offline a worker"),
            new("name", 'n', FlagKind.Text, "specify member name for choosing type") { Operand = Operand.Member },
        ],
        Examples = ["dmctl offline-member --worker --name worker3", "dmctl offline-member --master --name master2"],
        Run = OfflineAsync,
    };

    public static readonly Command Leader = new("operate-leader <operate-type>", "`evict`/`cancel-evict` the leader")
    {
        Operands = [Operand.OneOf("evict", "cancel-evict")],
        Examples = ["dmctl operate-leader evict", "dmctl operate-leader cancel-evict"],
        Run = LeaderAsync,
    };

    private static async Task ListAsync(CommandRun run)
    {
        if (run.Operands.Count != 0)
            throw run.WrongUsage();
        await run.CallAndPrintAsync(MasterMethods.ListMember, new ListMemberRequest
        {
            Leader = run.Line.IsOn("leader"),
            Master = run.Line.IsOn("master"),
            Worker = run.Line.IsOn("worker"),
            Names = { run.Line.List("name") },
        });
    }

    private static async Task OfflineAsync(CommandRun run)
    {
        if (run.Operands.Count > 0)
            throw run.WrongUsage();
        var isMaster = run.Line.IsOn("master");
        if (isMaster == run.Line.IsOn("worker"))
        {
            run.Print("get offline type failed");
            throw new ControlException("should specify either --master or --worker");
        }
        var name = run.Line.Text("name");
        if (name.Length == 0)
            throw run.Refuse("a member name must be specified");

        var answer = await run.CallAsync(MasterMethods.OfflineMember, new OfflineMemberRequest { Type = isMaster ? "master" : "worker", Name = name });
        if (!answer.Result)
            throw run.Refuse($"offline member failed:\n{answer.Msg}");
        run.Print(answer);
    }

    private static async Task LeaderAsync(CommandRun run)
    {
        if (run.Operands.Count != 1)
            throw run.WrongUsage();
        var op = run.Operands[0] switch
        {
            "evict" => LeaderOp.EvictLeaderOp,
            "cancel-evict" => LeaderOp.CancelEvictLeaderOp,
            var other => throw run.Refuse($"invalid operate '{other}' on leader"),
        };
        await run.CallAndPrintAsync(MasterMethods.OperateLeader, new OperateLeaderRequest { Op = op });
    }
}
