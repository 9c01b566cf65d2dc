using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Tests.Control;

public sealed class TaskCommandTests : MasterTest
{
    private const string Text = "name: shop\ntask-mode: all\n";

    [Fact]
    public async Task Start_task_sends_the_file_as_it_is()
    {
        var file = Files.Write("task.yaml", Text);
        var result = await Master.RunAsync("start-task", "-s", "a,b", file, "--source=c", "--remove-meta", "--start-time", "2026-01-31 00:00:00");
        Assert.Equal(new StartTaskRequest { Task = Text, Sources = { "a", "b", "c" }, RemoveMeta = true, StartTime = "2026-01-31 00:00:00" }, Master.Only<StartTaskRequest>());
        result.AssertPrinted("{\n    \"result\": true,\n    \"msg\": \"\",\n    \"sources\": [\n    ],\n    \"checkResult\": \"\"\n}");
    }

    [Fact]
    public async Task An_answer_that_says_no_is_an_answer()
    {
        Master.Answer(MasterMethods.StartTask, new StartTaskResponse
        {
            Msg = "[code=38007], Message: a <task> \"shop\" exists",
            Sources = { new CommonWorkerResponse { Msg = "x", Source = "mysql-01", Worker = "worker1" } },
        });
        var result = await Master.RunAsync("start-task", Files.Write("task.yaml", Text));
        result.AssertPrinted("""
            {
                "result": false,
                "msg": "[code=38007], Message: a \u003ctask\u003e \"shop\" exists",
                "sources": [
                    {
                        "result": false,
                        "msg": "x",
                        "source": "mysql-01",
                        "worker": "worker1"
                    }
                ],
                "checkResult": ""
            }
            """);
    }

    [Fact]
    public async Task A_report_of_checks_is_shown_as_it_is()
    {
        const string Report = "fail to check synchronization configuration with type: no errors but some warnings\n detail: {\n\t\"results\": []\n}";
        Master.Answer(MasterMethods.StartTask, new StartTaskResponse { Result = true, CheckResult = Report });
        Master.Answer(MasterMethods.CheckTask, new CheckTaskResponse { Msg = Report });
        var file = Files.Write("task.yaml", Text);
        (await Master.RunAsync("start-task", file)).AssertPrinted(
            "{\n    \"result\": true,\n    \"msg\": \"\",\n    \"sources\": [\n    ],\n    \"checkResult\": \"fail to check synchronization configuration with type: no errors but some warnings\n    \tdetail: {\n\t\"results\": []\n}\"\n}");
        (await Master.RunAsync("check-task", file)).AssertPrinted(
            "{\n    \"result\": false,\n    \"msg\": \"fail to check synchronization configuration with type: no errors but some warnings\n    \tdetail: {\n\t\"results\": []\n}\"\n}");
    }

    [Fact]
    public async Task Check_task_shows_ten_of_each_unless_told()
    {
        var file = Files.Write("task.yaml", Text);
        await Master.RunAsync("check-task", file);
        await Master.RunAsync("check-task", file, "-e", "100", "--warn=0", "--start-time", "2026-01-31T00:00:00");
        Assert.Equal(
            [new CheckTaskRequest { Task = Text, ErrCnt = 10, WarnCnt = 10 }, new CheckTaskRequest { Task = Text, ErrCnt = 100, StartTime = "2026-01-31T00:00:00" }],
            Master.Asked.Select(asked => asked.Request));
    }

    [Theory]
    [InlineData("start-task", "start-task [-s source ...] [--remove-meta] <config-file>")]
    [InlineData("start-task a b", "start-task [-s source ...] [--remove-meta] <config-file>")]
    [InlineData("check-task", "check-task <config-file> [--error count] [--warn count]")]
    [InlineData("stop-task a b", "stop-task [-s source ...] [task-name | task-file]")]
    [InlineData("stop-task", "stop-task [-s source ...] [task-name | task-file]")]
    [InlineData("pause-task -s a -s b", "pause-task [-s source ...] [task-name | task-file]")]
    [InlineData("resume-task -s a,b", "resume-task [-s source ...] [task-name | task-file]")]
    [InlineData("query-status a b", "query-status [-s source ...] [task-name | task-file] [--more]")]
    public async Task Wrong_operands_show_the_usage(string arguments, string use)
    {
        (await Master.RunAsync(arguments.Split(' '))).AssertUsage(use);
        Assert.Empty(Master.Asked);
    }

    [Theory]
    [InlineData("start-task")]
    [InlineData("check-task")]
    public async Task A_missing_file_is_told(string command)
    {
        var result = await Master.RunAsync(command, Files.Path("none.yaml"));
        Assert.StartsWith("Error: error in get file content: ", result.Errors, StringComparison.Ordinal);
        Assert.Equal(1, result.Code);
    }

    [Theory]
    [InlineData("is-sharding: false\nshard-mode: optimistic\n")]
    [InlineData("is-sharding: true\nshard-mode: \"\"\n")]
    public async Task Two_ways_of_sharding_that_differ_are_refused(string sharding)
    {
        var file = Files.Write("task.yaml", Text + sharding);
        (await Master.RunAsync("start-task", file)).AssertRefused("The behaviour of `is-sharding` and `shard-mode` is conflicting. `is-sharding` is deprecated, please use `shard-mode` only.");
        (await Master.RunAsync("check-task", file)).AssertRefused("is conflicting");
        Assert.Empty(Master.Asked);
    }

    [Fact]
    public async Task A_file_that_is_no_yaml_is_refused_with_its_place()
    {
        var result = await Master.RunAsync("start-task", Files.Write("task.yaml", "name: shop\n  : [\n"));
        Assert.Contains("task.yaml:2:", result.Errors, StringComparison.Ordinal);
        Assert.Equal(1, result.Code);
        Assert.Empty(Master.Asked);
    }

    [Fact]
    public async Task Certificates_of_the_target_go_into_the_text()
    {
        var certificate = Files.Write("ca.pem", "PEM");
        var file = Files.Write("task.yaml", $"name: shop\ntarget-database:\n  host: x\n  security:\n    ssl-ca: {certificate}\n    ssl-cert: /nowhere/cert.pem # kept\n");
        var result = await Master.RunAsync("start-task", file);
        Assert.Equal(
            $"name: shop\ntarget-database:\n  host: x\n  security:\n    ssl-ca-base64: \"UEVN\"\n    ssl-ca: {certificate}\n    ssl-cert: /nowhere/cert.pem # kept\n",
            Master.Only<StartTaskRequest>().Task);
        Assert.Contains("ssl-cert '/nowhere/cert.pem' can't be read here", result.Errors, StringComparison.Ordinal);
        Assert.Equal(0, result.Code);
    }

    [Theory]
    [InlineData("stop-task", TaskOp.Delete)]
    [InlineData("pause-task", TaskOp.Pause)]
    [InlineData("resume-task", TaskOp.Resume)]
    public async Task A_task_is_named_or_its_file(string command, TaskOp op)
    {
        Master.Answer(MasterMethods.OperateTask, request => new OperateTaskResponse { Op = request.Op, Result = true });
        var result = await Master.RunAsync(command, "shop", "-s", "a");
        result.AssertPrinted($"{{\n    \"op\": \"{op}\",\n    \"result\": true,\n    \"msg\": \"\",\n    \"sources\": [\n    ]\n}}");
        await Master.RunAsync(command, Files.Write("other.yaml", Text));
        await Master.RunAsync(command, "no-file.yaml");
        Assert.Equal(
            [
                new OperateTaskRequest { Op = op, Name = "shop", Sources = { "a" } },
                new OperateTaskRequest { Op = op, Name = "shop" },
                new OperateTaskRequest { Op = op, Name = "no-file.yaml" },
            ],
            Master.Asked.Select(asked => asked.Request));
    }

    [Fact]
    public async Task All_tasks_of_a_source_one_after_the_other()
    {
        Master.Answer(MasterMethods.QueryStatus, new QueryStatusListResponse
        {
            Result = true,
            Sources = { new QueryStatusResponse { Result = true, SubTaskStatus = { new SubTaskStatus { Name = "b" }, new SubTaskStatus { Name = "a" } } } },
        });
        Master.Answer(MasterMethods.OperateTask, request => request.Name == "a"
            ? new OperateTaskResponse { Result = true, Sources = { new CommonWorkerResponse { Result = true, Source = "s", Worker = "w" } } }
            : new OperateTaskResponse { Msg = "no & no" });
        (await Master.RunAsync("stop-task", "-s", "s", "--batch-size", "1")).AssertPrinted("""
            {
                "result": true,
                "msg": "",
                "tasks": [
                    {
                        "task": "a",
                        "op": "Delete",
                        "result": true,
                        "msg": "",
                        "sources": [
                            {
                                "result": true,
                                "source": "s",
                                "worker": "w"
                            }
                        ]
                    },
                    {
                        "task": "b",
                        "op": "Delete",
                        "result": false,
                        "msg": "no \u0026 no",
                        "sources": null
                    }
                ]
            }
            """);
        Assert.Equal([new QueryStatusListRequest { Sources = { "s" } }, Operate("b"), Operate("a")], Master.Asked.Select(asked => asked.Request));

        static OperateTaskRequest Operate(string name) => new() { Op = TaskOp.Delete, Name = name, Sources = { "s" } };
    }

    [Fact]
    public async Task All_tasks_of_a_source_that_nobody_knows()
    {
        Master.Answer(MasterMethods.QueryStatus, new QueryStatusListResponse { Msg = "sources [s] haven't been added" });
        (await Master.RunAsync("pause-task", "-s", "s")).AssertPrinted("{\n    \"result\": false,\n    \"msg\": \"sources [s] haven't been added\",\n    \"tasks\": []\n}");
        (await Master.RunAsync("pause-task", "-s", "s", "--batch-size", "0")).AssertRefused("--batch-size must be 1 or more");
    }
}
