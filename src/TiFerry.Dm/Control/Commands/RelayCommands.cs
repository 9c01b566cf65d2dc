using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>start-relay, stop-relay, pause-relay, resume-relay, purge-relay.</summary>
internal static class RelayCommands
{
    private const string NeedsSource = "must specify at least one source (`-s` / `--source`)";

    public static readonly Command Start = new("start-relay <-s source-id>", "Starts workers pulling relay log for a source")
    {
        Operands = [Operand.Worker],
        Examples = ["dmctl start-relay -s mysql-01", "dmctl start-relay -s mysql-01 worker1 worker2"],
        Run = run => StartOrStopAsync(run, RelayOpV2.StartRelayV2),
    };

    public static readonly Command Stop = new("stop-relay <-s source-id>", "Stops workers pulling relay log for a source")
    {
        Operands = [Operand.Worker],
        Examples = ["dmctl stop-relay -s mysql-01", "dmctl stop-relay -s mysql-01 worker2"],
        Run = run => StartOrStopAsync(run, RelayOpV2.StopRelayV2),
    };

    public static readonly Command Pause = new("pause-relay <-s source ...>", "Pauses DM-worker's relay unit")
    {
        Examples = ["dmctl pause-relay -s mysql-01", "dmctl pause-relay -s mysql-01,mysql-02"],
        Run = run => OperateAsync(run, RelayOp.PauseRelay),
    };

    public static readonly Command Resume = new("resume-relay <-s source ...>", "Resumes DM-worker's relay unit")
    {
        Examples = ["dmctl resume-relay -s mysql-01"],
        Run = run => OperateAsync(run, RelayOp.ResumeRelay),
    };

    public static readonly Command Purge = new("purge-relay <-s source> <-f filename> [--sub-dir directory]", "Purges relay log files of the DM-worker according to the specified filename")
    {
        Flags =
        [
            new("filename", 'f', FlagKind.Text, "name of the terminal file before which to purge relay log files. Sample format: \"mysql-bin.000006\""),
            new("sub-dir", null, FlagKind.Text,
                "specify relay sub directory for --filename. If not specified, the latest one will be used. Sample format: \"2ae76434-f79f-11e8-bde2-0242ac130008.000001\""),
        ],
        Examples = ["dmctl purge-relay -s mysql-01 -f mysql-bin.000006", "dmctl purge-relay -s mysql-01 -f mysql-bin.000006 --sub-dir 2ae76434-f79f-11e8-bde2-0242ac130008.000001"],
        Run = PurgeAsync,
    };

    private static async Task StartOrStopAsync(CommandRun run, RelayOpV2 op)
    {
        if (run.Operands.Count == 0 && run.Sources.Count == 0)
            throw run.WrongUsage();
        if (run.Sources.Count != 1)
            throw run.Refuse("must specify one source (`-s` / `--source`)");
        if (run.Operands.Count > 0)
            run.Print("start-relay/stop-relay with worker name will be deprecated soon. You can try stopping relay first and use start-relay without worker name instead");
        await run.CallAndPrintAsync(MasterMethods.OperateRelay, new OperateRelayRequest { Op = op, Source = run.Sources[0], Worker = { run.Operands } });
    }

    private static async Task OperateAsync(CommandRun run, RelayOp op)
    {
        if (run.Operands.Count > 0)
            throw run.WrongUsage();
        if (run.Sources.Count == 0)
            throw run.Refuse(NeedsSource);
        await run.CallAndPrintAsync(MasterMethods.OperateWorkerRelayTask, new OperateWorkerRelayRequest { Op = op, Sources = { run.Sources } });
    }

    private static async Task PurgeAsync(CommandRun run)
    {
        if (run.Operands.Count > 0)
            throw run.WrongUsage();
        if (run.Sources.Count == 0)
            throw new ControlException(NeedsSource);
        var filename = run.Line.Text("filename").Trim('"');
        if (filename.Length == 0)
            throw new ControlException("must specify the name of the terminal file before which to purge relay log files. (`-f` / `--filename`)");
        if (run.Sources.Count > 1)
            throw new ControlException("for --filename, can only specify one source per time");
        var directory = StatementList.TrimQuotes(run.Line.Text("sub-dir"));
        if (directory.Length == 0)
            run.Print("[warn] no --sub-dir specify for --filename, the latest one will be used");
        await run.CallAndPrintAsync(MasterMethods.PurgeWorkerRelay, new PurgeWorkerRelayRequest { Sources = { run.Sources }, Filename = filename, SubDir = directory });
    }
}
