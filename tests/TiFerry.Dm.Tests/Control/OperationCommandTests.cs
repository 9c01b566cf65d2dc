using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Tests.Control;

/// <summary>Commands about binlog events, table definitions, locks, validation.</summary>
public sealed class OperationCommandTests : MasterTest
{
    private const string Answer = "{\n    \"result\": true,\n    \"msg\": \"\",\n    \"sources\": [\n    ]\n}";

    [Theory]
    [InlineData("skip", ErrorOp.Skip)]
    [InlineData("revert", ErrorOp.Revert)]
    [InlineData("list", ErrorOp.List)]
    public async Task Binlog_operations_without_statements(string name, ErrorOp op)
    {
        (await Master.RunAsync("binlog", name, "shop", "-s", "a", "-b", "bin|000001.000003:3270")).AssertPrinted(Answer);
        Assert.Equal(new HandleErrorRequest { Op = op, Task = "shop", Sources = { "a" }, BinlogPos = "bin|000001.000003:3270" }, Master.Only<HandleErrorRequest>());
        (await Master.RunAsync("binlog", name)).AssertHelp($"binlog {name} <task-name> [flags]");
    }

    [Theory]
    [InlineData("replace", ErrorOp.Replace)]
    [InlineData("inject", ErrorOp.Inject)]
    public async Task Binlog_operations_with_statements(string name, ErrorOp op)
    {
        var file = Files.Write("task.yaml", "name: shop\n");
        await Master.RunAsync("binlog", name, file, "alter table `d`.`t` add column `a;b` int; ALTER TABLE d.t COMMENT 'x;y'  ;;");
        await Master.RunAsync("binlog", name, "shop", "drop", "table", "d.t");
        await Master.RunAsync("binlog", name, "shop", "\"drop table d.t\"");
        AssertAsked(
            new HandleErrorRequest { Op = op, Task = "shop", Sqls = { "alter table `d`.`t` add column `a;b` int;", "ALTER TABLE d.t COMMENT 'x;y'  ;" } },
            new HandleErrorRequest { Op = op, Task = "shop", Sqls = { "drop table d.t" } },
            new HandleErrorRequest { Op = op, Task = "shop", Sqls = { "drop table d.t" } });
        (await Master.RunAsync("binlog", name, "shop")).AssertHelp($"binlog {name} <task-name> <{name}-sql1> <{name}-sql2>... [flags]");
    }

    [Fact]
    public async Task Binlog_refuses_what_it_cannot_read()
    {
        var bad = await Master.RunAsync("binlog", "replace", "shop", "alter table");
        Assert.StartsWith("Error: invalid sql 'alter table': ", bad.Errors, StringComparison.Ordinal);
        (await Master.RunAsync("binlog", "replace", "shop", ";")).AssertFailed("no valid SQLs");
        (await Master.RunAsync("binlog", "skip", "shop", "-b", "bin.000003")).AssertFailed("the binlog position 'bin.000003' can't be read: the format should be filename:pos");
        (await Master.RunAsync("binlog", "skip", "shop", "-b", "bin.000003:x")).AssertFailed("the binlog position 'bin.000003:x' can't be read: the pos should be digital");
        (await Master.RunAsync("binlog")).AssertHelp("binlog [command]");
        (await Master.RunAsync("binlog", "frobnicate")).AssertHelp("binlog [command]");
        Assert.Empty(Master.Asked);
    }

    [Fact]
    public async Task Handle_error_is_the_old_spelling()
    {
        (await Master.RunAsync("handle-error", "shop", "skip", "-b", "bin.000003:4")).AssertPrinted(Answer);
        await Master.RunAsync("handle-error", "shop", "revert", "-s", "a");
        await Master.RunAsync("handle-error", "shop", "replace", "drop table d.t");
        AssertAsked(
            new HandleErrorRequest { Op = ErrorOp.Skip, Task = "shop", BinlogPos = "bin.000003:4" },
            new HandleErrorRequest { Op = ErrorOp.Revert, Task = "shop", Sources = { "a" } },
            new HandleErrorRequest { Op = ErrorOp.Replace, Task = "shop", Sqls = { "drop table d.t" } });
        (await Master.RunAsync("handle-error", "shop")).AssertUsage("handle-error <task-name | task-file> [-s source ...] [-b binlog-pos] <skip/replace/revert> [replace-sql1;replace-sql2;]");
        (await Master.RunAsync("handle-error", "shop", "skip", "x")).AssertRefused("replace-sqls can not be used for 'skip/revert' operation");
        (await Master.RunAsync("handle-error", "shop", "replace")).AssertRefused("must specify the replace-sqls for replace operation");
        (await Master.RunAsync("handle-error", "shop", "inject")).AssertRefused("invalid operation 'inject', please use `skip`, `replace` or `revert`");
    }

    [Fact]
    public async Task Binlog_schema()
    {
        var schema = Files.Write("schema.sql", "CREATE TABLE t (a INT)");
        (await Master.RunAsync("binlog-schema", "list", "shop", "d", "t", "-s", "a")).AssertPrinted(Answer);
        await Master.RunAsync("binlog-schema", "delete", "shop", "d", "t");
        await Master.RunAsync("binlog-schema", "update", "shop", "d", "t", schema, "--flush=false");
        await Master.RunAsync("binlog-schema", "update", "shop", "d", "t", "--from-source", "--sync=false");
        await Master.RunAsync("binlog-schema", "update", "shop", "d", "t", "--from-target");
        AssertAsked(
            Schema(SchemaOp.GetSchema, "a"),
            Schema(SchemaOp.RemoveSchema),
            new OperateSchemaRequest(Schema(SchemaOp.SetSchema)) { Schema = "CREATE TABLE t (a INT)", Sync = true },
            new OperateSchemaRequest(Schema(SchemaOp.SetSchema)) { Flush = true, FromSource = true },
            new OperateSchemaRequest(Schema(SchemaOp.SetSchema)) { Flush = true, Sync = true, FromTarget = true });
    }

    [Fact]
    public async Task Binlog_schema_refuses()
    {
        (await Master.RunAsync("binlog-schema")).AssertHelp("binlog-schema [command]");
        (await Master.RunAsync("binlog-schema", "list", "shop", "d")).AssertHelp("binlog-schema list <task-name> <database> <table> [flags]");
        (await Master.RunAsync("binlog-schema", "delete", "shop", "d")).AssertHelp("binlog-schema delete <task-name> <database> <table> [flags]");
        (await Master.RunAsync("binlog-schema", "update", "shop", "d", "t")).AssertHelp("binlog-schema update <task-name> <database> <table> [schema-file] [flags]");
        (await Master.RunAsync("binlog-schema", "update", "shop", "d", "t", "--from-source", "--from-target")).AssertRefused("from-source and from-target can not be used together");
        (await Master.RunAsync("binlog-schema", "update", "shop", "d", "t", "f", "--from-source")).AssertRefused("can not set schema-file when use from-source or from-target");
        Assert.StartsWith("Error: error in get file content: ", (await Master.RunAsync("binlog-schema", "update", "shop", "d", "t", "/none")).Errors, StringComparison.Ordinal);
        Assert.Empty(Master.Asked);
    }

    [Fact]
    public async Task Operate_schema_is_the_old_spelling()
    {
        var schema = Files.Write("schema.sql", "CREATE TABLE t (a INT)");
        var flags = new[] { "-s", "a", "-d", "d", "-t", "t" };
        (await Master.RunAsync(["operate-schema", "get", "shop", .. flags])).AssertPrinted(Answer);
        await Master.RunAsync(["operate-schema", "set", "shop", schema, .. flags, "--sync=false"]);
        Assert.StartsWith("schema file will be ignored for 'get'/'delete' operation\n", (await Master.RunAsync(["operate-schema", "remove", "shop", "x", .. flags])).Output, StringComparison.Ordinal);
        AssertAsked(
            new OperateSchemaRequest(Schema(SchemaOp.GetSchema, "a")) { Flush = true, Sync = true },
            new OperateSchemaRequest(Schema(SchemaOp.SetSchema, "a")) { Flush = true, Schema = "CREATE TABLE t (a INT)" },
            new OperateSchemaRequest(Schema(SchemaOp.RemoveSchema, "a")) { Flush = true, Sync = true });
        (await Master.RunAsync("operate-schema", "get")).AssertUsage("operate-schema <operate-type> <-s source ...> <task-name | task-file> <-d database> <-t table> [schema-file] [--flush] [--sync]");
        (await Master.RunAsync("operate-schema", "x", "shop")).AssertRefused("invalid operate 'x' on schema");
        (await Master.RunAsync("operate-schema", "set", "shop")).AssertRefused("must sepcify schema file for 'set' operation");
        (await Master.RunAsync("operate-schema", "get", "shop")).AssertRefused("must specify at least one source (`-s` / `--source`)");
        (await Master.RunAsync("operate-schema", "get", "shop", "-s", "a")).AssertRefused("must specify 'database'");
        (await Master.RunAsync("operate-schema", "get", "shop", "-s", "a", "-d", "d")).AssertRefused("must specify 'table'");
    }

    [Theory]
    [InlineData("shard-ddl-lock")]
    [InlineData("show-ddl-locks")]
    public async Task Locks_are_shown(string command)
    {
        (await Master.RunAsync(command, "shop", "-s", "a")).AssertPrinted("{\n    \"result\": true,\n    \"msg\": \"\",\n    \"locks\": [\n    ]\n}");
        await Master.RunAsync(command);
        AssertAsked(new ShowDDLLocksRequest { Task = "shop", Sources = { "a" } }, new ShowDDLLocksRequest());
        Assert.Equal(1, (await Master.RunAsync(command, "a", "b")).Code);
    }

    [Theory]
    [InlineData("shard-ddl-lock unlock")]
    [InlineData("unlock-ddl-lock")]
    public async Task Locks_are_released(string command)
    {
        await Master.RunAsync([.. command.Split(' '), "shop-`d`.`t`"]);
        await Master.RunAsync([.. command.Split(' '), "x", "-o", "a", "-f", "-a", "exec", "-d", "d", "-t", "t", "-s", "b"]);
        AssertAsked(
            new UnlockDDLLockRequest { ID = "shop-`d`.`t`", Op = UnlockDDLLockOp.SkipLock },
            new UnlockDDLLockRequest { ID = "x", ReplaceOwner = "a", ForceRemove = true, Op = UnlockDDLLockOp.ExecLock, Sources = { "b" }, Database = "d", Table = "t" });
        Assert.Equal(1, (await Master.RunAsync(command.Split(' '))).Code);
        (await Master.RunAsync([.. command.Split(' '), "x", "-a", "y"])).AssertFailed("please check --action argument, only exec/skip are acceptable");
    }

    [Fact]
    public async Task Validation_asks_the_master()
    {
        Master.Answer(MasterMethods.StartValidation, new StartValidationResponse { Msg = "continuous validation comes later" });
        Assert.Contains("continuous validation comes later", (await Master.RunAsync("validation", "start", "shop", "--mode", "fast", "--start-time", "2026-01-31 00:00:00")).Output, StringComparison.Ordinal);
        foreach (var line in new[] { "start --all-task", "stop shop", "update shop --cutover-binlog-gtid x:1-2", "update shop --cutover-binlog-pos (bin.000001,_5989)", "status shop --table-stage running", "show-error shop", "show-error --error all shop", "ignore-error shop 3", "resolve-error shop --all", "clear-error shop 18446744073709551615" })
            Assert.Equal(0, (await Master.RunAsync(["validation", .. line.Split(' ').Select(word => word.Replace('_', ' '))])).Code);
        AssertAsked(
            new StartValidationRequest { TaskName = "shop", ModeValue = "fast", StartTimeValue = "2026-01-31 00:00:00" },
            new StartValidationRequest(),
            new StopValidationRequest { TaskName = "shop" },
            new UpdateValidationRequest { TaskName = "shop", BinlogGTID = "x:1-2" },
            new UpdateValidationRequest { TaskName = "shop", BinlogPos = "(bin.000001, 5989)" },
            new GetValidationStatusRequest { TaskName = "shop", FilterStatus = Stage.Running },
            new GetValidationErrorRequest { TaskName = "shop", ErrState = ValidateErrorState.NewErr },
            new GetValidationErrorRequest { TaskName = "shop" },
            new OperateValidationErrorRequest { TaskName = "shop", Op = ValidationErrOp.IgnoreErrOp, ErrId = 3 },
            new OperateValidationErrorRequest { TaskName = "shop", Op = ValidationErrOp.ResolveErrOp, IsAllError = true },
            new OperateValidationErrorRequest { TaskName = "shop", Op = ValidationErrOp.ClearErrOp, ErrId = ulong.MaxValue });
    }

    [Theory]
    [InlineData("start", "either `task-name` or `all-task` should be set")]
    [InlineData("start shop --all-task", "either `task-name` or `all-task` should be set")]
    [InlineData("start a b", "too many arguments are specified")]
    [InlineData("start a --mode slow", "mode should be either `full` or `fast`, current is `slow`")]
    [InlineData("stop", "either `task-name` or `all-task` should be set")]
    [InlineData("update", "`task-name` should be set")]
    [InlineData("update a b", "should specify only one `task-name`")]
    [InlineData("update a --cutover-binlog-pos x", "invalid binlog pos, should be like (mysql-bin.000001, 2345), got x")]
    [InlineData("status", "task name should be specified")]
    [InlineData("status a --table-stage x", "stage should be either `running` or `stopped`")]
    [InlineData("show-error", "task name should be specified")]
    [InlineData("show-error a --error resolved", "error flag should be either `all`, `ignored`, or `unprocessed`")]
    [InlineData("ignore-error", "task name should be specified")]
    [InlineData("ignore-error a", "either `--all` or `error-id` should be set")]
    [InlineData("resolve-error a 1 --all", "either `--all` or `error-id` should be set")]
    [InlineData("clear-error a x", "`error-id` should be integer when `--all` is not set")]
    [InlineData("clear-error a 1 2", "too many arguments are specified")]
    public async Task Validation_refuses(string line, string error)
    {
        (await Master.RunAsync(["validation", .. line.Split(' ')])).AssertFailed(error);
        Assert.Empty(Master.Asked);
    }

    private static OperateSchemaRequest Schema(SchemaOp op, params string[] sources) => new() { Op = op, Task = "shop", Sources = { sources }, Database = "d", Table = "t" };
}
