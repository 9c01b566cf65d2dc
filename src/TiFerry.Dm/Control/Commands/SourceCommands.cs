using TiFerry.Core.Config;
using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>operate-source and transfer-source.</summary>
internal static class SourceCommands
{
    public static readonly Command Operate = new("operate-source <operate-type> [config-file ...] [-w worker] [--print-sample-config]", "`create`/`update`/`stop`/`show` upstream MySQL/MariaDB source")
    {
        Flags =
        [
            new("print-sample-config", 'p', FlagKind.Switch, "print sample config file of source"),
            new("worker", 'w', FlagKind.Text, "specify bound worker for created source") { Operand = Operand.Worker },
        ],
        Operands = [Operand.OneOf("create", "update", "stop", "show"), Operand.SourceOrFile],
        Examples =
        [
            "dmctl operate-source create source1.yaml source2.yaml",
            "dmctl operate-source create source1.yaml -w worker1",
            "dmctl operate-source update source1.yaml",
            "dmctl operate-source stop mysql-01",
            "dmctl operate-source show",
            "dmctl operate-source --print-sample-config > source1.yaml",
        ],
        Run = OperateAsync,
    };

    public static readonly Command Transfer = new("transfer-source <source-id> <worker-id>", "Transfers a upstream MySQL/MariaDB source to a free worker")
    {
        Operands = [Operand.Source, Operand.Worker],
        Examples = ["dmctl transfer-source mysql-01 worker2"],
        Run = TransferAsync,
    };

    private static async Task OperateAsync(CommandRun run)
    {
        if (run.Line.IsOn("print-sample-config"))
        {
            run.Print(SampleSource.Text);
            return;
        }
        if (run.Operands.Count == 0)
            throw run.WrongUsage();
        var op = run.Operands[0] switch
        {
            "create" => SourceOp.StartSource,
            "update" => SourceOp.UpdateSource,
            "stop" => SourceOp.StopSource,
            "show" => SourceOp.ShowSource,
            var other => throw run.Refuse($"invalid operate '{other}' on worker"),
        };
        var files = run.Operands.Skip(1).ToList();
        if (op != SourceOp.ShowSource && files.Count == 0 && (op != SourceOp.StopSource || run.Sources.Count == 0))
            throw run.Refuse("operate-source create/stop should specify config-file(s)");
        var worker = op == SourceOp.StartSource ? run.Line.Text("worker") : "";
        if (worker.Length > 0 && files.Count > 1)
            throw run.Refuse("operate-source create can't create multiple sources when specify worker");

        var request = new OperateSourceRequest { Op = op, SourceID = { run.Sources }, WorkerName = worker };
        foreach (var file in files)
        {
            if (op == SourceOp.StopSource && !File.Exists(file))
                request.SourceID.Add(file);
            else
                request.Config.Add(ReadSource(file, run));
        }
        await run.CallAndPrintAsync(MasterMethods.OperateSource, request);
    }

    private static string ReadSource(string path, CommandRun run)
    {
        var text = UserFile.Read(path);
        var keys = YamlFile.Parse(path, text).AsMap();
        if (keys.Text("relay-dir").Length > 0)
            run.Print("`relay-dir` in source config will be deprecated soon, please use `relay-dir` in worker config instead");
        return Certificates.Embed(text, "from", run);
    }

    private static async Task TransferAsync(CommandRun run)
    {
        if (run.Operands.Count != 2)
            throw run.WrongUsage();
        await run.CallAndPrintAsync(MasterMethods.TransferSource, new TransferSourceRequest { Source = run.Operands[0], Worker = run.Operands[1] });
    }
}
