using TiFerry.Dm.Pb;

namespace TiFerry.Dm.Tests.Control;

/// <summary>Commands about sources, members and relays.</summary>
public sealed class ClusterCommandTests : MasterTest
{
    [Fact]
    public async Task Operate_source_create_and_update_send_the_files()
    {
        var (a, b) = (Files.Write("a.yaml", "source-id: a\n"), Files.Write("b.yaml", "source-id: b\nrelay-dir: ./r\n"));
        (await Master.RunAsync("operate-source", "create", a, "-w", "worker1")).AssertPrinted("{\n    \"result\": true,\n    \"msg\": \"\",\n    \"sources\": [\n    ]\n}");
        var result = await Master.RunAsync("operate-source", "update", a, b, "-w", "ignored");
        Assert.StartsWith("`relay-dir` in source config will be deprecated soon, please use `relay-dir` in worker config instead\n{", result.Output, StringComparison.Ordinal);
        AssertAsked(
            new OperateSourceRequest { Op = SourceOp.StartSource, Config = { "source-id: a\n" }, WorkerName = "worker1" },
            new OperateSourceRequest { Op = SourceOp.UpdateSource, Config = { "source-id: a\n", "source-id: b\nrelay-dir: ./r\n" } });
    }

    [Fact]
    public async Task Operate_source_stop_takes_names_and_files_show_takes_none()
    {
        var a = Files.Write("a.yaml", "source-id: a\n");
        await Master.RunAsync("operate-source", "stop", "mysql-01", a);
        await Master.RunAsync("operate-source", "stop", "-s", "mysql-02");
        await Master.RunAsync("operate-source", "show");
        await Master.RunAsync("operate-source", "show", "-s", "mysql-01");
        AssertAsked(
            new OperateSourceRequest { Op = SourceOp.StopSource, Config = { "source-id: a\n" }, SourceID = { "mysql-01" } },
            new OperateSourceRequest { Op = SourceOp.StopSource, SourceID = { "mysql-02" } },
            new OperateSourceRequest { Op = SourceOp.ShowSource },
            new OperateSourceRequest { Op = SourceOp.ShowSource, SourceID = { "mysql-01" } });
    }

    [Fact]
    public async Task Certificates_of_the_source_go_into_the_text_also_between_braces()
    {
        var (ca, key) = (Files.Write("ca.pem", "PEM"), Files.Write("key.pem", "KEY"));
        var file = Files.Write("a.yaml", $"source-id: a\nfrom: {{host: x, security: {{ssl-ca: {ca}, ssl-ca-base64: T0xE, ssl-key: {key}}}}}\n");
        await Master.RunAsync("operate-source", "create", file);
        Assert.Equal(
            $"source-id: a\nfrom: {{host: x, security: {{ssl-key-base64: \"S0VZ\", ssl-ca: {ca}, ssl-ca-base64: T0xE, ssl-key: {key}}}}}\n",
            Assert.Single(Master.Only<OperateSourceRequest>().Config));
    }

    [Fact]
    public async Task Operate_source_refuses()
    {
        var a = Files.Write("a.yaml", "source-id: a\n");
        (await Master.RunAsync("operate-source")).AssertUsage("operate-source <operate-type> [config-file ...] [-w worker] [--print-sample-config]");
        (await Master.RunAsync("operate-source", "invalid", a)).AssertRefused("invalid operate 'invalid' on worker");
        (await Master.RunAsync("operate-source", "create")).AssertRefused("operate-source create/stop should specify config-file(s)");
        (await Master.RunAsync("operate-source", "stop")).AssertRefused("operate-source create/stop should specify config-file(s)");
        (await Master.RunAsync("operate-source", "create", a, a, "-w", "worker1")).AssertRefused("operate-source create can't create multiple sources when specify worker");
        var missing = await Master.RunAsync("operate-source", "create", a, "none.yaml");
        Assert.StartsWith("Error: error in get file content: ", missing.Errors, StringComparison.Ordinal);
        Assert.Empty(Master.Asked);
    }

    [Fact]
    public async Task The_sample_of_a_source_is_a_source_file()
    {
        var result = await Master.RunAsync("operate-source", "--print-sample-config");
        Assert.Equal(0, result.Code);
        Assert.Equal("mysql-replica-01", TiFerry.Dm.Config.Sources.SourceConfig.Parse("sample", result.Output).SourceId);
    }

    [Fact]
    public async Task Transfer_source()
    {
        (await Master.RunAsync("transfer-source", "mysql-01", "worker2")).AssertPrinted("{\n    \"result\": true,\n    \"msg\": \"\"\n}");
        Assert.Equal(new TransferSourceRequest { Source = "mysql-01", Worker = "worker2" }, Master.Only<TransferSourceRequest>());
        (await Master.RunAsync("transfer-source", "mysql-01")).AssertUsage("transfer-source <source-id> <worker-id>");
    }

    [Fact]
    public async Task List_member()
    {
        Master.Answer(MasterMethods.ListMember, new ListMemberResponse
        {
            Result = true,
            Members =
            {
                new Members { Leader = new ListLeaderMember { Name = "master1", Addr = "127.0.0.1:8261" } },
                new Members { Master = new ListMasterMember { Masters = { new MasterInfo { Name = "master1", MemberID = 11007177379717700053, Alive = true, PeerURLs = { "http://127.0.0.1:8291" } } } } },
                new Members { Worker = new ListWorkerMember { Workers = { new WorkerInfo { Name = "worker1", Addr = "127.0.0.1:8262", Stage = "bound", Source = "mysql-01" } } } },
            },
        });
        (await Master.RunAsync("list-member", "-lmw", "--name", "a,b", "-n", "c")).AssertPrinted("""
            {
                "result": true,
                "msg": "",
                "members": [
                    {
                        "leader": {
                            "msg": "",
                            "name": "master1",
                            "addr": "127.0.0.1:8261"
                        }
                    },
                    {
                        "master": {
                            "msg": "",
                            "masters": [
                                {
                                    "name": "master1",
                                    "memberID": "11007177379717700053",
                                    "alive": true,
                                    "peerURLs": [
                                        "http://127.0.0.1:8291"
                                    ],
                                    "clientURLs": [
                                    ]
                                }
                            ]
                        }
                    },
                    {
                        "worker": {
                            "msg": "",
                            "workers": [
                                {
                                    "name": "worker1",
                                    "addr": "127.0.0.1:8262",
                                    "stage": "bound",
                                    "source": "mysql-01"
                                }
                            ]
                        }
                    }
                ]
            }
            """);
        Assert.Equal(new ListMemberRequest { Leader = true, Master = true, Worker = true, Names = { "a", "b", "c" } }, Master.Only<ListMemberRequest>());
        (await Master.RunAsync("list-member", "x")).AssertUsage("list-member [--leader] [--master] [--worker] [--name master-name/worker-name ...]");
    }

    [Fact]
    public async Task Offline_member_fails_where_the_master_says_no()
    {
        (await Master.RunAsync("offline-member", "--worker", "--name", "worker1")).AssertPrinted("{\n    \"result\": true,\n    \"msg\": \"\"\n}");
        Assert.Equal(new OfflineMemberRequest { Type = "worker", Name = "worker1" }, Master.Only<OfflineMemberRequest>());
        Master.Answer(MasterMethods.OfflineMember, new OfflineMemberResponse { Msg = "it is still online" });
        (await Master.RunAsync("offline-member", "-m", "-n", "master1")).AssertRefused("offline member failed:\nit is still online\n");
    }

    [Fact]
    public async Task Offline_member_refuses()
    {
        (await Master.RunAsync("offline-member", "x")).AssertUsage("offline-member <--master/--worker> <--name master-name/worker-name>");
        foreach (var flags in new[] { new[] { "-n", "a" }, ["-m", "-w", "-n", "a"] })
        {
            var result = await Master.RunAsync(["offline-member", .. flags]);
            Assert.Equal("get offline type failed\n", result.Output);
            result.AssertFailed("should specify either --master or --worker");
        }
        (await Master.RunAsync("offline-member", "--master")).AssertRefused("a member name must be specified");
        Assert.Empty(Master.Asked);
    }

    [Fact]
    public async Task Operate_leader()
    {
        await Master.RunAsync("operate-leader", "evict");
        await Master.RunAsync("operate-leader", "cancel-evict");
        AssertAsked(new OperateLeaderRequest { Op = LeaderOp.EvictLeaderOp }, new OperateLeaderRequest { Op = LeaderOp.CancelEvictLeaderOp });
        (await Master.RunAsync("operate-leader")).AssertUsage("operate-leader <operate-type>");
        (await Master.RunAsync("operate-leader", "x")).AssertRefused("invalid operate 'x' on leader");
    }

    [Fact]
    public async Task Start_and_stop_relay()
    {
        (await Master.RunAsync("start-relay", "-s", "mysql-01")).AssertPrinted("{\n    \"result\": true,\n    \"msg\": \"\",\n    \"sources\": [\n    ]\n}");
        var result = await Master.RunAsync("stop-relay", "-s", "mysql-01", "worker1", "worker2");
        Assert.StartsWith("start-relay/stop-relay with worker name will be deprecated soon.", result.Output, StringComparison.Ordinal);
        AssertAsked(
            new OperateRelayRequest { Op = RelayOpV2.StartRelayV2, Source = "mysql-01" },
            new OperateRelayRequest { Op = RelayOpV2.StopRelayV2, Source = "mysql-01", Worker = { "worker1", "worker2" } });
        (await Master.RunAsync("start-relay")).AssertUsage("start-relay <-s source-id>");
        (await Master.RunAsync("stop-relay", "worker1")).AssertRefused("must specify one source (`-s` / `--source`)");
        (await Master.RunAsync("stop-relay", "-s", "a,b")).AssertRefused("must specify one source (`-s` / `--source`)");
    }

    [Fact]
    public async Task Pause_and_resume_relay()
    {
        Master.Answer(MasterMethods.OperateWorkerRelayTask, request => new OperateWorkerRelayResponse { Op = request.Op, Result = true });
        (await Master.RunAsync("pause-relay", "-s", "a,b")).AssertPrinted("{\n    \"op\": \"PauseRelay\",\n    \"result\": true,\n    \"msg\": \"\",\n    \"sources\": [\n    ]\n}");
        await Master.RunAsync("resume-relay", "-s", "a");
        AssertAsked(new OperateWorkerRelayRequest { Op = RelayOp.PauseRelay, Sources = { "a", "b" } }, new OperateWorkerRelayRequest { Op = RelayOp.ResumeRelay, Sources = { "a" } });
        (await Master.RunAsync("pause-relay", "x")).AssertUsage("pause-relay <-s source ...>");
        (await Master.RunAsync("resume-relay")).AssertRefused("must specify at least one source (`-s` / `--source`)");
    }

    [Fact]
    public async Task Purge_relay()
    {
        var result = await Master.RunAsync("purge-relay", "-s", "a", "-f", "\"bin.000006\"");
        Assert.StartsWith("[warn] no --sub-dir specify for --filename, the latest one will be used\n{", result.Output, StringComparison.Ordinal);
        Assert.StartsWith("{", (await Master.RunAsync("purge-relay", "-s", "a", "-f", "bin.000006", "--sub-dir", "\"u.000001\"")).Output, StringComparison.Ordinal);
        AssertAsked(
            new PurgeWorkerRelayRequest { Sources = { "a" }, Filename = "bin.000006" },
            new PurgeWorkerRelayRequest { Sources = { "a" }, Filename = "bin.000006", SubDir = "u.000001" });
        (await Master.RunAsync("purge-relay", "x")).AssertUsage("purge-relay <-s source> <-f filename> [--sub-dir directory]");
        (await Master.RunAsync("purge-relay")).AssertFailed("must specify at least one source (`-s` / `--source`)");
        (await Master.RunAsync("purge-relay", "-s", "a")).AssertFailed("must specify the name of the terminal file before which to purge relay log files. (`-f` / `--filename`)");
        (await Master.RunAsync("purge-relay", "-s", "a,b", "-f", "x")).AssertFailed("for --filename, can only specify one source per time");
    }
}
