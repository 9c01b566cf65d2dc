using Google.Protobuf;
using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Tests.Control;

public sealed class QueryStatusTests : MasterTest
{
    [Fact]
    public async Task The_overview_of_all_tasks()
    {
        Master.Answer(MasterMethods.QueryStatus, Status(
            ("mysql-02", new SubTaskStatus { Name = "test2", Stage = Stage.Paused }),
            ("mysql-01", new SubTaskStatus { Name = "test", Stage = Stage.Running }),
            ("mysql-02", new SubTaskStatus { Name = "test", Stage = Stage.Running })));
        (await Master.RunAsync("query-status")).AssertPrinted("""
            {
                "result": true,
                "msg": "",
                "tasks": [
                    {
                        "taskName": "test",
                        "taskStatus": "Running",
                        "sources": [
                            "mysql-01",
                            "mysql-02"
                        ]
                    },
                    {
                        "taskName": "test2",
                        "taskStatus": "Paused",
                        "sources": [
                            "mysql-02"
                        ]
                    }
                ]
            }
            """);
    }

    [Fact]
    public async Task No_task_at_all() =>
        (await Master.RunAsync("query-status")).AssertPrinted("{\n    \"result\": true,\n    \"msg\": \"\",\n    \"tasks\": []\n}");

    [Theory]
    [InlineData("New New", "New")]
    [InlineData("Finished Finished", "Finished")]
    [InlineData("Stopped", "Stopped")]
    [InlineData("New Finished", "Running")]
    [InlineData("Running Paused Running", "Paused")]
    [InlineData("Running Error Paused", "Error - Some error occurred in subtask. Please run `query-status t` to get more details.")]
    [InlineData("Running RelayPaused", "Error - Relay status is Paused. Please run `query-status t` to get more details.")]
    [InlineData("RelayStopped", "Error - Relay status is Stopped. Please run `query-status t` to get more details.")]
    [InlineData("RelayError Error", "Error - Relay status is Error. Please run `query-status t` to get more details.")]
    public async Task The_status_of_a_task_is_that_of_its_subtasks(string subtasks, string expected)
    {
        var answer = new QueryStatusListResponse { Result = true };
        foreach (var kind in subtasks.Split(' '))
            answer.Sources.Add(Subtask(kind));
        Master.Answer(MasterMethods.QueryStatus, answer);
        Assert.Contains($"\"taskStatus\": \"{expected}\"", (await Master.RunAsync("query-status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_about_a_task()
    {
        var answer = Status(
            ("mysql-01", new SubTaskStatus
            {
                Name = "test",
                Stage = Stage.Running,
                Unit = UnitType.Sync,
                Sync = new SyncStatus { TotalEvents = 12, MasterBinlog = "(bin.000001, 3234)", SyncerBinlog = "(bin.000001, 2525)", Synced = true, BinlogType = "remote", TotalRows = long.MaxValue, IoTotalBytes = ulong.MaxValue },
            }),
            ("mysql-02", new SubTaskStatus
            {
                Name = "test",
                Stage = Stage.Paused,
                Unit = UnitType.Dump,
                Result = new ProcessResult { Errors = { new ProcessError { ErrCode = 10006, ErrClass = "database", ErrScope = "downstream", ErrLevel = "high", Message = "remote => \"local\"\n" } }, Detail = ByteString.CopyFromUtf8("?") },
                Dump = new DumpStatus { TotalTables = 10, CompletedTables = 2.5, FinishedBytes = 1.5e15, FinishedRows = 3e21, EstimateTotalRows = 1e-7, Progress = "30.52 %" },
            }));
        answer.Sources[0].SourceStatus.RelayStatus = new RelayStatus { Stage = Stage.Stopped };
        Master.Answer(MasterMethods.QueryStatus, answer);
        var result = await Master.RunAsync("query-status", "test");
        Assert.Equal(new QueryStatusListRequest { Name = "test" }, Master.Only<QueryStatusListRequest>());
        result.AssertPrinted("""
            {
                "result": true,
                "msg": "",
                "sources": [
                    {
                        "result": true,
                        "msg": "",
                        "sourceStatus": {
                            "source": "mysql-01",
                            "worker": "",
                            "result": null,
                            "relayStatus": {
                                "masterBinlog": "",
                                "masterBinlogGtid": "",
                                "relaySubDir": "",
                                "relayBinlog": "",
                                "relayBinlogGtid": "",
                                "relayCatchUpMaster": false,
                                "stage": "Stopped",
                                "result": null
                            }
                        },
                        "subTaskStatus": [
                            {
                                "name": "test",
                                "stage": "Running",
                                "unit": "Sync",
                                "result": null,
                                "unresolvedDDLLockID": "",
                                "sync": {
                                    "totalEvents": "12",
                                    "totalTps": "0",
                                    "recentTps": "0",
                                    "masterBinlog": "(bin.000001, 3234)",
                                    "masterBinlogGtid": "",
                                    "syncerBinlog": "(bin.000001, 2525)",
                                    "syncerBinlogGtid": "",
                                    "blockingDDLs": [
                                    ],
                                    "unresolvedGroups": [
                                    ],
                                    "synced": true,
                                    "binlogType": "remote",
                                    "secondsBehindMaster": "0",
                                    "blockDDLOwner": "",
                                    "conflictMsg": "",
                                    "totalRows": "9223372036854775807",
                                    "totalRps": "0",
                                    "recentRps": "0",
                                    "ioTotalBytes": "18446744073709551615",
                                    "dumpIOTotalBytes": "0"
                                },
                                "validation": null
                            }
                        ]
                    },
                    {
                        "result": true,
                        "msg": "",
                        "sourceStatus": {
                            "source": "mysql-02",
                            "worker": "",
                            "result": null,
                            "relayStatus": null
                        },
                        "subTaskStatus": [
                            {
                                "name": "test",
                                "stage": "Paused",
                                "unit": "Dump",
                                "result": {
                                    "isCanceled": false,
                                    "errors": [
                                        {
                                            "ErrCode": 10006,
                                            "ErrClass": "database",
                                            "ErrScope": "downstream",
                                            "ErrLevel": "high",
                                            "Message": "remote =\u003e \"local\"\n",
                                            "RawCause": "",
                                            "Workaround": ""
                                        }
                                    ],
                                    "detail": "Pw=="
                                },
                                "unresolvedDDLLockID": "",
                                "dump": {
                                    "totalTables": "10",
                                    "completedTables": 2.5,
                                    "finishedBytes": 1500000000000000,
                                    "finishedRows": 3e+21,
                                    "estimateTotalRows": 1e-7,
                                    "bps": "0",
                                    "progress": "30.52 %"
                                },
                                "validation": null
                            }
                        ]
                    }
                ]
            }
            """);
    }

    [Theory]
    [InlineData("query-status --more")]
    [InlineData("query-status -s a")]
    [InlineData("query-status t")]
    public async Task Details_are_told_where_they_are_asked_for(string arguments)
    {
        Master.Answer(MasterMethods.QueryStatus, Status(("a", new SubTaskStatus { Name = "t" })));
        Assert.Contains("\"subTaskStatus\"", (await Master.RunAsync(arguments.Split(' '))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_not_hidden_by_the_overview()
    {
        Master.Answer(MasterMethods.QueryStatus, new QueryStatusListResponse { Result = true, Sources = { new QueryStatusResponse { Msg = "worker is gone" } } });
        var result = await Master.RunAsync("query-status");
        Assert.Contains("worker is gone", result.Output, StringComparison.Ordinal);
        Assert.Contains("\"sourceStatus\": null", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.Code);
    }

    private static QueryStatusListResponse Status(params (string Source, SubTaskStatus Subtask)[] subtasks)
    {
        var answer = new QueryStatusListResponse { Result = true };
        foreach (var (source, subtask) in subtasks)
            answer.Sources.Add(new QueryStatusResponse { Result = true, SourceStatus = new SourceStatus { Source = source }, SubTaskStatus = { subtask } });
        return answer;
    }

    private static QueryStatusResponse Subtask(string kind)
    {
        var error = new ProcessResult { Errors = { new ProcessError() } };
        var subtask = new SubTaskStatus { Name = "t", Unit = UnitType.Sync };
        var source = new SourceStatus { Source = "s" };
        if (kind.StartsWith("Relay", StringComparison.Ordinal))
        {
            subtask.Stage = Stage.Running;
            source.RelayStatus = new RelayStatus { Stage = kind == "RelayStopped" ? Stage.Stopped : Stage.Paused, Result = kind == "RelayError" ? error : null };
        }
        else
        {
            subtask.Stage = kind == "Error" ? Stage.Paused : Enum.Parse<Stage>(kind);
            subtask.Result = kind == "Error" ? error : null;
        }
        return new QueryStatusResponse { Result = true, SourceStatus = source, SubTaskStatus = { subtask } };
    }
}
