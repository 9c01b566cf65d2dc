using TiFerry.Dm.Control.CommandLine;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Control.Commands;

/// <summary>binlog-schema list, update, delete; and their old spelling operate-schema.</summary>
internal static class SchemaCommands
{
    private static readonly Flag Flush = new("flush", null, FlagKind.Switch, "flush the table info and checkpoint immediately", "true");

    private static readonly Flag Sync = new("sync", null, FlagKind.Switch, "sync the table info to master to resolve shard ddl lock, only for optimistic mode now", "true");

    public static readonly Command Command = new("binlog-schema <command>", "manage or show table schema in schema tracker")
    {
        Subcommands =
        [
            new("list <task-name> <database> <table>", "show table schema structure")
            {
                Operands = [Operand.TaskOrFile, Operand.Any],
                Examples = ["dmctl binlog-schema list -s mysql-01 shop db t"],
                Run = run => run.Operands.Count < 3 ? run.ShowHelp() : SendAsync(run, Request(run, SchemaOp.GetSchema)),
            },
            new("update <task-name> <database> <table> [schema-file]", "update tables schema structure")
            {
                Flags =
                [
                    Flush,
                    Sync,
                    new("from-source", null, FlagKind.Switch, "use the schema from upstream database as the schema of the specified tables"),
                    new("from-target", null, FlagKind.Switch, "use the schema from downstream database as the schema of the specified tables"),
                ],
                Operands = [Operand.TaskOrFile, Operand.Any, Operand.Any, Operand.File],
                Examples = ["dmctl binlog-schema update -s mysql-01 shop db t schema.sql", "dmctl binlog-schema update -s mysql-01 shop db t --from-source"],
                Run = UpdateAsync,
            },
            new("delete <task-name> <database> <table>", "delete table schema structure")
            {
                Operands = [Operand.TaskOrFile, Operand.Any],
                Examples = ["dmctl binlog-schema delete -s mysql-01 shop db t"],
                Run = run => run.Operands.Count < 3 ? run.ShowHelp() : SendAsync(run, Request(run, SchemaOp.RemoveSchema)),
            },
        ],
    };

    public static readonly Command OperateSchema = new(
        "operate-schema <operate-type> <-s source ...> <task-name | task-file> <-d database> <-t table> [schema-file] [--flush] [--sync]",
        "`get`/`set`/`remove` the schema for an upstream table")
    {
        Hidden = true,
        Flags = [new("database", 'd', FlagKind.Text, "database name of the table"), new("table", 't', FlagKind.Text, "table name"), Flush, Sync],
        Operands = [Operand.OneOf("get", "set", "remove"), Operand.TaskOrFile, Operand.File],
        Examples = ["dmctl operate-schema get -s mysql-01 shop -d db -t t", "dmctl operate-schema set -s mysql-01 shop -d db -t t schema.sql"],
        Run = OperateSchemaAsync,
    };

    private static Task UpdateAsync(CommandRun run)
    {
        if (run.Operands.Count < 3)
            return run.ShowHelp();
        var (fromSource, fromTarget) = (run.Line.IsOn("from-source"), run.Line.IsOn("from-target"));
        if (fromSource && fromTarget)
            throw run.Refuse("from-source and from-target can not be used together");
        var fromFile = !fromSource && !fromTarget;
        if (fromFile && run.Operands.Count < 4)
            return run.ShowHelp();
        if (!fromFile && run.Operands.Count == 4)
            throw run.Refuse("can not set schema-file when use from-source or from-target");

        var request = Request(run, SchemaOp.SetSchema);
        request.Schema = fromFile ? UserFile.Read(run.Operands[3]) : "";
        request.Flush = run.Line.IsOn("flush");
        request.Sync = run.Line.IsOn("sync");
        request.FromSource = fromSource;
        request.FromTarget = fromTarget;
        return SendAsync(run, request);
    }

    private static Task OperateSchemaAsync(CommandRun run)
    {
        if (run.Operands.Count is < 2 or > 3)
            throw run.WrongUsage();
        var file = run.Operand(2);
        var op = run.Operands[0] switch
        {
            "get" => SchemaOp.GetSchema,
            "set" => SchemaOp.SetSchema,
            "remove" => SchemaOp.RemoveSchema,
            var other => throw run.Refuse($"invalid operate '{other}' on schema"),
        };
        if (op == SchemaOp.SetSchema && file.Length == 0)
            throw run.Refuse("must sepcify schema file for 'set' operation");
        var schema = op == SchemaOp.SetSchema ? UserFile.Read(file) : "";
        if (op != SchemaOp.SetSchema && file.Length > 0)
            run.Print("schema file will be ignored for 'get'/'delete' operation");
        if (run.Sources.Count == 0)
            throw run.Refuse("must specify at least one source (`-s` / `--source`)");
        foreach (var flag in new[] { "database", "table" })
        {
            if (run.Line.Text(flag).Length == 0)
                throw run.Refuse($"must specify '{flag}'");
        }

        return SendAsync(run, new OperateSchemaRequest
        {
            Op = op,
            Task = UserFile.TaskName(run.Operands[1]),
            Sources = { run.Sources },
            Database = run.Line.Text("database"),
            Table = run.Line.Text("table"),
            Schema = schema,
            Flush = run.Line.IsOn("flush"),
            Sync = run.Line.IsOn("sync"),
        });
    }

    private static OperateSchemaRequest Request(CommandRun run, SchemaOp op) =>
        new() { Op = op, Task = UserFile.TaskName(run.Operands[0]), Sources = { run.Sources }, Database = run.Operands[1], Table = run.Operands[2] };

    private static Task SendAsync(CommandRun run, OperateSchemaRequest request) => run.CallAndPrintAsync(MasterMethods.OperateSchema, request);
}
